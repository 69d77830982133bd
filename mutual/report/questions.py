"""The sealed questions: some that the documents answer, some near them that they do not; nothing learns from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mutual import paths
from mutual.assistant import Assistant, Reply
from mutual.content import read_rows
from mutual.nlu.retriever import RETRIEVAL
from mutual.report import measure
from mutual.report.asking import ask
from mutual.report.measure import Share

FOLDER = paths.ROOT / "tests" / "answers" / "sealed"


@dataclass(frozen=True)
class Question:
    """One question.

    Attributes:
        id: Its id, unique in the set.
        text: The question.
        style: How it is asked ("definition", "typo", "long", …).
        passages: Ids of the passages that answer it; none if no document does.
        before: What is asked before it in the same conversation, if it leans on that ("why?").
    """

    id: str
    text: str
    style: str
    passages: tuple[str, ...]
    before: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answered:
    """What became of a question.

    Attributes:
        question: The question.
        given: Ids of the passages given.
        best: The passage the retriever put first.
        sureness: What decides between it and "not covered".
    """

    question: Question
    given: tuple[str, ...]
    best: str
    sureness: float

    @property
    def right(self) -> bool:
        """Whether a passage that answers was given, or none where none does."""
        return bool(set(self.given) & set(self.question.passages)) if self.question.passages else not self.given


def questions(folder: Path = FOLDER) -> list[Question]:
    """Reads the sealed questions.

    Args:
        folder: Folder of JSON Lines files.

    Returns:
        All of them, in the order of files and lines.
    """
    return [
        Question(r["id"], r["text"], r["style"], tuple(r.get("passages", ())), tuple(r.get("before", ())))
        for r in read_rows(folder)
    ]


def given(reply: Reply) -> tuple[str, ...]:
    """Ids of the passages a reply gives."""
    return tuple(source.passage for said in reply.messages if said.kind == "answer" for source in said.sources)


def answered_by(assistant: Assistant, rows: Sequence[Question]) -> list[Answered]:
    """Asks the assistant every question, each in a conversation of its own, after what is asked before it.

    Args:
        assistant: The assistant.
        rows: The questions.

    Returns:
        What became of each.
    """
    said = [(f"answers-{row.id}", text) for row in rows for text in (*row.before, row.text)]
    last = dict(zip((conversation for conversation, _ in said), ask(assistant, said, "Sealed questions"), strict=True))
    replies = [last[f"answers-{row.id}"] for row in rows]
    looked_up = [reply.parse[RETRIEVAL] for reply in replies]
    return [
        Answered(row, given(reply), found["passages"][0]["id"], found["sureness"])
        for row, reply, found in zip(rows, replies, looked_up, strict=True)
    ]


def summary(found: Sequence[Answered]) -> dict[str, Share]:
    """The shares answers are judged by; of follow-ups apart.

    Args:
        found: The questions as they were answered.

    Returns:
        The shares by name.
    """
    covered, not_covered = _split([one for one in found if not one.question.before])
    further, not_further = _split([one for one in found if one.question.before])
    return {
        "covered questions given the right passage": measure.share("", covered, lambda one: one.right),
        "questions not covered that are told so": measure.share("", not_covered, lambda one: one.right),
        "follow-ups to an answer given the right passage": measure.share("", further, lambda one: one.right),
        "follow-ups not covered that are told so": measure.share("", not_further, lambda one: one.right),
    }


def curve(found: Sequence[Answered]) -> list[tuple[float, float, float]]:
    """What other thresholds would give.

    Args:
        found: The questions as they were answered.

    Returns:
        (threshold, share of covered questions given the right passage, share of the others given any), each in turn.
    """
    covered, not_covered = _split([one for one in found if not one.question.before])
    points = []
    for limit in np.unique([one.sureness for one in (*covered, *not_covered)]):
        right = sum(one.sureness >= limit and one.best in one.question.passages for one in covered)
        wrong = sum(one.sureness >= limit for one in not_covered)
        points.append((float(limit), right / len(covered), wrong / len(not_covered)))
    return points


def _split(found: Sequence[Answered]) -> tuple[list[Answered], list[Answered]]:
    return [one for one in found if one.question.passages], [one for one in found if not one.question.passages]
