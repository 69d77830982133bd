"""Shows who to talk to, after the first safety bubble."""

from __future__ import annotations

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
        category = categories.categories.get(turn.category)
        reply = safety_resources(
            read_directory(),
            categories,
            category.needs if category else ("general_crisis",),
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
