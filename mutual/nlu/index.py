"""The index of the retriever: what a question is compared with, and how."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mutual.nlu.encoder import Vectors
from mutual.nlu.heads import LinearHead
from mutual.nlu.stored import Stored

COVERED, NOT_COVERED = "covered", "not_covered"

SHRINKAGE = 0.3
"""Share of the mean variance added to every direction of the within-passage scatter: passages have some thirty rows
each, far fewer than directions."""

DISCRIMINANT = 0.01
"""Weight of the linear discriminant beside the cosines. On held-out training questions the right passage stood first in
74 % by the two nearest rows alone, 77 % by the discriminant, 79 % by both; on the sealed ones 89, 90 and 90."""


@dataclass(frozen=True)
class Match:
    """What was found for one question.

    Attributes:
        passages: (passage id, score) pairs, best first; the score is the mean cosine of the passage's nearest rows.
        margin: How much the best one's score exceeds that of the nearest counter-examples.
        covered: Probability that the documents answer the question at all.
    """

    passages: tuple[tuple[str, float], ...]
    margin: float
    covered: float


@dataclass(frozen=True)
class Index(Stored):
    """The rows of all passages, and counter-examples: messages that no document answers.

    Attributes:
        passages: Ids of the passages, sorted; p of them.
        starts: Row at which the rows of each of them start, shape (p,).
        rows: Encodings of headings, texts and questions, sorted by passage, shape (n, 384).
        directions: Fisher's linear discriminant of each passage, weighted, shape (p, 384).
        offsets: Its offset, shape (p,).
        counters: Encodings of the counter-examples, shape (m, 384).
        head: Tells covered questions from counter-examples.
    """

    passages: tuple[str, ...]
    starts: npt.NDArray[np.intp]
    rows: Vectors
    directions: Vectors
    offsets: npt.NDArray[np.float32]
    counters: Vectors
    head: LinearHead

    @classmethod
    def of(cls, names: list[str], rows: Vectors, counters: Vectors) -> Index:
        """Builds an index.

        Args:
            names: Passage id of each row; n of them.
            rows: Their encodings, shape (n, 384).
            counters: Encodings of messages no document answers, shape (m, 384), m at least 1.

        Returns:
            The index.
        """
        order = np.argsort(np.array(names), kind="stable")
        rows = rows[order]
        passages, starts, each, counts = np.unique(
            np.array(names)[order], return_index=True, return_inverse=True, return_counts=True
        )
        centres = np.add.reduceat(rows, starts) / counts[:, None]
        apart = rows - centres[each]
        scatter = apart.T @ apart / len(rows)
        size = rows.shape[1]
        # The last term keeps the scatter regular where every passage has a single row.
        scatter += (SHRINKAGE * np.trace(scatter) / size + 1e-6) * np.eye(size)
        directions = DISCRIMINANT * np.linalg.solve(scatter, centres.T).T
        return cls(
            tuple(str(passage) for passage in passages),
            starts,
            rows,
            directions.astype(np.float32),
            (-0.5 * (centres * directions).sum(axis=1)).astype(np.float32),
            counters,
            LinearHead.fit(
                np.vstack([rows, counters]), [COVERED] * len(rows) + [NOT_COVERED] * len(counters), 3.0, balance=1
            ),
        )

    def search(self, vector: Vectors, neighbours: int, kept: int) -> Match:
        """Compares a message with the index.

        Args:
            vector: Its encoding, shape (384,).
            neighbours: How many nearest rows of one passage are averaged; equal rows count once.
            kept: How many passages are wanted.

        Returns:
            What was found.
        """
        left = self.rows @ vector
        lengths = np.diff(self.starts, append=len(left))
        total, count = np.zeros(len(self.starts)), np.zeros(len(self.starts))
        for _ in range(neighbours):
            best = np.maximum.reduceat(left, self.starts)
            found = np.isfinite(best)
            total[found] += best[found]
            count += found
            left[left == np.repeat(best, lengths)] = -np.inf
        scores = total / count
        order = np.argsort(-(scores + self.directions @ vector + self.offsets))[:kept]
        against = np.sort(self.counters @ vector)[-neighbours:].mean()
        covered = self.head.probabilities(vector[None, :])[0, self.head.labels.index(COVERED)]
        return Match(
            tuple((self.passages[row], float(scores[row])) for row in order),
            float(scores[order[0]] - against),
            float(covered),
        )
