"""Explains freely given permission when somebody who is unsure asks for it."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from mutual.library.documents import read_library
from mutual.replies import answers
from mutual.turn import Turn


class ActionExplainConsent(Action):  # type: ignore[misc]  # the SDK is untyped to mypy
    """Gives the passage on what consent means."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_explain_consent"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Says it (see rasa_sdk.Action)."""
        turn, library = Turn.of(tracker), read_library()
        passage = "consent-basics/meaning"
        dispatcher.utter_message(**answers.answer(library, passage).for_dispatcher())
        return [SlotSet("answered", [*turn.given, passage])]
