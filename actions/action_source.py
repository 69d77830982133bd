"""Says where the last answer came from and who stands behind it."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from mutual.library.documents import read_library
from mutual.replies import answers
from mutual.turn import Turn


class ActionSource(Action):  # type: ignore[misc]  # the SDK is untyped to mypy
    """Names title, author, publisher, date, address and the publisher's interest."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_source"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Says it (see rasa_sdk.Action)."""
        turn, library = Turn.of(tracker), read_library()
        if not turn.given:
            dispatcher.utter_message(response="utter_who_are_you")
            return []
        last = turn.given[-1]
        dispatcher.utter_message(**answers.provenance(library.document_of(last), last).for_dispatcher())
        return []
