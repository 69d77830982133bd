"""Conversation test files: what they may say, how a mistake in one is told, and what a reply is checked for."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from mutual import paths
from mutual.assistant import Reply
from mutual.messages import Message, ResourceCard, Source
from mutual.model import ModelMissing
from mutual.testing import plugin
from mutual.testing.expect import mismatches
from mutual.testing.talk import Expectation, Key, TalkError, read_talks, variants

pytest_plugins = ["pytester"]

GOOD = """\
talk: Guilt gets a line
country: au
turns:
- user: [he begs, he whines]
  bot:
    tier: support
    words: 90
- user: ""
---
talk: Thanks
turns:
- user: thank you
"""

CARD = ResourceCard(
    id="au-lifeline",
    kind="suicide",
    name="Lifeline",
    country="AU",
    phone="13 11 14",
    text="0477 13 11 14",
    chat="",
    url="",
    hours="24/7",
)
REPLY = Reply(
    intent="nagging_guilt",
    confidence=0.9,
    tier="support",
    category="nagging_guilt",
    voice="self",
    messages=(
        Message("A yes is freely\ngiven.", "safety", buttons=({"title": "I'm not safe", "payload": "I'm not safe"},)),
        Message("Lifeline: call 13 11 14", "safety", resources=(CARD,)),
        Message("It is.", "answer", sources=(Source("consent-basics", "", "", "", "consent-basics/meaning"),)),
    ),
    milliseconds=1.0,
    parse={},
)


def write(folder: Path, text: str) -> Path:
    path = folder / "it.chat.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_holds_several_talks_with_their_lines(tmp_path: Path) -> None:
    guilt, thanks = read_talks(write(tmp_path, GOOD))
    assert (guilt.title, guilt.country, guilt.line) == ("Guilt gets a line", "AU", 1)
    assert guilt.turns[0].bot == (Expectation("tier", ("support",), 6), Expectation("words", ("90",), 7))
    assert guilt.turns[1].user == ("",) and not guilt.turns[1].bot
    assert (thanks.title, thanks.country, thanks.line) == ("Thanks", None, 10)


def test_a_turn_with_several_wordings_becomes_a_conversation_for_each(tmp_path: Path) -> None:
    guilt, thanks = read_talks(write(tmp_path, GOOD))
    runs = list(variants(guilt))
    assert [name for name, _ in runs] == ["Guilt gets a line [1 he begs]", "Guilt gets a line [2 he whines]"]
    assert [talk.turns[0].user for _, talk in runs] == [("he begs",), ("he whines",)]
    assert [name for name, _ in variants(thanks)] == ["Thanks"]


def test_values_are_read_as_they_are_written(tmp_path: Path) -> None:
    (talk,) = read_talks(
        write(tmp_path, "talk: A\ncountry: NO\nturns:\n- user: yes\n  bot: {number: 000, country: [NO, INT]}\n")
    )
    assert talk.country == "NO" and talk.turns[0].user == ("yes",)
    assert [one.wanted for one in talk.turns[0].bot] == [("NO", "INT"), ("000",)]


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        pytest.param("talk: A\nturn:\n- user: hi\n", 2, "'turn:' is not known", id="unknown key of a talk"),
        pytest.param("talk: A\nturns:\n- user: hi\n  bto: {}\n", 4, "'bto:' is not known", id="unknown key of a turn"),
        pytest.param(
            "talk: A\nturns:\n- user: hi\n  bot:\n    teir: none\n", 5, "'teir:' is not known", id="unknown expectation"
        ),
        pytest.param(
            "talk: A\nturns:\n- user: hi\n  bot:\n    tier: suport\n", 5, "use one of none, check_in", id="unknown tier"
        ),
        pytest.param(
            "talk: A\nturns:\n- user: hi\n  bot: {category: [none, guilt]}\n", 4, "guilt", id="unknown category"
        ),
        pytest.param("talk: A\nturns:\n- user: hi\n  bot: {words: few}\n", 4, "whole number", id="words no number"),
        pytest.param("talk: A\nturns:\n- user: hi\n  bot: {matches: '('}\n", 4, "regular", id="no regular expression"),
        pytest.param("talk: A\nturns:\n- user: hi\n  bot: {contains: ''}\n", 4, "empty value", id="empty expectation"),
        pytest.param("talk: A\nturns:\n- user: hi\n  bot: {words: [1, 2]}\n", 4, "one value", id="list of words"),
        pytest.param("talk: A\ntalk: B\nturns:\n- user: hi\n", 2, "stands twice", id="key twice"),
        pytest.param("talk: A\ncountry: XX\nturns:\n- user: hi\n", 2, "AU or GB", id="unknown country"),
        pytest.param("talk: A\nturns: []\n", 2, "list", id="no turns"),
        pytest.param("talk: A\n", 1, "no 'turns:'", id="turns forgotten"),
        pytest.param("talk: A\nturns:\n- bot: {tier: none}\n", 3, "no 'user:'", id="nothing said"),
        pytest.param("talk: A\nturns:\n- user:\n", 3, 'write ""', id="message forgotten"),
        pytest.param("talk: A\nxfail: ''\nturns:\n- user: hi\n", 2, "why", id="xfail without a reason"),
        pytest.param("talk: A\nturns:\n- user: [a, b]\n- user: [c, d]\n", 4, "Only one turn", id="two turns vary"),
        pytest.param(
            "talk: A\nturns:\n- user: hi\n---\ntalk: A\nturns:\n- user: yo\n", 5, "same title", id="one title"
        ),
        pytest.param("talk: [A\n", 2, "YAML", id="not YAML"),
        pytest.param("", 1, "no talk", id="empty file"),
        pytest.param("- hi\n", 1, "key: value", id="a list"),
    ],
)
def test_a_mistake_is_told_with_file_line_and_remedy(tmp_path: Path, text: str, line: int, problem: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(TalkError) as error:
        read_talks(path)
    assert str(error.value).startswith(f"{path}:{line}: ")
    assert problem in str(error.value)


MET: list[tuple[Key, tuple[str, ...]]] = [
    ("tier", ("crisis", "support")),
    ("category", ("nagging_guilt",)),
    ("voice", ("self",)),
    ("intent", ("nagging_guilt",)),
    ("kinds", ("safety", "safety", "answer")),
    ("kind", ("answer",)),
    ("contains", ("FREELY given", "Lifeline")),
    ("lacks", ("you should",)),
    ("matches", ("^a yes",)),
    ("source", ("consent-basics",)),
    ("source", ("sympathy-sex/definition", "consent-basics/meaning")),
    ("resource", ("au-lifeline",)),
    ("resource_kind", ("suicide",)),
    ("country", ("AU",)),
    ("number", ("13 11 14",)),
    ("buttons", ("I'm not safe",)),
    ("words", ("5",)),
    ("messages", ("3",)),
]
NOT_MET: list[tuple[Key, tuple[str, ...], str]] = [
    ("tier", ("none",), "support"),
    ("kinds", ("safety", "answer"), "safety, safety, answer"),
    ("kind", ("referral",), "safety, safety, answer"),
    ("contains", ("freely", "kindly"), "nowhere: kindly"),
    ("lacks", ("Freely Given",), "found: Freely Given"),
    ("matches", ("^call",), "A yes is freely"),
    ("source", ("sympathy-sex",), "consent-basics/meaning"),
    ("resource", ("au-lifeline", "au-kids"), "au-lifeline"),
    ("resource_kind", ("child",), "suicide"),
    ("country", ("GB",), "au-lifeline (AU)"),
    ("number", ("13 11",), "13 11 is not in the directory; 13 11 is not in the text"),
    ("number", ("000",), "000 is not in the text"),
    ("buttons", ("I'm safe right now",), "I'm not safe"),
    ("words", ("4",), "5 words"),
    ("messages", ("2",), "3"),
]


@pytest.mark.parametrize(("key", "wanted"), MET)
def test_a_reply_that_is_as_expected_passes(key: Key, wanted: tuple[str, ...]) -> None:
    assert mismatches(REPLY, [Expectation(key, wanted, 1)]) == []


@pytest.mark.parametrize(("key", "wanted", "actual"), NOT_MET)
def test_a_reply_that_is_not_as_expected_tells_what_it_was(key: Key, wanted: tuple[str, ...], actual: str) -> None:
    (mismatch,) = mismatches(REPLY, [Expectation(key, wanted, 7)])
    assert (mismatch.key, mismatch.line) == (key, 7)
    assert all(value in mismatch.expected for value in wanted)
    assert actual in mismatch.actual


def test_a_country_is_not_met_by_a_reply_without_resources() -> None:
    bare = replace(REPLY, messages=(Message("Hello.", "smalltalk"),))
    assert mismatches(bare, [Expectation("country", ("AU",), 1)])[0].actual == "none"


class Stub:
    """An assistant that always gives the reply above, and remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str | None]] = []

    async def say(self, conversation: str, text: str, country: str | None = None) -> Reply:
        self.told.append((text, country))
        return REPLY


