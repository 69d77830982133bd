"""Shows who to talk to, after the first safety bubble."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from mutual.directory.resources import read_directory
from mutual.nlu import taxonomy
from mutual.replies.resources import safety_resources
from mutual.turn import Turn

INTRO = "You can talk to someone, at your own pace:"
INTRO_CHECK_IN = "If you ever want to talk it over with someone:"


class ActionSafetyResources(Action):  # type: ignore[misc]  # the SDK is untyped to mypy
    """Gives at most three resources for the category in the person's country, and asks for the country once."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_safety_resources"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Says it (see rasa_sdk.Action)."""
        turn, categories = Turn.of(tracker), taxonomy.load()
        found = [categories.categories[name] for name in (turn.category, turn.also) if name in categories.categories]
        # Two disclosures in one message: what each needs most comes before what either needs besides.
        needs = [need for depth in zip_longest(*(one.needs for one in found)) for need in depth if need]
        reply = safety_resources(
            read_directory(),
            categories,
            list(dict.fromkeys(needs)) or ["general_crisis"],
            turn.country,
            turn.area,
            emergency=turn.tier == "emergency",
            # The same line again only when it is asked for, or when there is no other.
            skip=turn.shown if turn.intent == "followup_something_else" else (),
            audience=turn.audience,
            intro=INTRO_CHECK_IN if turn.tier == "check_in" else INTRO,
            avoid=("couples",),
        )
        dispatcher.utter_message(**reply.for_dispatcher())
        events = [SlotSet("shown", [*turn.shown, *(card.id for card in reply.resources)])]
        if turn.country is None and not turn.country_asked:
            dispatcher.utter_message(response="utter_notice_ask_country")
            events.append(SlotSet("country_asked", True))
        return events
