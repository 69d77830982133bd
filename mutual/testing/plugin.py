"""pytest plugin: collects `*.chat.yml` files and runs their talks through the assistant that is served."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mutual.model import ModelMissing, is_fresh
from mutual.testing.expect import Mismatch, mismatches
from mutual.testing.talk import SUFFIX, Talk, TalkError, Turn, read_talks, variants

if TYPE_CHECKING:
    from mutual.assistant import Assistant, Reply  # pytest loads this plugin always; Rasa only for a talk

_RANKED = 5  # intents and passages shown of a failing turn


@dataclass(frozen=True)
class Exchange:
    """A turn that was run, with the reply to it."""

    turn: Turn
    reply: Reply


class TalkFailed(AssertionError):
    """A reply was not as expected."""

    def __init__(self, exchanges: list[Exchange], found: list[Mismatch]) -> None:
        """Keeps the conversation so far, the failing turn last, and what is wrong with its reply."""
        super().__init__(f"{len(found)} expectations not met")
        self.exchanges, self.found = exchanges, found


@lru_cache(maxsize=1)
def the_assistant() -> Assistant:
    """The assistant all tests of this process share: loading its model takes long.

    Returns:
        The assistant.

    Raises:
        ModelMissing: There is no model, or it does not load.
    """
    from mutual.quiet import quiet

    quiet()
    from mutual.assistant import Assistant

    return Assistant.load()


@pytest.fixture(scope="session")
def assistant() -> Assistant:
    """The trained assistant, for tests in Python; the one the talks use."""
    return the_assistant()


async def run_talk(assistant: Assistant, talk: Talk) -> None:
    """Runs a talk as one new conversation.

    Args:
        assistant: The assistant.
        talk: The talk, with one wording a turn.

    Raises:
        TalkFailed: A reply was not as expected; the turns after it are not run.
    """
    conversation, country = uuid.uuid4().hex, talk.country
    exchanges: list[Exchange] = []
    for turn in talk.turns:
        reply = await assistant.say(conversation, turn.user[0], country)
        country = None
        exchanges.append(Exchange(turn, reply))
        found = mismatches(reply, turn.bot)
        if found:
            raise TalkFailed(exchanges, found)


class TalkFile(pytest.File):
    """A file of talks."""

    def collect(self) -> Iterator[pytest.Item]:
        """Makes one test a talk, and one a wording where a turn has several.

        Raises:
            CollectError: The file cannot be used; pytest reports it as an error with file and line.
        """
        try:
            talks = read_talks(self.path)
        except TalkError as error:
            raise self.CollectError(str(error)) from error
        for talk in talks:
            for name, variant in variants(talk):
                yield TalkItem.from_parent(self, name=name, talk=variant)


class TalkItem(pytest.Item):
    """One conversation as a test."""

    def __init__(self, *, talk: Talk, **kwargs: Any) -> None:
        """Keeps the talk; one that is known to fail must do so, else the note is out of date."""
        super().__init__(**kwargs)
        self.talk = talk
        if talk.xfail is not None:
            self.add_marker(pytest.mark.xfail(reason=talk.xfail, raises=TalkFailed, strict=True))

    def setup(self) -> None:
        """Loads the model before the first talk: a missing one is an error, not a failed talk."""
        the_assistant()

    def runtest(self) -> None:
        """Holds the conversation."""
        asyncio.run(run_talk(the_assistant(), self.talk))

    def reportinfo(self) -> tuple[Path, int, str]:
        """File, line from 0, and title."""
        return self.path, self.talk.line - 1, self.name

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Prints a conversation rather than a traceback."""
        if isinstance(excinfo.value, TalkFailed):
            return _report(self.nodeid.split("::")[0], excinfo.value)
        if isinstance(excinfo.value, ModelMissing):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> TalkFile | None:
    """Takes files of talks."""
    return TalkFile.from_parent(parent, path=file_path) if file_path.name.endswith(SUFFIX) else None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says when failing talks may only need a new model."""
    failed = [report for report in terminalreporter.getreports("failed") if SUFFIX in report.nodeid]
    if failed and not is_fresh():
        terminalreporter.write_line("The model is older than what it is made from. Run `mutual train`.", yellow=True)


def _report(file: str, failure: TalkFailed) -> str:
    """The conversation so far, what is wrong with its last reply, and what was understood."""
    *before, last = failure.exchanges
    lines: list[str] = []
    for exchange in before:
        lines += _said(exchange, " ")
    lines += _said(last, ">")
    lines += ["", f"{file}:{last.turn.line}: the reply is not as expected:"]
    for mismatch in failure.found:
        lines += [
            f"  {mismatch.key} (line {mismatch.line})",
            f"    expected {mismatch.expected}",
            f"    actual   {mismatch.actual}",
        ]
    return "\n".join([*lines, "", *_understood(last.reply)])


def _said(exchange: Exchange, mark: str) -> list[str]:
    reply = exchange.reply
    lines = [f"{mark} user  {_indented(exchange.turn.user[0])}"]
    for message in reply.messages:
        lines.append(f"{mark} bot   ({message.kind}) {_indented(message.text)}")
        if message.buttons:
            lines.append(f"{mark}       " + " ".join(f"[{button['title']}]" for button in message.buttons))
    return lines


def _indented(text: str) -> str:
    shown = text if len(text) <= 2_000 else f"{text[:900]} … {text[-900:]}"
    return shown.replace("\n", "\n        ")


def _understood(reply: Reply) -> list[str]:
    triage = reply.parse.get("triage") or {}
    intents = [f"{row['name']} {row['confidence']:.2f}" for row in reply.parse.get("intent_ranking", ())]
    retrieval = reply.parse.get("retrieval") or {}
    passages = [f"{row['id']} {row['score']:.2f}" for row in retrieval.get("passages", ())]
    far = "" if retrieval.get("answered") else " (not near enough to answer)"
    said = {entity["entity"]: entity["value"] for entity in reply.parse.get("entities", ())}
    decided = f"tier {reply.tier}, category {reply.category}, voice {reply.voice}, intent {reply.intent}"
    return [
        "understood as:",
        f"  triage    {decided}, score {triage.get('score', 0.0):.2f}, by {triage.get('by', 'nothing')}",
        f"  intents   {', '.join(intents[:_RANKED]) or 'none'}",
        f"  passages  {', '.join(passages[:_RANKED]) or 'none'}{far}",
        f"  place     {said.get('country') or 'none said'}",
    ]
