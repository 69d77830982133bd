"""Compares a reply with what a conversation test expects of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mutual.directory.resources import Directory, read_directory
from mutual.testing.talk import Expectation, Key
from mutual.text import plain

if TYPE_CHECKING:
    from mutual.assistant import Reply  # importing it loads Rasa, which takes seconds

Wanted = tuple[str, ...]


@dataclass(frozen=True)
class Mismatch:
    """An expectation a reply does not meet.

    Attributes:
        key: Which one.
        expected: What was wanted, readable.
        actual: What was found, readable.
        line: Line of the expectation, from 1.
    """

    key: Key
    expected: str
    actual: str
    line: int


def mismatches(reply: Reply, expectations: Iterable[Expectation]) -> list[Mismatch]:
    """Compares a reply with expectations.

    Args:
        reply: The reply.
        expectations: What is expected of it.

    Returns:
        Those it does not meet, in order; empty if it meets all.
    """
    found: list[Mismatch] = []
    for expectation in expectations:
        expected, check = _CHECKS[expectation.key]
        actual = check(reply, expectation.wanted)
        if actual is not None:
            wanted = expected.format(", ".join(expectation.wanted))
            found.append(Mismatch(expectation.key, wanted, actual, expectation.line))
    return found


# Each check returns None if the reply is as wanted, and otherwise what was found instead.


def _one_of(read: Callable[[Reply], str]) -> Callable[[Reply, Wanted], str | None]:
    def check(reply: Reply, wanted: Wanted) -> str | None:
        actual = read(reply)
        return None if actual in wanted else actual

    return check


def _all_among(read: Callable[[Reply], list[str]]) -> Callable[[Reply, Wanted], str | None]:
    def check(reply: Reply, wanted: Wanted) -> str | None:
        actual = read(reply)
        return None if set(wanted) <= set(actual) else _listed(actual)

    return check


def _kinds(reply: Reply, wanted: Wanted) -> str | None:
    actual = tuple(message.kind for message in reply.messages)
    return None if actual == wanted else _listed(actual)


def _contains(reply: Reply, wanted: Wanted) -> str | None:
    absent = [text for text in wanted if not any(_readable(text) in _readable(m.text) for m in reply.messages)]
    return f"nowhere: {_listed(absent)}" if absent else None


def _lacks(reply: Reply, wanted: Wanted) -> str | None:
    present = [text for text in wanted if any(_readable(text) in _readable(m.text) for m in reply.messages)]
    return f"found: {_listed(present)}" if present else None


def _matches(reply: Reply, wanted: Wanted) -> str | None:
    text = _joined(reply)
    return None if re.search(wanted[0], text, re.IGNORECASE) else text


def _source(reply: Reply, wanted: Wanted) -> str | None:
    sources = [source for message in reply.messages if message.kind == "answer" for source in message.sources]
    named = {name for source in sources for name in (source.document, source.passage)}
    return None if named & set(wanted) else _listed([source.passage for source in sources])


def _country(reply: Reply, wanted: Wanted) -> str | None:
    shown = [resource for message in reply.messages for resource in message.resources]
    if shown and all(resource.country in wanted for resource in shown):
        return None
    return _listed([f"{resource.id} ({resource.country})" for resource in shown])


def _number(reply: Reply, wanted: Wanted) -> str | None:
    text, known = _joined(reply), _numbers(read_directory())
    problems = [f"{number} is not in the directory" for number in wanted if number not in known]
    for number in wanted:
        # 112 is not said by 1112, and 13 11 14 not by 0477 13 11 14.
        if not re.search(rf"(?<!\d)(?<!\d ){re.escape(number)}(?! ?\d)", text):
            problems.append(f"{number} is not in the text")
    return "; ".join(problems) or None


def _words(reply: Reply, wanted: Wanted) -> str | None:
    longest = max(len(message.text.split()) for message in reply.messages)
    return None if longest <= int(wanted[0]) else f"{longest} words"


def _messages(reply: Reply, wanted: Wanted) -> str | None:
    return None if len(reply.messages) == int(wanted[0]) else str(len(reply.messages))


_CHECKS: dict[Key, tuple[str, Callable[[Reply, Wanted], str | None]]] = {
    "tier": ("one of: {}", _one_of(lambda reply: reply.tier)),
    "category": ("one of: {}", _one_of(lambda reply: reply.category)),
    "voice": ("one of: {}", _one_of(lambda reply: reply.voice)),
    "intent": ("one of: {}", _one_of(lambda reply: reply.intent)),
    "kinds": ("messages of the kinds, in order: {}", _kinds),
    "kind": ("a message of the kind: {}", _all_among(lambda reply: [m.kind for m in reply.messages])),
    "contains": ("said: {}", _contains),
    "lacks": ("not said: {}", _lacks),
    "matches": ("text that matches: {}", _matches),
    "source": ("an answer from one of: {}", _source),
    "resource": (
        "all shown: {}",
        _all_among(lambda reply: [resource.id for m in reply.messages for resource in m.resources]),
    ),
    "resource_kind": (
        "resources of each kind: {}",
        _all_among(lambda reply: [resource.kind for m in reply.messages for resource in m.resources]),
    ),
    "country": ("resources, and only of: {}", _country),
    "number": ("in the text and in the directory: {}", _number),
    "buttons": (
        "buttons, among others: {}",
        _all_among(lambda reply: [button["title"] for m in reply.messages for button in m.buttons]),
    ),
    "words": ("at most {} words a message", _words),
    "messages": ("{} messages", _messages),
}


def _joined(reply: Reply) -> str:
    return "\n".join(message.text for message in reply.messages)


def _readable(text: str) -> str:
    """Text as it is compared: neither case, line breaks nor the shape of quotes matter to a reader."""
    return plain(text).casefold()


def _listed(items: Iterable[str]) -> str:
    return ", ".join(items) or "none"


def _numbers(directory: Directory) -> set[str]:
    numbers: set[str] = set()
    for country in directory.countries.values():
        numbers.update(country.emergency)
        for resource in country.resources:
            numbers.update(resource.contacts[way] for way in ("phone", "text", "whatsapp") if way in resource.contacts)
    return numbers
