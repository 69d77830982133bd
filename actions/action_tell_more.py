"""Goes on with the passage after the last one."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from mutual.library.documents import read_library
from mutual.replies import answers
from mutual.turn import Turn


class ActionTellMore(Action):  # type: ignore[misc]  # the SDK is untyped to mypy
    """Gives the next passage of the document that was not given yet."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_tell_more"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Says it (see rasa_sdk.Action)."""
        turn, library = Turn.of(tracker), read_library()
        if not turn.given:
            dispatcher.utter_message(response="utter_what_can_you_do")
            return []
        own = list(library.document_of(turn.given[-1]).passages)
        ahead = [*own[own.index(turn.given[-1]) + 1 :], *own]
        following = next((id_ for id_ in ahead if id_ not in turn.given), None)
        if following is None:
            dispatcher.utter_message(response="utter_what_can_you_do")
            return []
        buttons = answers.next_questions(library, following, (), turn.given, disclosed=turn.disclosed)
        dispatcher.utter_message(**answers.answer(library, following, buttons).for_dispatcher())
        return [SlotSet("answered", [*turn.given, following])]
