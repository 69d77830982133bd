"""How the search grows with the number of passages: `python benchmarks/passages.py` prints a table.

Random unit vectors stand for encodings and random words for texts: the time depends on their number alone. Each passage
has twelve rows: heading, text and ten questions. Times are given as ratios to 30 passages beside milliseconds, since
machines differ.
"""

from __future__ import annotations

import time

import numpy as np

from mutual.library.documents import read_library
from mutual.nlu.encoder import DIMENSIONS, Vectors
from mutual.nlu.index import Index, Rows

PASSAGES = (30, 300, 3_000, 30_000)
ROWS_A_PASSAGE = 12
COUNTER_EXAMPLES = 8_000
WORDS, WORDS_A_ROW = 20_000, 12
SEARCHES = 40
LABELS = 135
"""How many labels the second reader gives a probability."""


def _unit(rows: int, chance: np.random.Generator) -> Vectors:
    vectors = chance.standard_normal((rows, DIMENSIONS), dtype=np.float32)
    result: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return result


def _rows(count: int, chance: np.random.Generator) -> Rows:
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
    words = ["".join(word) for word in letters[chance.integers(26, size=(WORDS, 6))]]
    # Few words are frequent and most are rare, as in any language.
    picked = np.minimum(chance.zipf(1.3, size=(count, WORDS_A_ROW)), WORDS) - 1
    return Rows([" ".join(words[word] for word in row) for row in picked], _unit(count, chance))


def milliseconds(passages: int) -> float:
    """Median time of one search.

    Args:
        passages: How many passages the index has.

    Returns:
        Milliseconds.
    """
    chance = np.random.default_rng(20)
    names = [f"d/{number}" for number in range(passages) for _ in range(ROWS_A_PASSAGE)]
    index = Index.of(names, _rows(len(names), chance), _rows(COUNTER_EXAMPLES, chance))
    # The second reader names as many labels however many passages there are.
    read = {name: 1 / LABELS for name in names[: LABELS * ROWS_A_PASSAGE : ROWS_A_PASSAGE]}
    asked, times = _rows(SEARCHES, chance), []
    for text, question in zip(asked.texts, asked.vectors, strict=True):
        started = time.perf_counter()
        index.search(text, question, read, neighbours=2, kept=5)
        times.append(time.perf_counter() - started)
    return float(np.median(times)) * 1000


def main() -> None:
    """Prints the table."""
    print(f"The project's own documents have {len(read_library().passages)} passages.\n")
    print("| passages | one search | against 30 passages |\n|---|---|---|")
    first = 0.0
    for passages in PASSAGES:
        taken = milliseconds(passages)
        first = first or taken
        print(f"| {passages:,} | {taken:.1f} ms | {taken / first:.1f} |", flush=True)


if __name__ == "__main__":
    main()
