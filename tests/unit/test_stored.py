"""What a component learnt comes back from its file as it was."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mutual.nlu.heads import LinearHead, NearestHead
from mutual.nlu.stored import Stored

LABELS = ["no", "yes", "yes", "no", "maybe", "maybe"]
VECTORS = np.eye(6, 8, dtype=np.float32)


@dataclass(frozen=True)
class Both(Stored):
    linear: LinearHead
    nearest: NearestHead


def test_what_was_learnt_is_read_back_with_the_same_guesses(tmp_path: Path) -> None:
    both = Both(LinearHead.fit(VECTORS, LABELS, 10, balance=0), NearestHead.fit(VECTORS, LABELS))
    both.save(tmp_path / "learnt.npz")
    read = Both.load(tmp_path / "learnt.npz")
    assert read.linear.labels == read.nearest.labels == ("maybe", "no", "yes")
    for before, after in ((both.linear, read.linear), (both.nearest, read.nearest)):
        assert np.allclose(before.probabilities(VECTORS), after.probabilities(VECTORS), atol=0.01)


def test_a_message_seen_in_training_is_recognised_by_its_nearest() -> None:
    many = np.repeat(VECTORS, 20, axis=0)
    head = NearestHead.fit(many, np.repeat(LABELS, 20).tolist())
    guessed = [head.labels[row.argmax()] for row in head.probabilities(VECTORS)]
    assert guessed == LABELS
