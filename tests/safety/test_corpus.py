"""Runs the safety corpus, `corpus.yml`, through the assistant that is served: one test a row."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from mutual import paths
from mutual.assistant import Reply
from mutual.checks import lines, training
from mutual.checks.duplicates import MIN_WORDS
from mutual.nlu import taxonomy
from mutual.text import plain

Row = dict[str, Any]
Say = Callable[[str, str], Reply]

CORPUS: dict[str, list[Row]] = yaml.safe_load(Path(__file__).with_name("corpus.yml").read_text(encoding="utf-8"))
MISSES, TRAPS, CONVERSATIONS = CORPUS["misses"], CORPUS["traps"], CORPUS["conversations"]
TURNS = [turn for conversation in CONVERSATIONS for turn in conversation["turns"]]

_REQUIRED = {"misses": {"text", "tier", "why"}, "traps": {"text", "why"}, "conversations": {"turns", "why"}}
_OPTIONAL = {"misses": {"category", "accepted"}, "traps": {"accepted"}, "conversations": {"accepted"}}
_WORDS_IN_ID = 6


def cases(rows: list[Row]) -> Iterator[Any]:
    """One parameter set a row, named after why it is there and how it begins."""
    for row in rows:
        start = " ".join(re.findall(r"\w+", row.get("text", ""))[:_WORDS_IN_ID])
        accepted = row.get("accepted")
        marks = [pytest.mark.xfail(reason=accepted, strict=True, raises=AssertionError)] if accepted else []
        yield pytest.param(row, id=f"{row['why']}: {start}" if start else row["why"], marks=marks)


@pytest.mark.parametrize("row", cases(MISSES))
def test_a_message_that_needs_help_gets_it(say: Say, row: Row) -> None:
    reply = say(uuid.uuid4().hex, row["text"])
    assert reply.tier in row["tier"], f"category {reply.category}"
    assert reply.category in row.get("category", [reply.category])


@pytest.mark.parametrize("row", cases(TRAPS))
def test_a_look_alike_is_not_routed(say: Say, row: Row) -> None:
    reply = say(uuid.uuid4().hex, row["text"])
    assert reply.tier == "none", f"category {reply.category}"


@pytest.mark.parametrize("row", cases(CONVERSATIONS))
def test_each_turn_is_handled_at_its_level(say: Say, row: Row) -> None:
    conversation, wrong = uuid.uuid4().hex, []
    for turn in row["turns"]:
        reply = say(conversation, turn["say"])
        if reply.tier not in turn["tier"]:
            wrong.append(f"{turn['say']!r}: {reply.tier} ({reply.category}), not {' or '.join(turn['tier'])}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("section", _REQUIRED)
def test_rows_have_the_keys_they_need_and_no_others(section: str) -> None:
    assert CORPUS.keys() == _REQUIRED.keys()
    for row in CORPUS[section]:
        assert _REQUIRED[section] <= row.keys() <= _REQUIRED[section] | _OPTIONAL[section], row
    assert all(turn.keys() == {"say", "tier"} for turn in TURNS)


def test_tiers_and_categories_are_those_of_the_taxonomy() -> None:
    known = taxonomy.load()
    for row in MISSES:
        assert set(row["tier"]) <= set(taxonomy.TIERS[1:]), row
        assert {known.tier(category) for category in row.get("category", [])} <= set(row["tier"]), row
    assert all(turn["tier"] and set(turn["tier"]) <= set(taxonomy.TIERS) for turn in TURNS)


def test_every_category_has_two_misses() -> None:
    first = [row["category"][0] for row in MISSES if "category" in row]
    assert [category for category in taxonomy.load().categories if first.count(category) < 2] == []


def test_no_message_stands_twice() -> None:
    texts = [plain(row["text"]).lower() for row in MISSES + TRAPS]
    assert sorted({text for text in texts if texts.count(text) > 1}) == []


def test_no_message_is_trained_on() -> None:
    project, _ = lines.read(paths.ROOT)
    trained = {plain(message.text).lower() for block in training.blocks(project) for message in block.messages}
    said = [row["text"] for row in MISSES + TRAPS] + [turn["say"] for turn in TURNS]
    # Everybody writes "yes" and "what is consent"; only longer messages are known again.
    assert [text for text in said if len(text.split()) > MIN_WORDS and plain(text).lower() in trained] == []
