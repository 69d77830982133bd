"""The deterministic floor under the classifier: reviewed patterns that route a message whatever the classifier says.

`data/safety/patterns.yml` holds them. A pattern is either `words`, a sequence of words on spelling or lemma, or an
`event`, who does what to whom in the dependency parse. Both ignore negated matches unless told otherwise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spacy.tokens import Doc, Token

from mutual import paths
from mutual.content import read_yaml

_FORM = "\x1f"
_NEGATIONS = frozenset({"not", "n't", "never", "no", "without", "nobody", "nt", "neither", "hardly", "nothing", "none"})
_FIRST_PERSON = frozenset({"i", "me", "my", "mine", "myself", "we", "us", "our", "im", "ive"})
_OTHER_PERSON = frozenset(
    """
    he she they him her them his someone somebody guy man men woman boy girl boyfriend girlfriend bf gf
    husband wife partner ex dad father mum mom mother brother sister uncle aunt cousin stepdad stepfather
    boss manager landlord teacher coach pastor doctor nurse carer caregiver roommate flatmate friend date
    stranger family parent parents people fiance fiancé fiancée hubby missus spouse neighbour neighbor
    grandfather grandmother hubs dude bloke client pimp babysitter who
    """.split()
)


class PatternError(ValueError):
    """A pattern is written in a way the floor cannot read; the message names it."""


@dataclass(frozen=True)
class Hit:
    """A pattern that matched.

    Attributes:
        pattern: Its id.
        category: The safety category it routes to.
    """

    pattern: str
    category: str


@dataclass(frozen=True)
class _Words:
    id: str
    category: str
    expression: re.Pattern[str]
    negatable: bool
    unless: tuple[re.Pattern[str], ...]


@dataclass(frozen=True)
class _Event:
    id: str
    category: str
    verbs: frozenset[str]
    agent: str
    patient: str
    unless: tuple[re.Pattern[str], ...]


def compile_words(words: str) -> re.Pattern[str]:
    """Turns a word sequence into an expression over a message's tokens.

    Args:
        words: Slots separated by spaces. A slot is alternatives joined by "|", each a spelling or a lemma in lower
            case; "_" is any one token, "..." up to five, "?" after a slot makes it optional, "^" and "$" are the
            message's start and end.

    Returns:
        An expression for the text `token_line` makes.

    Raises:
        PatternError: The sequence is empty or a slot is malformed.
    """
    any_token = rf"[^ {_FORM}]+{_FORM}[^ {_FORM}]+ "
    parts: list[str] = []
    for slot in words.split():
        optional = "?" if slot.endswith("?") and len(slot) > 1 else ""
        slot = slot[: -len(optional)] if optional else slot
        if slot == "^":
            parts.append("^ ")
        elif slot == "$":
            parts.append("(?=$)")
        elif slot == "...":
            parts.append(f"(?:{any_token}){{0,5}}?")
        elif slot == "_":
            parts.append(f"(?:{any_token}){optional}")
        else:
            forms = slot.split("|")
            if not all(forms):
                raise PatternError(f"The slot {slot!r} has an empty alternative.")
            choice = "|".join(re.escape(form) for form in forms)
            parts.append(f"(?:(?:{choice}){_FORM}[^ ]+ |[^ {_FORM}]+{_FORM}(?:{choice}) ){optional}")
    if not parts:
        raise PatternError("The pattern has no words.")
    start = "" if parts[0] == "^ " else "(?<= )"
    return re.compile(start + "".join(parts))


def token_line(doc: Doc) -> str:
    """Spelling and lemma of each token on one line, the text that `compile_words` expressions search.

    Args:
        doc: A parsed message.

    Returns:
        " spelling<US>lemma spelling<US>lemma … " in lower case.
    """
    cells = (f"{token.lower_}{_FORM}{(token.lemma_ or token.lower_).lower()}" for token in doc if not token.is_space)
    return " " + "".join(cell.replace(" ", "") + " " for cell in cells)


def _person(token: Token) -> str:
    words = {token.lower_, token.lemma_.lower()}
    if words & _FIRST_PERSON:
        return "i"
    if words & _OTHER_PERSON or token.ent_type_ == "PERSON" or token.pos_ == "PROPN":
        return "other"
    return "thing"


def _negated(verb: Token) -> bool:
    if any(child.dep_ == "neg" or child.lower_ in _NEGATIONS for child in verb.children):
        return True
    subject = next((child for child in verb.children if child.dep_ in ("nsubj", "nsubjpass")), None)
    return subject is not None and subject.lower_ in _NEGATIONS


def events(doc: Doc) -> list[tuple[str, str, str, bool]]:
    """Who does what to whom.

    Args:
        doc: A parsed message.

    Returns:
        For each verb: (agent, verb lemma, patient, negated), agent and patient being "i", "other", "thing" or "".
    """
    found: list[tuple[str, str, str, bool]] = []
    for verb in doc:
        if verb.pos_ not in ("VERB", "AUX"):
            continue
        agent, patient = "", ""
        for child in verb.children:
            if child.dep_ == "nsubj":
                agent = _person(child)
            elif child.dep_ in ("dobj", "dative", "obj", "nsubjpass"):
                patient = _person(child)
            elif child.dep_ == "ccomp" and not patient:
                # "he made me do it": the patient is the subject of what follows.
                patient = next((_person(inner) for inner in child.children if inner.dep_ == "nsubj"), "")
            elif child.dep_ == "agent":
                agent = next((_person(inner) for inner in child.children if inner.dep_ == "pobj"), "other")
        if any(child.dep_ == "nsubjpass" for child in verb.children) and not agent:
            agent = "other"
        if not agent and verb.dep_ in ("conj", "xcomp"):
            agent = next((_person(child) for child in verb.head.children if child.dep_ == "nsubj"), "")
        found.append((agent, verb.lemma_.lower(), patient, _negated(verb)))
    return found


class Floor:
    """All patterns, ready to search a message."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        """Compiles the patterns.

        Args:
            rows: The `patterns` of the YAML file.

        Raises:
            PatternError: A row is malformed; the message names it.
        """
        self._words: list[_Words] = []
        self._events: list[_Event] = []
        seen: set[str] = set()
        for row in rows:
            name = str(row.get("id", "?"))
            if name in seen:
                raise PatternError(f"Pattern {name} stands twice.")
            seen.add(name)
            try:
                unless = tuple(compile_words(words) for words in row.get("unless", []))
                if "words" in row:
                    for words in row["words"]:
                        negatable = bool(row.get("negatable", True))
                        self._words.append(_Words(name, row["category"], compile_words(words), negatable, unless))
                else:
                    event = row["event"]
                    verbs = frozenset(event["verb"].split("|"))
                    self._events.append(_Event(name, row["category"], verbs, event["who"], event["whom"], unless))
            except (KeyError, PatternError) as error:
                raise PatternError(f"Pattern {name}: {error}") from error

    @classmethod
    def load(cls, path: Path = paths.PATTERNS) -> Floor:
        """Reads the patterns.

        Args:
            path: The YAML file.

        Returns:
            The floor.

        Raises:
            PatternError: A pattern is malformed.
        """
        return cls(read_yaml(path)["patterns"])

    def hits(self, doc: Doc) -> list[Hit]:
        """The patterns a message matches.

        Args:
            doc: The parsed message.

        Returns:
            One hit a pattern, in the file's order.
        """
        line = token_line(doc)
        found: dict[str, Hit] = {}
        for pattern in self._words:
            if pattern.id in found:
                continue
            match = pattern.expression.search(line)
            if match is None or any(veto.search(line) for veto in pattern.unless):
                continue
            before = line[: match.start()].split()[-3:]
            if pattern.negatable and any(cell.split(_FORM)[0] in _NEGATIONS for cell in before):
                continue
            found[pattern.id] = Hit(pattern.id, pattern.category)
        if self._events:
            happened = events(doc)
            for rule in self._events:
                if any(veto.search(line) for veto in rule.unless):
                    continue
                if any(
                    agent == rule.agent and verb in rule.verbs and patient == rule.patient and not negated
                    for agent, verb, patient, negated in happened
                ):
                    found.setdefault(rule.id, Hit(rule.id, rule.category))
        return list(found.values())
