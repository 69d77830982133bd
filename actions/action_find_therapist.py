"""Refers to therapists: couples and sex therapists ordinarily, individual ones once fear was raised."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from mutual.directory.resources import read_directory
from mutual.nlu import taxonomy
from mutual.replies.resources import safety_resources
from mutual.turn import Turn

INTRO = (
    "A couples therapist works with both of you, a sex therapist with what happens in bed or doesn't, an individual "
    "therapist with you alone. A first session is mostly questions about what you hope for. You can look here:"
)
INTRO_INDIVIDUAL = (
    "Somebody for you alone, who knows about hard experiences, is a good place to begin. You can ask whether they work "
    "in a trauma-informed way. You can look here:"
)


class ActionFindTherapist(Action):  # type: ignore[misc]  # the SDK is untyped to mypy
    """Gives therapist finders of the person's country."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_find_therapist"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Says it (see rasa_sdk.Action)."""
        turn = Turn.of(tracker)
        reply = safety_resources(
            read_directory(),
            taxonomy.load(),
            ("therapy", "past_assault") if turn.disclosed else ("couples", "sex_therapy", "therapy"),
            turn.country,
            turn.area,
            emergency=False,
            audience=turn.audience,
            intro=INTRO_INDIVIDUAL if turn.disclosed else INTRO,
            kind="referral",
            # A crisis line is no therapist finder, whatever else it offers.
            avoid=("couples", "suicide_crisis") if turn.disclosed else ("suicide_crisis",),
        )
        dispatcher.utter_message(**reply.for_dispatcher())
        if turn.country is None and not turn.country_asked:
            dispatcher.utter_message(response="utter_notice_ask_country")
            return [SlotSet("country_asked", True)]
        return []
