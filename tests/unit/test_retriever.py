"""The index ranks passages by their nearest rows and their words, and knows what no document answers."""

from collections.abc import Mapping

import numpy as np

from mutual.nlu.index import Index, Match, Rows
from mutual.nlu.lexical import Lexical

VECTORS = np.eye(6, dtype=np.float32)
TEXTS = ("warm tea", "cold soup", "hot tea", "iced soup", "blue bicycle", "red bicycle")


def rows(start: int, end: int) -> Rows:
    return Rows(TEXTS[start:end], VECTORS[start:end])


def search(vector: list[float], text: str, neighbours: int = 2, kept: int = 5, read: Mapping[str, float] = {}) -> Match:
    index = Index.of(["d/b", "d/a", "d/b", "d/a"], rows(0, 4), rows(4, 6))
    return index.search(text, np.array(vector, dtype=np.float32), read, neighbours, kept)


def test_the_passage_with_the_nearest_rows_stands_first() -> None:
    match = search([0.6, 0.1, 0.4, 0.2, 0.3, 0.1], "something")
    assert [id_ for id_, _ in match.passages] == ["d/b", "d/a"]
    assert np.allclose([score for _, score in match.passages], [0.5, 0.15])
    assert np.isclose(match.margin, 0.3)


def test_of_two_passages_equally_near_the_one_with_the_words_stands_first() -> None:
    even = [0.5, 0.5, 0.5, 0.5, 0.0, 0.0]
    assert search(even, "which tea").passages[0][0] == "d/b"
    assert search(even, "which soup").passages[0][0] == "d/a"


def test_of_two_passages_equally_near_the_one_the_second_reader_expects_stands_first() -> None:
    even = [0.5, 0.5, 0.5, 0.5, 0.0, 0.0]
    assert search(even, "something", read={"d/a": 0.8, "d/b": 0.1}).passages[0][0] == "d/a"
    assert search(even, "something", read={"d/a": 0.1, "d/b": 0.8}).passages[0][0] == "d/b"


def test_a_passage_the_second_reader_never_learnt_is_not_held_back() -> None:
    near_b = [0.6, 0.4, 0.6, 0.4, 0.0, 0.0]
    assert search(near_b, "something", read={"d/a": 0.9, "greet": 0.1}).passages[0][0] == "d/b"


def test_what_is_near_the_counter_examples_is_not_covered() -> None:
    far, near = search([0, 0, 0, 0, 0, 1], "red bicycle", 1, 1), search([0, 1, 0, 0, 0, 0], "cold soup", 1, 1)
    assert far.margin < 0 < near.margin
    assert far.worded < 0 < near.worded
    assert far.covered < 0.5 < near.covered


def test_a_passage_with_fewer_rows_than_are_averaged_counts_those_it_has() -> None:
    index = Index.of(["d/a", "d/b"], rows(0, 2), rows(5, 6))
    assert index.search("cold soup", VECTORS[1], {}, neighbours=2, kept=1).passages == (("d/b", 1.0),)


def test_a_rare_word_in_common_counts_more_than_a_frequent_one() -> None:
    likeness = Lexical.of(["the lantern", "the the cat", "the dog"]).cosines("the lantern")
    assert likeness[0] > 0.99
    assert likeness[0] > likeness[1] > 0
    assert not Lexical.of(["the lantern"]).cosines("zzz").any()
