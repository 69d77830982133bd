"""What an action needs to know of the turn at hand, read once from Rasa's tracker and typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rasa_sdk import Tracker

from mutual.audience import said_of_oneself
from mutual.directory.resources import MEN, TEEN
from mutual.nlu.context import INFORM_COUNTRY
from mutual.nlu.taxonomy import NO_CATEGORY
from mutual.text import plain


@dataclass(frozen=True)
class Turn:
    """A user message with what NLU made of it, and the conversation's memory.

    Attributes:
        text: The message as typed.
        intent: The intent the rules saw.
        category: Safety category the turn is handled under, "none" for an ordinary one.
        also: A second category whose need is met beside it, or "none".
        tier: Its level.
        answered: Whether the documents answer the message.
        leans: Whether it is a question about the answer just given ("why?").
        passages: Ids of the passages nearest to it, best first.
        scores: How near each of them is.
        near: Those of them near enough to be offered where none answers.
        asked: Ids of the passages that answer the single questions of a message of several, if they say more.
        country: ISO code of the country the person named, None while unknown.
        area: Part of it that has services of its own, None if not said.
        given: Ids of the passages already given, the last one last.
        shown: Ids of the resources already given.
        country_asked: Whether the country was asked for.
        missed: How many turns in a row, up to this one, the bot had no answer.
        sought: Intent of the last message before this one that did more than name a place.
        disclosed: Whether anything was disclosed in this session, this turn included.
        disclosed_before: The same without this turn.
        audience: What the person said of themselves that some services are made for.
    """

    text: str
    intent: str
    category: str
    also: str
    tier: str
    answered: bool
    leans: bool
    passages: tuple[str, ...]
    scores: tuple[float, ...]
    near: tuple[str, ...]
    asked: tuple[str, ...]
    country: str | None
    area: str | None
    given: tuple[str, ...]
    shown: tuple[str, ...]
    country_asked: bool
    missed: int
    sought: str
    disclosed: bool
    disclosed_before: bool
    audience: tuple[str, ...]

    @classmethod
    def of(cls, tracker: Tracker) -> Turn:
        """Reads the turn.

        Args:
            tracker: The tracker an action is given.

        Returns:
            The turn.
        """
        parsed: dict[str, Any] = tracker.latest_message
        triage = parsed.get("triage") or {}
        retrieval = parsed.get("retrieval") or {}
        said = _since_session_start(tracker.events)
        categories = [((event.get("parse_data") or {}).get("triage") or {}).get("category") for event in said]
        intents = [str(((event.get("parse_data") or {}).get("intent") or {}).get("name")) for event in said]
        before = intents[1:]  # newest first, the message at hand in front
        texts = [plain(str(event.get("text") or "")) for event in said]
        audience = dict.fromkeys(
            [*(need for intent, need in _AUDIENCE.items() if intent in intents), *said_of_oneself(texts)]
        )
        return cls(
            text=parsed.get("text") or "",
            intent=(parsed.get("intent") or {}).get("name") or "",
            category=triage.get("category", NO_CATEGORY),
            also=triage.get("also", NO_CATEGORY),
            tier=triage.get("tier", "none"),
            answered=bool(retrieval.get("answered")),
            leans=bool(retrieval.get("leans")),
            passages=tuple(row["id"] for row in retrieval.get("passages", ())),
            scores=tuple(float(row["score"]) for row in retrieval.get("passages", ())),
            near=tuple(retrieval.get("near", ())),
            asked=tuple(retrieval.get("asked", ())),
            country=tracker.get_slot("country") or None,
            area=tracker.get_slot("area") or None,
            given=tuple(tracker.get_slot("answered") or ()),
            shown=tuple(tracker.get_slot("shown") or ()),
            country_asked=bool(tracker.get_slot("country_asked")),
            missed=_missed(tracker.events),
            sought=next((intent for intent in before if intent != INFORM_COUNTRY), ""),
            disclosed=any(category not in (None, NO_CATEGORY) for category in categories),
            disclosed_before=any(category not in (None, NO_CATEGORY) for category in categories[1:]),
            audience=tuple(audience),
        )


_NO_ANSWER = frozenset(
    {
        "utter_not_covered",
        "utter_not_covered_far",
        "utter_not_covered_further",
        "utter_not_covered_after_disclosure",
        "utter_nonsense",
        "utter_not_covered_again",
    }
)
_AUDIENCE = {"followup_man": MEN, "followup_under_18": TEEN, "minor_user": TEEN}


def _since_session_start(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    said: list[dict[str, Any]] = []
    for event in reversed(events):
        if event.get("event") == "session_started":
            break
        if event.get("event") == "user":
            said.append(event)
    return said


def _missed(events: list[dict[str, Any]]) -> int:
    missed, said_without_answer = 0, False
    for event in reversed(events[: _last_user(events)]):
        if event.get("event") == "bot":
            said_without_answer |= (event.get("metadata") or {}).get("utter_action") in _NO_ANSWER
        elif event.get("event") == "user":
            if not said_without_answer:
                break
            missed, said_without_answer = missed + 1, False
    return missed


def _last_user(events: list[dict[str, Any]]) -> int:
    return max((index for index, event in enumerate(events) if event.get("event") == "user"), default=0)
