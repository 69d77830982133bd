"""How triage decides: what the classifier read, the floor of patterns and the conversation so far, joined."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from spacy.tokens import Doc

from mutual.library.documents import read_library
from mutual.nlu import taxonomy
from mutual.nlu.context import LANGUAGE, History, answers, is_follow_up, tells
from mutual.nlu.encoder import Vectors, shared_encoder
from mutual.nlu.floor import Floor, Hit
from mutual.nlu.intents import ANYTHING
from mutual.nlu.language import foreign
from mutual.nlu.taxonomy import NO_CATEGORY, Taxonomy, rank
from mutual.text import asks, bare, plain

UNKNOWN_INTENT = "nonsense"
"""Intent of a message with nothing readable in it."""

FIND_THERAPIST = "find_therapist"
"""Intent of looking for a therapist; what only asks on about therapists is for the documents."""

GET_HELP = "get_help_now"
"""Intent of asking for somebody to talk to, with or without a disclosure before."""

SUPPORTER, UNNAMED = "third_party", "unsure_what_happened"
"""Category of worrying about somebody, and the one it becomes when that somebody turns out to be oneself."""

WHAT_TO_DO, DOUBT = "followup_what_to_do", "doubt"
"""Intent of asking what to do, which is also what comes of "I don't know", and its key in `data/safety/answers.yml`."""

RETRACT = "followup_retract"
"""Intent of taking a disclosure back."""

DISTRESS = "distress_general"
"""Category of asking for help without saying why."""

MINOR = "minor_user"
"""Category of a disclosure by somebody under 18."""

_NO_SPAN = (
    r"(?!\s*(?:weeks?|months?|days?|hours?|minutes?|mins?|%|percent"
    r"|years? (?:in|into|older|younger|clean|sober|married)))"
)
_AGE = re.compile(
    r"\b(?:i'?m|i am|im|age|aged)\s+(?:only |just |still |turning )?(?P<age>[89]|1\d)\b" + _NO_SPAN,
    re.IGNORECASE,
)

_ADULT_AGE = re.compile(
    r"\b(?:i'?m|i am|im|age|aged)\s+(?:only |just |nearly |almost |about |over |actually )?"
    r"(?:1[89]|[2-9]\d|eighteen|nineteen|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty)(?:[ -]?\w+)?)\b" + _NO_SPAN,
    re.IGNORECASE,
)
_SOMEBODY_ELSE = frozenset(
    """
    friend friends mate bestie sister brother daughter son cousin niece nephew colleague coworker student pupil aunt
    neighbour neighbor roommate flatmate housemate client patient classmate mum mom mother girl boy kid child children
    """.split()
)
_ITS_ME = re.compile(
    r"\b(?:it'?s|it is|it was|is|was) (?:actually |really |all )?(?:about )?(?:me|myself)\b", re.IGNORECASE
)
_JOKING = re.compile(
    r"^(?:(?:lol|lmao|haha\w*|nah|sorry)\W+)*(?:jk|j/k|(?:just |only |i'?m |i was )*(?:kidding|joking))\b",
    re.IGNORECASE,
)
_JOKE_WORDS = 8
_CORRECTION_WORDS = 14
_SEQUEL_WORDS = 6
_ABOUT_ONESELF = frozenset({"followup_man", "followup_under_18", "followup_not_safe", "followup_immigration"})
_FIRST_PERSON = frozenset(
    """
    i i'm im i've ive i'd i'll me my mine myself we we're our us
    """.split()
)
_THIRD_PERSON = frozenset(
    """
    he she they him her them his hers their it that this ex
    """.split()
)


@dataclass(frozen=True)
class Decision:
    """What triage decided about a message.

    Attributes:
        tier: Level at which the turn is handled, one of `mutual.nlu.taxonomy.TIERS`.
        category: Safety category, or "none".
        voice: "self", "other", "perpetrator" or "question".
        intent: The intent the rules see.
        score: Probability that the message must be routed, 0 to 1.
        also: A second safety category whose need the message speaks of too, or "none".
        by: What decided: "classifier", "floor:<pattern>", "answer", "follow-up", "sequel", "correction",
            "help word", "heading", "language" or "none".
    """

    tier: str
    category: str
    voice: str
    intent: str
    score: float
    by: str
    also: str = NO_CATEGORY


@dataclass(frozen=True)
class Reading:
    """What the heads made of a message: the whole and its pieces, the most alarming one first decided.

    Attributes:
        categories: Probability of each label of the category head, in the whole or its most alarming piece.
        strongest: The same, for each label in the piece where it is likeliest.
        score: Probability of any safety category, the maximum over whole and pieces.
        voices: Probability of each voice.
    """

    categories: dict[str, float]
    strongest: dict[str, float]
    score: float
    voices: dict[str, float]

    def voice(self, category: str, text: str) -> str:
        """The most likely voice that goes with a category and a text.

        Own behaviour, and nothing else, speaks as "perpetrator"; somebody who says "I" asks no general question.
        """
        if taxonomy.is_own_doing(category):
            return "perpetrator"
        unfit = {"perpetrator", "question"} if _says_i(text) else {"perpetrator"}
        fitting = {name: score for name, score in self.voices.items() if name not in unfit}
        return max(fitting, key=fitting.__getitem__)


@dataclass(frozen=True)
class Heard:
    """A message as the components before triage left it.

    Attributes:
        text: Normalised text.
        parse: Its parse.
        vector: Its encoding, shape (384,).
        ranking: The intents, likeliest first: {"name", "confidence"}.
        reading: What triage's heads made of it.
        leans: Whether it was read together with the answer just given ("what does it cost?").
    """

    text: str
    parse: Doc
    vector: Vectors
    ranking: list[dict[str, Any]]
    reading: Reading
    leans: bool = False


class Judge:
    """Decides about messages by given limits."""

    def __init__(self, limits: dict[str, Any]) -> None:
        """Reads the taxonomy and the floor.

        Args:
            limits: The thresholds (see `mutual.nlu.triage.Triage.get_default_config`).
        """
        self._limits = limits
        self._taxonomy: Taxonomy = taxonomy.load()
        self._floor = Floor.load()

    def decide(self, heard: Heard, past: History) -> Decision:
        """Decides about one message.

        Args:
            heard: The message as the components before triage left it.
            past: The conversation's safety side.

        Returns:
            The decision.
        """
        text, ranking, reading = heard.text, heard.ranking, heard.reading
        if not text:
            return Decision("none", NO_CATEGORY, "self", UNKNOWN_INTENT, 0.0, "none")
        if bare(text) in _headings():
            # The question on one of our own buttons.
            return Decision("none", NO_CATEGORY, "question", ANYTHING, 1.0, "heading")
        other = foreign(text, past.language)
        if other is not None:
            category = other.category or (past.category if past.active else NO_CATEGORY)
            tier = self._taxonomy.tier(category)
            return Decision(tier, category, "self", f"{LANGUAGE}{other.code}", 1.0, "language")
        answer = self._answer(text, heard.vector, ranking[0]["name"], past)
        if answer is not None:
            return self._follow_up(answer, past, heard, "answer")
        hits = self._floor.hits(heard.parse)
        if past.active and not hits and _JOKING.search(text) and len(text.split()) <= _JOKE_WORDS:
            return self._follow_up(RETRACT, past, heard, "answer")
        routed = self._routed(hits, heard, past)
        if past.voice == "other" and _ITS_ME.search(text) and len(text.split()) <= _CORRECTION_WORDS and not hits:
            # "It's not my mate. It's me."
            category = UNNAMED if past.category == SUPPORTER else past.category
            return Decision(past.tier, category, "self", category, reading.score, "correction")
        if routed is None and ranking[0]["name"] == GET_HELP:
            return self._follow_up(GET_HELP, past, heard, "help word")
        if past.active and (routed is None or routed.by == "classifier"):
            asked_on = self._asks_on(_fitting(ranking, text, past), text)
            if asked_on is not None:
                return self._follow_up(asked_on["name"], past, heard, "follow-up", asked_on["confidence"])
        if past.active and routed is not None and self._only_sequel(routed, heard, past):
            return Decision(past.tier, past.category, past.voice, past.category, reading.score, "sequel")
        if routed is not None:
            routed = self._of_age(_same_voice(routed, text, past), text)
            return replace(routed, also=self._also(routed.category, hits, reading))
        says_age = _ADULT_AGE.search(text) is not None and len(text.split()) <= _SEQUEL_WORDS
        if past.active and (says_age or self._continues(text, reading)):
            return Decision(
                past.tier, past.category, reading.voice(past.category, text), past.category, reading.score, "sequel"
            )
        ordinary: dict[str, Any] = next(
            (row for row in ranking if row["name"] not in self._taxonomy.categories and not is_follow_up(row["name"])),
            {"name": ANYTHING, "confidence": 0.0},
        )
        if ordinary["confidence"] < self._limits["ordinary"] or (heard.leans and ordinary["name"] == FIND_THERAPIST):
            ordinary = {**ordinary, "name": ANYTHING}
        return Decision("none", NO_CATEGORY, _ordinary_voice(text), ordinary["name"], ordinary["confidence"], "none")

    def _routed(self, hits: Sequence[Hit], heard: Heard, past: History) -> Decision | None:
        """The decision of classifier and floor, the higher tier winning; None if neither routes."""
        reading, text = heard.reading, heard.text
        found: list[Decision] = []
        for hit in hits:
            tier = self._taxonomy.tier(hit.category)
            found.append(
                Decision(
                    tier, hit.category, reading.voice(hit.category, text), hit.category, 1.0, f"floor:{hit.pattern}"
                )
            )
        by_tier = {tier: 0.0 for tier in taxonomy.TIERS}
        for label, score in reading.categories.items():
            by_tier[self._taxonomy.tier(label)] += score
        limits = self._limits
        # "I'm 15" or "is it my fault" tell nothing where nothing was told before: they have to be clearer.
        follows = is_follow_up(heard.ranking[0]["name"]) and len(text.split()) <= _SEQUEL_WORDS
        more = limits["alone"] if follows and not past.active else 0.0
        if by_tier["emergency"] >= limits["emergency"]:
            found.append(self._best(("emergency",), heard, past))
        elif by_tier["emergency"] + by_tier["crisis"] + by_tier["support"] >= limits["support"] + more:
            found.append(self._best(("emergency", "crisis", "support"), heard, past))
        elif reading.score >= limits["check_in"] + more:
            found.append(self._best(("check_in",), heard, past))
        as_intent = {
            row["name"]: row["confidence"]
            for row in heard.ranking
            if row["name"] in self._taxonomy.categories and self._taxonomy.tier(row["name"]) == "emergency"
        }
        if not found and sum(as_intent.values()) >= limits["emergency"]:
            # What the heads read as harmless and the intent classifier as danger is danger.
            category = max(as_intent, key=as_intent.__getitem__)
            voice = reading.voice(category, text)
            found.append(Decision("emergency", category, voice, category, as_intent[category], "classifier"))
        if not found:
            return None
        # Of equals the classifier knows better, but for who did it to whom and for suicide: there the patterns do.
        return max(found, key=lambda made: (rank(made.tier), _told_by_words(made), made.by == "classifier"))

    def _also(self, category: str, hits: Sequence[Hit], reading: Reading) -> str:
        """A second category with a need that the first one's resources would leave unmet."""
        met = self._taxonomy.categories[category].needs
        likely = {label: score for label, score in reading.strongest.items() if score >= self._limits["also"]}
        likely |= {hit.category: 1.0 for hit in hits}
        unmet = {
            label: (rank(self._taxonomy.tier(label)), score)
            for label, score in likely.items()
            if label in self._taxonomy.categories and self._taxonomy.categories[label].needs[0] not in met
        }
        return max(unmet, key=unmet.__getitem__) if unmet else NO_CATEGORY

    def _best(self, tiers: tuple[str, ...], heard: Heard, past: History) -> Decision:
        reading, text = heard.reading, heard.text
        candidates = {
            # What was told before is more likely gone on with than left for another matter.
            label: score + self._limits["goes_on"] * (label == past.category)
            for label, score in reading.categories.items()
            if self._taxonomy.tier(label) in tiers and not (label == MINOR and _ADULT_AGE.search(text))
        }
        category = max(candidates, key=candidates.__getitem__)
        tier, voice = self._taxonomy.tier(category), reading.voice(category, text)
        return Decision(tier, category, voice, category, reading.score, "classifier")

    def _answer(self, text: str, vector: Vectors, intent: str, past: History) -> str | None:
        """The follow-up intent that a short answer to the bot's own question stands for."""
        known, typed = answers(), bare(text)
        if past.active and typed in known.doubt:
            meant = (known.to.get(question, {}).get(DOUBT) for question in past.asked)
            return next((intent for intent in meant if intent), WHAT_TO_DO)
        said = known.said.get(typed)
        if said is not None and (past.active or said == GET_HELP):
            return said
        if past.active and intent in known.instead:
            return known.instead[intent]
        if intent in ("affirm", "deny") and len(text.split()) <= 8:
            for question in past.asked:
                if intent in known.to.get(question, {}):
                    return known.to[question][intent]
        options = [payload.lower() for payload in past.offered if payload.lower() in known.said]
        if options and len(text.split()) <= self._limits["answer_words"]:
            likeness = shared_encoder().encode(options) @ vector
            if likeness.max() >= self._limits["answer_likeness"]:
                return known.said[options[int(np.argmax(likeness))]]
        return None

    def _follow_up(self, intent: str, past: History, heard: Heard, by: str, confidence: float = 1.0) -> Decision:
        """Handles a message at the level of the disclosure it follows, or higher."""
        known = answers()
        if past.category in known.never.get(intent, ()):
            intent = past.category
        elif intent != GET_HELP and not is_follow_up(intent):
            return Decision("none", NO_CATEGORY, "self", intent, 1.0, by)
        without_disclosure = DISTRESS if intent == GET_HELP else NO_CATEGORY
        category = known.raises.get(intent, past.category if past.active else without_disclosure)
        tier = self._taxonomy.tier(category)
        if rank(past.tier) > rank(tier):
            category, tier = past.category, past.tier
        # "What should I do?" after a sister's story is a helper's question; "I'm 15" is nobody's but one's own.
        own = intent in _ABOUT_ONESELF and _says_i(heard.text)
        voice = past.voice if past.active and not own else heard.reading.voice(category, heard.text)
        return Decision(tier, category, voice, intent, max(heard.reading.score, confidence), by)

    def _asks_on(self, ranking: list[dict[str, Any]], text: str) -> dict[str, Any] | None:
        """The follow-up a message is, if the intent classifier finds that likelier than any disclosure.

        The category head never saw a follow-up, so only the intent classifier, which knows both, can tell them apart.
        """
        follow_ups = [row for row in ranking if is_follow_up(row["name"])]
        asks_on = sum(row["confidence"] for row in follow_ups)
        discloses = sum(row["confidence"] for row in ranking if row["name"] in self._taxonomy.categories)
        least = self._limits["follow_up_told" if tells(text) else "follow_up"]
        likely = bool(follow_ups) and follow_ups[0]["confidence"] >= least
        return follow_ups[0] if likely and asks_on > discloses else None

    def _continues(self, text: str, reading: Reading) -> bool:
        """Whether a message without a subject of its own goes on telling what was disclosed."""
        return reading.score >= self._limits["sequel"] and bool(_words(text) & _THIRD_PERSON)

    def _only_sequel(self, routed: Decision, heard: Heard, past: History) -> bool:
        """Whether a few words about "him" or "it" after a disclosure say too little to be one of another kind.

        What is told, not asked, after something graver may be longer: it lowers nothing.
        """
        unsure = heard.reading.categories.get(routed.category, 1.0) < self._limits["own_category"]
        goes_on = rank(routed.tier) < rank(past.tier) and not asks(heard.text)
        most = _SEQUEL_WORDS * (2 if goes_on else 1)
        short = len(heard.text.split()) <= most and bool(_words(heard.text) & _THIRD_PERSON)
        return routed.by == "classifier" and routed.tier != "emergency" and unsure and short

    def _of_age(self, routed: Decision, text: str) -> Decision:
        """Raises a disclosure by somebody who says an age under 18 to the child protection route."""
        said = _AGE.search(text)
        if said is None or int(said["age"]) >= 18 or routed.voice in ("other", "perpetrator"):
            return routed
        if rank(routed.tier) not in (rank("support"), rank("crisis")) or routed.category.startswith("suicid"):
            return routed
        return replace(routed, tier=self._taxonomy.tier(MINOR), category=MINOR, intent=MINOR)


