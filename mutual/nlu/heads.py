"""Small classifiers on encodings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from mutual.nlu.encoder import Vectors
from mutual.nlu.stored import Stored

SEED = 20


@dataclass(frozen=True)
class LinearHead(Stored):
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


@dataclass(frozen=True)
class NearestHead(Stored):
    """Class probabilities from the nearest training messages: what a linear border cuts off, a near twin may know.

    Attributes:
        labels: The class names, sorted; c of them.
        axes: The directions in which training messages differ most, shape (d, r).
        vectors: Encodings of the training messages along those axes, shape (n, r).
        classes: Position in `labels` of each one's class, shape (n,).
    """

    labels: tuple[str, ...]
    axes: Vectors
    vectors: Vectors
    classes: npt.NDArray[np.intp]

    AXES = 128
    """Of 384 dimensions these keep 87 % of the length and, on the development set, the same errors within 0.2 points;
    comparing a message with all others takes 3 ms instead of 10."""

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
        # Eigenvectors come in rising order of how much lies along them.
        axes = np.linalg.eigh(vectors.T @ vectors)[1][:, -cls.AXES :].astype(np.float32)
        return cls(tuple(str(name) for name in names), axes, vectors @ axes, classes)

    def probabilities(self, vectors: Vectors) -> npt.NDArray[np.float32]:
        """Class probabilities.

        Args:
            vectors: Encodings, shape (m, d), each of length 1.

        Returns:
            An array of shape (m, c) whose rows sum to 1.
        """
        cosines = (vectors @ self.axes) @ self.vectors.T
        count = min(self.NEIGHBOURS, len(self.vectors))
        nearest = np.argpartition(-cosines, count - 1, axis=1)[:, :count]
        weights = np.exp(self.SHARPNESS * (np.take_along_axis(cosines, nearest, axis=1) - 1))
        result = np.zeros((len(vectors), len(self.labels)), dtype=np.float32)
        rows = np.arange(len(vectors))[:, None]
        np.add.at(result, (rows, self.classes[nearest]), weights)
        shares: npt.NDArray[np.float32] = result / result.sum(axis=1, keepdims=True)
        return shares