@pytest.fixture
def runner(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> tuple[pytest.Pytester, Stub]:
    stub = Stub()
    monkeypatch.setattr(plugin, "the_assistant", lambda: stub)
    return pytester, stub


def test_talks_run_as_tests_and_the_country_is_said_once(runner: tuple[pytest.Pytester, Stub]) -> None:
    pytester, stub = runner
    write(pytester.path, GOOD)
    pytester.runpytest_inprocess("--collect-only", "-q").stdout.fnmatch_lines(
        ["it.chat.yml::Guilt gets a line [[]1 he begs[]]", "it.chat.yml::Thanks"]
    )
    pytester.runpytest_inprocess().assert_outcomes(passed=3)
    assert stub.told == [("he begs", "AU"), ("", None), ("he whines", "AU"), ("", None), ("thank you", None)]


def test_a_failing_talk_prints_the_conversation_and_what_was_understood(runner: tuple[pytest.Pytester, Stub]) -> None:
    pytester, stub = runner
    write(pytester.path, "talk: A\nturns:\n- user: hi\n- user: yo\n  bot:\n    tier: none\n- user: never said\n")
    result = pytester.runpytest_inprocess()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "  user  hi",
            "> user  yo",
            "> bot   (safety) A yes is freely",
            "it.chat.yml:4: the reply is not as expected:",
            "  tier (line 6)",
            "    expected one of: none",
            "    actual   support",
            "understood as:",
            "  triage    tier support, category nagging_guilt*",
        ]
    )
    assert [text for text, _ in stub.told] == ["hi", "yo"]


