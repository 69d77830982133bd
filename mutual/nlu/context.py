"""What the conversation so far means for the message at hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

import yaml
from rasa.shared.core.events import BotUttered, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from mutual import paths
from mutual.library.documents import read_library
from mutual.nlu.taxonomy import NO_CATEGORY

TRIAGE = "triage"
"""Message property and key of the parse data: what triage decided (see `mutual.nlu.decision.Decision`), and `alarm`,
the probability that the classifier alone gave to its being a disclosure."""

_EVENTS_READ = 2_000
"""Events looked back at most, some 200 turns, so that a very long conversation costs no more than a long one."""


@dataclass(frozen=True)
class History:
    """The safety side of a conversation.

    Attributes:
        category: Category of the last routed turn of this session, "none" when there was none.
        tier: Its tier.
        voice: Its voice; what follows it is said in the same one.
        asked: Names of the responses of the bot's last turn that asked something; the person may be answering it.
        offered: Payloads of the buttons of that turn.
    """

    category: str = NO_CATEGORY
    tier: str = "none"
    voice: str = "self"
    asked: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()

    @property
    def active(self) -> bool:
        """Whether something was disclosed in this session."""
        return self.category != NO_CATEGORY


def history(tracker: DialogueStateTracker) -> History:
    """Reads a conversation back to its last disclosure.

    Args:
        tracker: The conversation before the message at hand.

    Returns:
        Its safety side.
    """
    asked: list[str] = []
    offered: list[str] = []
    in_last_bot_turn = True
    # The tracker's events are a deque: from its end, without copying a long conversation.
    recent: Iterable[Any] = islice(reversed(tracker.events), _EVENTS_READ)
    for event in recent:
        if isinstance(event, SessionStarted):
            break
        if isinstance(event, BotUttered) and in_last_bot_turn:
            if "?" in (event.text or ""):
                asked.append(str(event.metadata.get("utter_action", "")))
            offered.extend(button["payload"] for button in event.data.get("buttons") or ())
        elif isinstance(event, UserUttered):
            in_last_bot_turn = False
            decided = event.parse_data.get(TRIAGE) or {}
            if decided.get("category", NO_CATEGORY) != NO_CATEGORY:
                return History(decided["category"], decided["tier"], decided["voice"], tuple(asked), tuple(offered))
    return History(asked=tuple(asked), offered=tuple(offered))


_ELLIPTICAL_WORDS = 8
_POINTING = frozenset("it its it's that that's this they they're them their those these one ones either both".split())
_GOING_ON = frozenset("why how and like such really so or but is are does do what when for e.g example".split())
_PERSONS = frozenset(
    """
    i i'm im i've ive i'd i'll me my mine myself we we're our us he he's him his she she's her hers someone somebody you
    """.split()
)


def completed(text: str, tracker: DialogueStateTracker) -> str:
    """Completes a question that leans on the answer just given: "why?", "and for women?", "is that common?".

    Only what names no person is completed: "he did that to me" tells something new, whatever came before it.

    Args:
        text: The message, normalised.
        tracker: The conversation before it.

    Returns:
        The question behind that answer followed by the message; the message alone if it stands by itself.
    """
    words = [word.strip(".,!?;:\"'()") for word in text.lower().split()]
    if not 0 < len(words) <= _ELLIPTICAL_WORDS or _PERSONS & set(words):
        return text
    if not _POINTING & set(words) and not (words[0] in _GOING_ON and len(words) <= 4):
        return text
    for event in islice(reversed(tracker.events), _EVENTS_READ):
        if isinstance(event, UserUttered):
            break
        if isinstance(event, SlotSet) and event.key == "answered" and event.value:
            passage = read_library().passages.get(event.value[-1])
            return f"{passage.heading} {text}" if passage else text
    return text


@dataclass(frozen=True)
class Answers:
    """How short answers to the bot's own safety questions are read (`data/safety/answers.yml`).

    Attributes:
        said: Intent by exact text in lower case, mostly titles of the bot's own buttons.
        to: For each question (response name), the intent that "affirm" and "deny" stand for.
        raises: Category that a follow-up intent raises the turn to.
        instead: Intents that mean another one after a disclosure ("goodbye").
        never: For a follow-up intent, the categories after which its reply is not given.
    """

    said: dict[str, str] = field(default_factory=dict)
    to: dict[str, dict[str, str]] = field(default_factory=dict)
    raises: dict[str, str] = field(default_factory=dict)
    instead: dict[str, str] = field(default_factory=dict)
    never: dict[str, list[str]] = field(default_factory=dict)


@lru_cache(maxsize=2)
def answers(path: Path = paths.SAFETY / "answers.yml") -> Answers:
    """Reads the answers file.

    Args:
        path: The YAML file.

    Returns:
        Its content.
    """
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Answers(content["said"], content["to"], content["raises"], content["instead"], content["never"])


def is_follow_up(intent: str) -> bool:
    """Whether an intent only has a meaning after a disclosure; their names say so."""
    return intent.startswith("followup_")
