"""A small linear classifier on encodings, kept as plain arrays: loads in a millisecond and needs no pickle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from mutual.nlu.encoder import Vectors

SEED = 20


@dataclass(frozen=True)
class LinearHead:
    """Multinomial logistic regression over encodings.

    Attributes:
        labels: The class names, sorted; c of them.
        weights: Array of shape (c, d).
        bias: Array of shape (c,).
    """

    labels: tuple[str, ...]
    weights: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]

    @classmethod
    def fit(cls, vectors: Vectors, labels: Sequence[str], strength: float, balance: float) -> LinearHead:
        """Trains a head.

        Args:
            vectors: Encodings, shape (n, d).
            labels: One class name a row, at least two different ones.
            strength: Inverse of the L2 penalty (scikit-learn's C); larger fits closer.
            balance: 0 weighs every message alike, 1 every class; in between, small classes count for more than their
                messages and less than the large ones.

        Returns:
            The trained head.
        """
        names, counts = np.unique(np.asarray(labels), return_counts=True)
        weight = dict(zip(names, (len(labels) / (len(names) * counts)) ** balance, strict=True))
        model = LogisticRegression(C=strength, class_weight=weight, max_iter=400, random_state=SEED, tol=1e-3)
        model.fit(vectors, np.asarray(labels))
        weights, bias = model.coef_, model.intercept_
        if len(model.classes_) == 2:
            # scikit-learn keeps one row for two classes; two rows keep `probabilities` uniform.
            weights, bias = np.vstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
        return cls(tuple(str(name) for name in model.classes_), weights.astype(np.float32), bias.astype(np.float32))

    def probabilities(self, vectors: Vectors) -> npt.NDArray[np.float32]:
        """Class probabilities.

        Args:
            vectors: Encodings, shape (n, d).

        Returns:
            An array of shape (n, c) whose rows sum to 1.
        """
        scores = vectors @ self.weights.T + self.bias
        scores -= scores.max(axis=1, keepdims=True)
        exponentials = np.exp(scores)
        result: npt.NDArray[np.float32] = exponentials / exponentials.sum(axis=1, keepdims=True)
        return result

    def save(self, path: Path) -> None:
        """Writes the head as an .npz file.

        Args:
            path: File to write.
        """
        np.savez(path, labels=np.array(self.labels), weights=self.weights, bias=self.bias)

    @classmethod
    def load(cls, path: Path) -> LinearHead:
        """Reads a head.

        Args:
            path: File `save` wrote.

        Returns:
            The head.
        """
        with np.load(path, allow_pickle=False) as arrays:
            return cls(tuple(str(name) for name in arrays["labels"]), arrays["weights"], arrays["bias"])
