"""Confirms the country somebody named, and shows what they asked for there: helplines or therapists."""

from __future__ import annotations

from typing import Any

import pycountry
from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from mutual.directory.resources import read_directory
from mutual.nlu import taxonomy
from mutual.replies.resources import safety_resources, therapists
from mutual.turn import Turn

NOTED = "Thank you. If you ask for a helpline or a therapist, I'll show those in {name}. What would you like to know?"
NOTED_NO_FILE = (
    "Thank you. I have no checked list for {name} yet; if you ask for a helpline I'll show an international directory. "
    "What would you like to know?"
)
NO_FILE = "I have no checked list for {name} yet. This directory finds a line near you:"


class ActionConfirmCountry(Action):  # type: ignore[misc]  # the SDK is untyped to mypy
    """Says which country was understood; the slots are filled by the entities already."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_confirm_country"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Says it (see rasa_sdk.Action)."""
        turn, directory = Turn.of(tracker), read_directory()
        if turn.country is None:
            dispatcher.utter_message(response="utter_notice_ask_country")
            return [SlotSet("country_asked", True)]
        country = pycountry.countries.get(alpha_2=turn.country)
        name = getattr(country, "common_name", country.name)
        if turn.disclosed:
            last = _last_category(tracker)
            reply = safety_resources(
                directory,
                taxonomy.load(),
                taxonomy.load().categories[last].needs,
                turn.country,
                turn.area,
                emergency=taxonomy.load().tier(last) == "emergency",
                audience=turn.audience,
                intro=f"For {name}:" if directory.has(turn.country) else NO_FILE.format(name=name),
                avoid=("couples",),
            )
            dispatcher.utter_message(**reply.for_dispatcher())
            return [SlotSet("shown", [*turn.shown, *(card.id for card in reply.resources)])]
        if turn.sought == "find_therapist":
            dispatcher.utter_message(**therapists(turn).for_dispatcher())
            return []
        text = NOTED.format(name=name) if directory.has(turn.country) else NOTED_NO_FILE.format(name=name)
        dispatcher.utter_message(text=text, kind="notice")
        return []


def _last_category(tracker: Tracker) -> str:
    """Category of the last disclosure of this session."""
    for event in reversed(tracker.events):
        category = ((event.get("parse_data") or {}).get("triage") or {}).get("category", "none")
        if event.get("event") == "user" and category != "none":
            return str(category)
    raise LookupError("only called after a disclosure")
