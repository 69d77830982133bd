"""Which sentences of a passage answer a question."""

from __future__ import annotations

import re

import numpy as np

from mutual.nlu.encoder import shared_encoder
from mutual.text import plain

LEAST_LIKENESS = 0.35
"""Cosine from which a sentence is about a follow-up; below it nothing tells which one answers ("why?")."""

CLOSE = 0.06
"""A second sentence this near to the best one is given with it."""

_SENTENCES = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9])")
_ASKS_FOR_A_NUMBER = re.compile(
    r"\bhow (?:many|common|often|likely)|\bpercent|%|\b(?:share|proportion|rate|number|figure|statistic|stat)s?\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+(?:\.\d+)? ?(?:%|percent)")


def leading(text: str, question: str) -> str:
    """A passage's text, the sentence with a percentage first if the question asks how many.

    Args:
        text: The passage.
        question: The question.

    Returns:
        The same sentences.
    """
    sentences = _SENTENCES.split(text)
    if "\n" in text or not _ASKS_FOR_A_NUMBER.search(question):
        return text
    return " ".join(sorted(sentences, key=lambda sentence: not _NUMBER.search(sentence)))


def nearest_sentences(text: str, question: str) -> str:
    """The one or two sentences of a passage nearest to a question.

    Args:
        text: The passage.
        question: The question, as typed.

    Returns:
        The sentences in their order; empty if none is near, or if the passage is a list, whose lines belong together.
    """
    if "\n" in text:
        return ""
    sentences = _SENTENCES.split(text)
    asked, *vectors = shared_encoder().encode([plain(question), *map(plain, sentences)])
    likeness = np.stack(vectors) @ asked
    best = np.argsort(-likeness)[:2]
    near = sorted(i for i in best if likeness[i] >= max(LEAST_LIKENESS, likeness[best[0]] - CLOSE))
    return " ".join(sentences[i] for i in near)
