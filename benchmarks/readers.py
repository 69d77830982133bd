"""What the second reader costs beside the first: `python benchmarks/readers.py` prints two tables.

Time of one reading by the number of words, and memory held once it is loaded; both as ratios to the first reader's
besides milliseconds and megabytes, since machines differ. Nobody's text is read: the words are random ones of the
vocabulary.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable

import numpy as np

from mutual.nlu.encoder import VOCABULARY, shared_encoder
from mutual.nlu.second_reader import shared_second_reader

WORDS = (5, 20, 80, 240)
READINGS = 30


def _text(words: int, chance: np.random.Generator) -> str:
    known = [word for word in VOCABULARY.read_text(encoding="utf-8").split() if word.isalpha()]
    return " ".join(chance.choice(known, words))


def _milliseconds(read: Callable[[str], object], words: int) -> float:
    chance, times = np.random.default_rng(20), []
    for _ in range(READINGS):
        text = _text(words, chance)
        started = time.perf_counter()
        read(text)
        times.append(time.perf_counter() - started)
    return float(np.median(times)) * 1000


def _megabytes_held() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Prints the tables."""
    start = _megabytes_held()
    first = shared_encoder()
    first.encode(["a word"])
    with_first = _megabytes_held()
    second = shared_second_reader()
    second.read("a word")
    with_second = _megabytes_held()
    print("| words | first reader | second reader | times as long |\n|---|---|---|---|")
    for words in WORDS:
        one, other = _milliseconds(lambda text: first.encode([text]), words), _milliseconds(second.read, words)
        print(f"| {words} | {one:.1f} ms | {other:.1f} ms | {other / one:.1f} |", flush=True)
    one, other = with_first - start, with_second - with_first
    print("\n| | first reader | second reader | times as much |\n|---|---|---|---|")
    print(f"| peak memory | {one:.0f} MB | {other:.0f} MB | {other / one:.1f} |")


if __name__ == "__main__":
    main()
