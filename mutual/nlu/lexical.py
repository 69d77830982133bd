"""Texts compared by their words: what an encoding blurs ("kinds" and "cost" of therapist), a shared word tells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.preprocessing import normalize

from mutual.nlu.stored import Stored

COLUMNS = 2**16
"""Columns that words and pairs of words are hashed to; the project's own questions have some 30,000 different ones."""


@lru_cache(maxsize=1)
def _counter() -> HashingVectorizer:
    words = re.compile(r"[a-z']+").findall
    return HashingVectorizer(
        n_features=COLUMNS, ngram_range=(1, 2), tokenizer=words, token_pattern=None, norm=None, alternate_sign=False
    )


@dataclass(frozen=True)
class Lexical(Stored):
    """The words of n texts, weighted by how rare they are (tf-idf), as a sparse matrix.

    Attributes:
        rarity: Inverse document frequency of each column, shape (COLUMNS,).
        weights, columns, starts: The matrix in compressed rows, each of length 1; see `scipy.sparse.csr_matrix`.
    """

    rarity: npt.NDArray[np.float32]
    weights: npt.NDArray[np.float32]
    columns: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int32]

    @classmethod
    def of(cls, texts: Sequence[str], among: Sequence[str] = ()) -> Lexical:
        """Counts the words of texts.

        Args:
            texts: Normalised texts; n of them.
            among: More texts, that only say how rare a word is.

        Returns:
            The texts by their words.
        """
        counts = _counter().transform([*texts, *among])
        used = np.bincount(counts.indices, minlength=COLUMNS)
        rarity = (np.log((1 + counts.shape[0]) / (1 + used)) + 1).astype(np.float32)
        rows = _weighted(counts[: len(texts)], rarity)
        return cls(rarity, rows.data, rows.indices, rows.indptr)

    def cosines(self, text: str) -> npt.NDArray[np.float32]:
        """How alike each text is to another one by their words.

        Args:
            text: A normalised text.

        Returns:
            Cosines from 0 to 1, shape (n,).
        """
        found: npt.NDArray[np.float32] = (self._rows @ _weighted(_counter().transform([text]), self.rarity).T).toarray()
        return found[:, 0]

    @cached_property
    def _rows(self) -> Any:
        return csr_matrix((self.weights, self.columns, self.starts), shape=(len(self.starts) - 1, COLUMNS))


def _weighted(counts: Any, rarity: npt.NDArray[np.float32]) -> Any:
    rows = csr_matrix(counts, dtype=np.float32, copy=True)
    rows.data = (1 + np.log(rows.data)) * rarity[rows.indices]
    return normalize(rows, copy=False)