def _fitting(ranking: list[dict[str, Any]], text: str, past: History) -> list[dict[str, Any]]:
    """The ranking without follow-ups that cannot be meant: answers to what was not asked, minors of full age."""
    only_after = answers().only_after
    unfit = {name for name, categories in only_after.items() if past.category not in categories}
    if _ADULT_AGE.search(text):
        unfit.add("followup_under_18")
    return [row for row in ranking if row["name"] not in unfit]


def _told_by_words(made: Decision) -> bool:
    by_words = taxonomy.is_own_doing(made.category) or made.category.startswith("suicid")
    return made.by != "classifier" and by_words


def _same_voice(routed: Decision, text: str, past: History) -> Decision:
    """The decision in the voice of what was told before: "he's in the shower" goes on about oneself."""
    goes_on = past.active and past.voice == "self" and routed.voice == "other"
    return replace(routed, voice="self") if goes_on and not _words(text) & _SOMEBODY_ELSE else routed


@lru_cache(maxsize=1)
def _headings() -> frozenset[str]:
    return frozenset(bare(plain(passage.heading)) for passage in read_library().passages.values())


def _ordinary_voice(text: str) -> str:
    """Voice of a message that tells nothing: of oneself, or a question about the matter."""
    return "self" if _says_i(text) else "question"


def _says_i(text: str) -> bool:
    return bool(_words(text) & _FIRST_PERSON)


def _words(text: str) -> set[str]:
    return {word.strip(".,!?'\"") for word in text.lower().split()}
