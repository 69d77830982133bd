"""The index ranks passages by their nearest rows and knows what no document answers."""

import numpy as np

from mutual.nlu.index import Index

ROWS = np.eye(6, dtype=np.float32)


def index() -> Index:
    return Index.of(["d/b", "d/a", "d/b", "d/a"], ROWS[:4], ROWS[4:])


def test_the_passage_with_the_nearest_rows_stands_first() -> None:
    match = index().search(np.array([0.6, 0.1, 0.4, 0.2, 0.3, 0.1], dtype=np.float32), neighbours=2, kept=5)
    assert [id_ for id_, _ in match.passages] == ["d/b", "d/a"]
    assert np.allclose([score for _, score in match.passages], [0.5, 0.15])
    assert np.isclose(match.margin, 0.3)


def test_what_is_near_the_counter_examples_is_not_covered() -> None:
    far = index().search(ROWS[5], neighbours=1, kept=1)
    near = index().search(ROWS[1], neighbours=1, kept=1)
    assert far.margin < 0 < near.margin
    assert far.covered < 0.5 < near.covered


def test_a_passage_with_fewer_rows_than_are_averaged_counts_those_it_has() -> None:
    match = Index.of(["d/a", "d/b"], ROWS[:2], ROWS[5:]).search(ROWS[1], neighbours=2, kept=1)
    assert match.passages == (("d/b", 1.0),)
