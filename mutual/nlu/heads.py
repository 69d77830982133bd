"""Small classifiers on encodings, kept as plain arrays: they load in milliseconds and need no pickle."""

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


@dataclass(frozen=True)
class NearestHead:
    """Class probabilities from the nearest training messages: what a linear border cuts off, a near twin may know.

    Attributes:
        labels: The class names, sorted; c of them.
        vectors: Encodings of the training messages, shape (n, d), each of length 1.
        classes: Position in `labels` of each one's class, shape (n,).
    """

    labels: tuple[str, ...]
    vectors: Vectors
    classes: npt.NDArray[np.intp]

    NEIGHBOURS = 20
    """Messages asked; 12 to 40 made no difference on the development set."""

    SHARPNESS = 12.0
    """A neighbour weighs exp(12 × (its cosine - 1)): one at 0.9 counts a third of one at 1."""

    @classmethod
    def fit(cls, vectors: Vectors, labels: Sequence[str]) -> NearestHead:
        """Remembers training messages.

        Args:
            vectors: Encodings, shape (n, d), each of length 1.
            labels: One class name a row.

        Returns:
            The head.
        """
        names, classes = np.unique(np.asarray(labels), return_inverse=True)
        return cls(tuple(str(name) for name in names), vectors.astype(np.float32), classes)

    def probabilities(self, vectors: Vectors) -> npt.NDArray[np.float32]:
        """Class probabilities.

        Args:
            vectors: Encodings, shape (m, d), each of length 1.

        Returns:
            An array of shape (m, c) whose rows sum to 1.
        """
        cosines = vectors @ self.vectors.T
        count = min(self.NEIGHBOURS, len(self.vectors))
        nearest = np.argpartition(-cosines, count - 1, axis=1)[:, :count]
        weights = np.exp(self.SHARPNESS * (np.take_along_axis(cosines, nearest, axis=1) - 1))
        result = np.zeros((len(vectors), len(self.labels)), dtype=np.float32)
        rows = np.arange(len(vectors))[:, None]
        np.add.at(result, (rows, self.classes[nearest]), weights)
        shares: npt.NDArray[np.float32] = result / result.sum(axis=1, keepdims=True)
        return shares

    def save(self, path: Path) -> None:
        """Writes the head as an .npz file, vectors in half precision.

        Args:
            path: File to write.
        """
        np.savez(path, labels=np.array(self.labels), vectors=self.vectors.astype(np.float16), classes=self.classes)

    @classmethod
    def load(cls, path: Path) -> NearestHead:
        """Reads a head.

        Args:
            path: File `save` wrote.

        Returns:
            The head.
        """
        with np.load(path, allow_pickle=False) as arrays:
            labels = tuple(str(name) for name in arrays["labels"])
            return cls(labels, arrays["vectors"].astype(np.float32), arrays["classes"])
