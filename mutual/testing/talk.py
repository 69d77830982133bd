"""Reads conversation tests: `*.chat.yml` files of what a person says and what the reply must be like."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, get_args

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from mutual.directory.places import find_code
from mutual.directory.resources import EUROPE, INTERNATIONAL
from mutual.messages import KINDS
from mutual.nlu import taxonomy
from mutual.text import plain

SUFFIX = ".chat.yml"
_LONGEST_ID = 40  # characters of a paraphrase that are shown in a test's id

Key = Literal[
    "tier", "category", "voice", "intent", "kinds", "kind", "contains", "lacks", "matches", "source", "resource",
    "resource_kind", "country", "number", "buttons", "words", "messages",
]  # fmt: skip
KEYS: tuple[Key, ...] = get_args(Key)
"""What can be expected of a reply; `mutual.testing.expect` says what each means."""

_SINGLE: frozenset[Key] = frozenset({"kind", "matches", "words", "messages"})
_COUNTS: frozenset[Key] = frozenset({"words", "messages"})
_SHOWN_KINDS = ("emergency", "directory")  # kinds of resource that belong to no need of the taxonomy

# Stable names: a mistyped one is told when the file is read, not when the talk has run.
_NAMES: dict[Key, Callable[[], tuple[str, ...]]] = {
    "tier": lambda: taxonomy.TIERS,
    "category": lambda: (taxonomy.NO_CATEGORY, *taxonomy.load().categories),
    "voice": lambda: taxonomy.VOICES,
    "kind": lambda: KINDS,
    "kinds": lambda: KINDS,
    "resource_kind": lambda: (*_SHOWN_KINDS, *sorted(set(taxonomy.load().kinds.values()))),
}


class TalkError(ValueError):
    """A conversation test is unusable; the message gives file, line and what to do."""

    def __init__(self, path: Path, line: int, problem: str) -> None:
        """Builds "file:line: problem"."""
        super().__init__(f"{path}:{line}: {problem}")


@dataclass(frozen=True)
class Expectation:
    """One thing expected of a reply.

    Attributes:
        key: Which thing.
        wanted: The values given, at least one.
        line: Line it stands on, from 1.
    """

    key: Key
    wanted: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class Turn:
    """One message and what the reply to it must be like.

    Attributes:
        user: The message; several where the talk is to run once for each wording.
        bot: What is expected of the reply; empty if any reply will do.
        line: Line it starts on, from 1.
    """

    user: tuple[str, ...]
    bot: tuple[Expectation, ...]
    line: int


@dataclass(frozen=True)
class Talk:
    """One conversation.

    Attributes:
        title: The sentence that says what it shows.
        country: ISO 3166 alpha-2 code, as if said at the start; None if not.
        xfail: Why it is known to fail; None if it is not.
        turns: Its turns in order, at least one.
        line: Line it starts on, from 1.
    """

    title: str
    country: str | None
    xfail: str | None
    turns: tuple[Turn, ...]
    line: int


def read_talks(path: Path) -> list[Talk]:
    """Reads a file of talks.

    Args:
        path: A YAML file with one talk, or several separated by `---`.

    Returns:
        The talks in order, their titles all different.

    Raises:
        TalkError: The file is no YAML, or a talk has an unknown key, a wrong value or nothing in it.
    """
    try:
        nodes = list(yaml.compose_all(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader))
    except UnicodeDecodeError as error:
        raise TalkError(path, 1, "The file is not UTF-8 text; save it as UTF-8.") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise TalkError(path, line, f"Not readable as YAML: {error.problem}.") from error
    except yaml.YAMLError as error:
        raise TalkError(path, 1, f"Not readable as YAML: {error}.") from error
    reader = _Reader(path)
    # An empty document between two "---" composes to None or to an empty scalar.
    talks = [reader.talk(node) for node in nodes if node is not None and node.value != ""]
    if not talks:
        raise TalkError(path, 1, "The file has no talk; write 'talk:' and 'turns:'.")
    first: dict[str, int] = {}
    for talk in talks:
        if talk.title in first:
            raise TalkError(path, talk.line, f"The talk of line {first[talk.title]} has the same title; change one.")
        first[talk.title] = talk.line
    return talks


def variants(talk: Talk) -> Iterator[tuple[str, Talk]]:
    """Takes a talk apart into the conversations to run.

    Args:
        talk: The talk.

    Returns:
        (test's id, talk with one wording a turn) pairs: one for each wording of the turn that has several.
    """
    varied = next((index for index, turn in enumerate(talk.turns) if len(turn.user) > 1), None)
    if varied is None:
        yield talk.title, talk
        return
    for number, wording in enumerate(talk.turns[varied].user, 1):
        one = replace(talk.turns[varied], user=(wording,))
        shown = plain(wording)[:_LONGEST_ID].strip()
        yield (
            f"{talk.title} [{number} {shown}]",
            replace(talk, turns=(*talk.turns[:varied], one, *talk.turns[varied + 1 :])),
        )


class _Reader:
    """Turns YAML nodes, which know their lines, into talks."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def talk(self, node: Node) -> Talk:
        fields = self._fields(node, ("talk", "country", "turns", "xfail"), "A talk")
        for needed in ("talk", "turns"):
            if needed not in fields:
                raise self._error(node, f"The talk has no '{needed}:'; add it.")
        title = plain(self._text(fields["talk"]))
        if not title:
            raise self._error(fields["talk"], "The talk has no title; say in a sentence what it shows.")
        turns = tuple(self._turn(turn) for turn in self._items(fields["turns"]))
        several = [turn for turn in turns if len(turn.user) > 1]
        if len(several) > 1:
            raise TalkError(
                self._path, several[1].line, "Only one turn of a talk may have several wordings; write another talk."
            )
        country = self._country(fields["country"]) if "country" in fields else None
        xfail = self._text(fields["xfail"]) if "xfail" in fields else None
        if xfail == "":
            raise self._error(fields["xfail"], "Say after 'xfail:' why the talk is known to fail, or leave it out.")
        return Talk(title, country, xfail, turns, _line(node))

    def _turn(self, node: Node) -> Turn:
        fields = self._fields(node, ("user", "bot"), "A turn")
        if "user" not in fields:
            raise self._error(node, "The turn has no 'user:'; add what the person says.")
        said = fields["user"]
        # An empty message is written "": nothing at all after 'user:' is more likely forgotten.
        user = tuple(self._text(one, empty_in_quotes=True) for one in self._one_or_more(said))
        bot = fields.get("bot")
        expected = self._fields(bot, KEYS, "An expectation") if bot is not None else {}
        return Turn(user, tuple(self._expectation(key, expected[key]) for key in KEYS if key in expected), _line(node))

    def _expectation(self, key: Key, node: Node) -> Expectation:
        if key in _SINGLE and not isinstance(node, ScalarNode):
            raise self._error(node, f"'{key}:' takes one value, not a list.")
        nodes = self._one_or_more(node)
        wanted = tuple(self._value(key, one) for one in nodes)
        return Expectation(key, wanted, _line(node))

    def _value(self, key: Key, node: Node) -> str:
        value = self._text(node)
        if not value:
            raise self._error(node, f"'{key}:' has an empty value; fill it in or leave it out.")
        names = _NAMES[key]() if key in _NAMES else None
        if names is not None and value not in names:
            raise self._error(node, f"'{key}: {value}' is not known; use one of {', '.join(names)}.")
        if key in _COUNTS and not (value.isdecimal() and int(value)):
            raise self._error(node, f"'{key}:' takes a whole number from 1, not {value!r}.")
        if key == "country" and value not in (EUROPE, INTERNATIONAL):
            return self._country(node)
        if key == "matches":
            try:
                re.compile(value)
            except re.error as error:
                raise self._error(node, f"'matches:' is no regular expression: {error}.") from error
        return value

    def _country(self, node: Node) -> str:
        code = find_code(self._text(node))
        if code is None:
            raise self._error(node, f"{node.value!r} is not a country; give two letters such as AU or GB.")
        return code

    def _text(self, node: Node, empty_in_quotes: bool = False) -> str:
        if not isinstance(node, ScalarNode):
            raise self._error(node, "Write a text here, not a list or a mapping.")
        if empty_in_quotes and node.value == "" and node.style is None:
            raise self._error(node, 'Say something here; for an empty message write "".')
        # The text as written: YAML would make a number of 000 and a truth value of the country NO.
        return str(node.value)

    def _one_or_more(self, node: Node) -> list[Node]:
        return self._items(node) if isinstance(node, SequenceNode) else [node]

    def _items(self, node: Node) -> list[Node]:
        if not isinstance(node, SequenceNode) or not node.value:
            raise self._error(node, "Write a list here, each line starting with '- '.")
        return list(node.value)

    def _fields(self, node: Node, known: tuple[str, ...], what: str) -> dict[str, Node]:
        if not isinstance(node, MappingNode):
            raise self._error(node, f"{what} is written as 'key: value' lines with {', '.join(known)}.")
        fields: dict[str, Node] = {}
        for key, value in node.value:
            if key.value not in known:
                raise self._error(key, f"'{key.value}:' is not known; {what.lower()} takes {', '.join(known)}.")
            if key.value in fields:
                raise self._error(key, f"'{key.value}:' stands twice; make it one.")
            fields[key.value] = value
        return fields

    def _error(self, node: Node, problem: str) -> TalkError:
        return TalkError(self._path, _line(node), problem)


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1
