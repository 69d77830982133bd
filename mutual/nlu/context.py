"""What the conversation so far means for the message at hand."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice, product
from pathlib import Path
from typing import Any

from rasa.shared.core.events import BotUttered, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from mutual import paths
from mutual.content import read_yaml
from mutual.library.documents import Passage, read_library
from mutual.nlu.language import ENGLISH
from mutual.nlu.taxonomy import NO_CATEGORY
from mutual.text import asks, plain

TRIAGE = "triage"
"""Message property and key of the parse data: what triage decided (see `mutual.nlu.decision.Decision`), and `alarm`,
the probability that the classifier alone gave to its being a disclosure."""

INFORM_COUNTRY = "inform_country"
"""Intent of saying where one is."""

LANGUAGE = "language_"
"""What the intent of a message in another language begins with."""

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
        language: Code of the language of the last message that did more than name a place.
    """

    category: str = NO_CATEGORY
    tier: str = "none"
    voice: str = "self"
    asked: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    language: str = ENGLISH

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
    in_last_bot_turn, language = True, None
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
            intent = str(event.intent.get("name"))
            if language is None and intent != INFORM_COUNTRY:
                language = intent.partition(LANGUAGE)[2] or ENGLISH
            decided = event.parse_data.get(TRIAGE) or {}
            if decided.get("category", NO_CATEGORY) != NO_CATEGORY:
                told = (decided["category"], decided["tier"], decided["voice"])
                return History(*told, tuple(asked), tuple(offered), language or ENGLISH)
    return History(asked=tuple(asked), offered=tuple(offered), language=language or ENGLISH)


_FRAGMENT_WORDS, _ASKING_BACK_WORDS, _FRAGMENTS, _TOLD_WORDS = 25, 6, 4, 60


def tells(text: str) -> bool:
    """Whether a message tells of people and asks nothing ("we never talk"): somebody may be starting a story.

    Args:
        text: The message, as typed or normalised.

    Returns:
        Whether it does.
    """
    words = {word.strip(".,!?;:\"'()").partition("'")[0] for word in text.lower().split()}
    return bool(words & _PERSONS) and not asks(text) and _REQUEST.search(text) is None


def told_in_pieces(text: str, tracker: DialogueStateTracker) -> str:
    """What somebody has told over several short messages ("we were at his" / "i fell asleep" / "woke up sore").

    Args:
        text: The message at hand, normalised.
        tracker: The conversation before it.

    Returns:
        Its last few messages that ask nothing and disclosed nothing, and this one; empty if there is nothing to join,
        or if something was disclosed already (what follows is then read by the conversation's history).
    """
    most = _ASKING_BACK_WORDS if asks(text) else _FRAGMENT_WORDS
    if not 0 < len(text.split()) <= most or history(tracker).active:
        return ""
    told: list[str] = []
    for event in islice(reversed(tracker.events), _EVENTS_READ):
        if isinstance(event, SessionStarted):
            break
        if isinstance(event, UserUttered):
            before = plain(event.text or "")
            if not before or asks(before) or len(before.split()) > _FRAGMENT_WORDS or len(told) == _FRAGMENTS:
                break
            told.append(before)
    joined = ". ".join([*reversed(told), text])
    return joined if told and len(joined.split()) <= _TOLD_WORDS else ""


_ELLIPTICAL_WORDS, _ASKING_ON_WORDS = 8, 4
_ITEM_WORDS = 10
_LEANING_WORDS = 14
_NEXT_STEP_WORDS = 5
_REQUEST = re.compile(
    r"\b(?:tell|explain|show|give|teach|help|find|get|recommend|suggest|write|read|send|remind|convince) (?:me|us)\b"
    r"|\bi(?:'d| would| want| need|'m| am)? ?(?:like|want|need|wonder|wondering|looking|curious|interested|asking)\b"
    r"|\b(?:what|how|why|where|when|who|should|can|could|do|does|is) (?:do|does|should|can|could|i|is|are|we|to)\b"
    r"|\byou\b|\b(?:right|no|innit|eh)\W*$",
    re.IGNORECASE,
)
_HOW_DO_I = frozenset(product(("how", "where", "when"), ("do", "can", "should", "would"), ("i", "we")))
_OTHERS = frozenset("he he's him his she she's her hers someone somebody guy man woman boy girl".split())
_POINTING = frozenset("it its it's that that's this they they're them their those these one ones either both".split())
_ASKING = frozenset("why how and like such or but is are does do can could would what when which for example".split())
_PERSONS = frozenset(
    """
    i i'm im i've ive i'd i'll me my mine myself we we're our us he he's him his she she's her hers someone somebody you
    """.split()
)


_ORDINALS = {
    word: number
    for number, words in enumerate(
        "first 1st one 1|second 2nd two 2|third 3rd three 3|fourth 4th four 4|fifth 5th five 5|sixth 6th six 6"
        "|seventh 7th seven 7|eighth 8th eight 8|ninth 9th nine 9|tenth 10th ten 10".split("|"),
        1,
    )
    for word in words.split()
}
_ITEM = re.compile(
    r"\b(?P<th>first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|\d{1,2}(?:st|nd|rd|th))"
    r"(?: (?:one|strategy|point|tip|step|way|idea|thing)\b|(?=\W*$))"
    r"|(?:\b(?:number|no\.?|strategy|point|tip)|#) ?(?P<n>\w+)",
    re.IGNORECASE,
)


