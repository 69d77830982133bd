"""Finds training messages that stand twice, and near twins that teach two different things."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

import numpy as np
from rapidfuzz import fuzz, process

from mutual.checks import training
from mutual.checks.lines import Project
from mutual.checks.problem import Problem
from mutual.checks.training import Message
from mutual.text import plain

LIKENESS = 90
"""Percent of `rapidfuzz.fuzz.token_sort_ratio` from which messages of different intents are too alike."""
MIN_WORDS = 4
"""Shorter messages are left out: two words in common make them alike."""

_CHUNK = 500


def check(project: Project) -> Iterator[Problem]:
    """Compares all training messages of the project.

    Args:
        project: The project.

    Yields:
        A problem for each message that an earlier one says already, and for each that is nearly one of another intent.
    """
    first: dict[str, Message] = {}
    for message in (message for block in training.blocks(project) for message in block.messages if message.text):
        same = first.setdefault(plain(message.text).lower(), message)
        if same is not message:
            wrong = f"The message stands in {same.file}:{same.line} too ({same.intent})"
            yield Problem(message.file, message.line, wrong, "Delete the one that fits less")
    for one, other, likeness in _near(first):
        wrong = f"The message is {likeness} % that of {one.file}:{one.line} ({one.intent}, here {other.intent})"
        yield Problem(other.file, other.line, wrong, "Rewrite or delete the one that fits less")


def _near(messages: dict[str, Message]) -> Iterator[tuple[Message, Message, int]]:
    """Pairs of different intents that are alike, each in the order of the files."""
    # With the words of each sorted beforehand, the plain ratio is the token sort ratio, many times faster.
    words = [(sorted(text.split()), message) for text, message in messages.items()]
    rows = [(" ".join(ordered), message) for ordered, message in words if len(ordered) >= MIN_WORDS]
    rows.sort(key=lambda row: len(row[0]))
    texts = [text for text, _ in rows]
    lengths = [len(text) for text in texts]
    for start in range(0, len(rows), _CHUNK):
        chunk = texts[start : start + _CHUNK]
        # Texts of which one is longer than this share of the other cannot be alike enough.
        end = bisect_right(lengths, len(chunk[-1]) * (200 - LIKENESS) / LIKENESS)
        scores = process.cdist(
            chunk, texts[start:end], scorer=fuzz.ratio, score_cutoff=LIKENESS, dtype=np.uint8, workers=-1
        )
        for row, column in np.argwhere(scores):
            one, other = rows[start + row][1], rows[start + column][1]
            if column > row and one.intent != other.intent:
                earlier, later = sorted((one, other), key=lambda message: (message.file, message.line))
                yield earlier, later, int(scores[row, column])