def test_a_talk_known_to_fail_must_fail(runner: tuple[pytest.Pytester, Stub]) -> None:
    pytester, _ = runner
    talk = "talk: {0}\nxfail: not yet\nturns:\n- user: hi\n  bot: {{tier: {1}}}\n"
    write(pytester.path, talk.format("A", "none") + "---\n" + talk.format("B", "support"))
    pytester.runpytest_inprocess().assert_outcomes(xfailed=1, failed=1)


def test_a_broken_file_is_an_error_with_its_line(runner: tuple[pytest.Pytester, Stub]) -> None:
    pytester, _ = runner
    write(pytester.path, "talk: A\nturns: none\n")
    result = pytester.runpytest_inprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*it.chat.yml:2: Write a list here*"])


def test_without_a_model_talks_are_errors_that_say_what_to_run(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> None:
        raise ModelMissing("No trained model in models. Run `mutual train`.")

    monkeypatch.setattr(plugin, "the_assistant", missing)
    write(pytester.path, GOOD)
    result = pytester.runpytest_inprocess()
    result.assert_outcomes(errors=3)
    result.stdout.fnmatch_lines(["*Run `mutual train`.*"])


def test_the_projects_own_talks_are_readable_and_told_apart() -> None:
    files = sorted(paths.CONVERSATION_TESTS.rglob("*.chat.yml"))
    titles = [talk.title for file in files for talk in read_talks(file)]
    assert len(titles) >= 45
    assert len(set(titles)) == len(titles)
    assert all(re.match(r"[A-Z]", title) for title in titles)