def completed(text: str, tracker: DialogueStateTracker) -> str:
    """Completes a question that leans on an answer: "why?", "is that common?", "how do I do the third one?".

    Only what names no person is completed: "he did that to me" tells something new, whatever came before it.

    Args:
        text: The message, normalised.
        tracker: The conversation before it.

    Returns:
        The question behind the answer just given followed by the message, or the question of the list item it asks
        about; the message alone if it stands by itself.
    """
    words = [word.strip(".,!?;:\"'()") for word in text.lower().split()]
    item = _item(words, text, tracker)
    if item is not None:
        return item
    if not 0 < len(words) <= _ELLIPTICAL_WORDS or (_PERSONS & set(words) and not _next_step(words, tracker)):
        return text
    if words[0] not in _ASKING and not text.endswith("?"):
        return text
    if not _POINTING & set(words) and len(words) > _ASKING_ON_WORDS:
        return text
    answer = _just_answered(tracker)
    return f"{answer.heading} {text}" if answer else text


def _next_step(words: list[str], tracker: DialogueStateTracker) -> bool:
    """Whether somebody who disclosed nothing asks how to go about what was just answered ("how do I choose?")."""
    how = tuple(words[:3]) in _HOW_DO_I and len(words) <= _NEXT_STEP_WORDS and not _PERSONS & set(words[3:])
    return how and not history(tracker).active


def leaned_on(text: str, tracker: DialogueStateTracker) -> Passage | None:
    """The passage that a short message may ask more about: the one just given, unless something was disclosed.

    Wider than `completed`, since it only decides which passage answers: nobody's disclosure is read through it.

    Args:
        text: The message, normalised.
        tracker: The conversation before it.

    Returns:
        The passage; None if the message is long or stands alone.
    """
    if not 0 < len(text.split()) <= _LEANING_WORDS or history(tracker).active:
        return None
    return _just_answered(tracker)


def _just_answered(tracker: DialogueStateTracker) -> Passage | None:
    for event in islice(reversed(tracker.events), _EVENTS_READ):
        if isinstance(event, UserUttered):
            return None
        if isinstance(event, SlotSet) and event.key == "answered" and event.value:
            return read_library().passages.get(event.value[-1])
    return None


def _item(words: list[str], text: str, tracker: DialogueStateTracker) -> str | None:
    """The question of the list item that a message asks about ("how do I do the third one?"), if it does."""
    passages = read_library().passages
    given = [passages[id_] for id_ in tracker.get_slot("answered") or () if id_ in passages]
    listed = next((passage for passage in reversed(given) if passage.parts), None)
    found = _ITEM.search(text) if listed and len(words) <= _ITEM_WORDS and not _OTHERS & set(words) else None
    if listed is None or found is None:
        return None
    said = str(found["th"] or found["n"]).lower()
    number = len(listed.parts) if said == "last" else _ORDINALS.get(said, int(said) if said.isdigit() else 0)
    if number > len(listed.parts):
        # "Number nine" of eight: the list itself says how many there are.
        return listed.heading
    return passages[listed.parts[number - 1]].heading if number >= 1 else None


@dataclass(frozen=True)
class Answers:
    """How short answers to the bot's own safety questions are read (`data/safety/answers.yml`).

    Attributes:
        said: Intent by exact text in lower case, mostly titles of the bot's own buttons.
        doubt: Exact texts in lower case that say neither yes nor no ("idk").
        to: For each question (response name), the intent that "affirm", "deny" and "doubt" stand for.
        raises: Category that a follow-up intent raises the turn to.
        instead: Intents that mean another one after a disclosure ("goodbye").
        only_after: For a follow-up intent that answers one question, the categories after which that is asked.
        never: For a follow-up intent, the categories after which its reply is not given.
    """

    said: dict[str, str] = field(default_factory=dict)
    doubt: frozenset[str] = frozenset()
    to: dict[str, dict[str, str]] = field(default_factory=dict)
    raises: dict[str, str] = field(default_factory=dict)
    instead: dict[str, str] = field(default_factory=dict)
    only_after: dict[str, list[str]] = field(default_factory=dict)
    never: dict[str, list[str]] = field(default_factory=dict)


@lru_cache(maxsize=2)
def answers(path: Path = paths.SAFETY / "answers.yml") -> Answers:
    """Reads the answers file.

    Args:
        path: The YAML file.

    Returns:
        Its content.
    """
    content = read_yaml(path)
    mappings = {key: content[key] for key in ("said", "to", "raises", "instead", "only_after", "never")}
    return Answers(doubt=frozenset(content["doubt"]), **mappings)


def is_follow_up(intent: str) -> bool:
    """Whether an intent only has a meaning after a disclosure; their names say so."""
    return intent.startswith("followup_")
