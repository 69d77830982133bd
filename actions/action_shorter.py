"""Says the last answer in one sentence."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from mutual.library.documents import read_library
from mutual.replies import answers
from mutual.turn import Turn


class ActionShorter(Action):  # type: ignore[misc]  # the SDK is untyped to mypy
    """Gives the first sentence of the last passage; each is written to answer its heading by itself."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_shorter"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Says it (see rasa_sdk.Action)."""
        turn = Turn.of(tracker)
        if not turn.given:
            dispatcher.utter_message(response="utter_what_can_you_do")
            return []
        dispatcher.utter_message(**answers.shorter(read_library(), turn.given[-1]).for_dispatcher())
        return []
