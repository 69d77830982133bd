"""Refers to therapists: couples and sex therapists ordinarily, individual ones once fear was raised."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from mutual.replies.resources import therapists
from mutual.turn import Turn

KINDS = "finding-a-therapist/kinds"


class ActionFindTherapist(Action):  # type: ignore[misc]  # the SDK is untyped to mypy
    """Gives therapist finders of the person's country."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_find_therapist"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Says it (see rasa_sdk.Action)."""
        turn = Turn.of(tracker)
        dispatcher.utter_message(**therapists(turn).for_dispatcher())
        # Without a disclosure the sentence before the list is this passage in short; "what does it cost?" asks on.
        events = [] if turn.disclosed else [SlotSet("answered", [*turn.given, KINDS])]
        if turn.country is None and not turn.country_asked:
            dispatcher.utter_message(response="utter_notice_ask_country")
            events.append(SlotSet("country_asked", True))
        return events
