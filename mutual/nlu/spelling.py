"""Spelling: a mistyped word is encoded as the word that people who write here most likely meant."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA
from typing_extensions import Self

from mutual.nlu.encoder import VOCABULARY
from mutual.nlu.parser import language
from mutual.nlu.stored import Stored

# Letters alone: what has digits or signs in or beside it is a number, a handle, an address or a disguise.
_WORD = re.compile(r"(?<![\w'*@#$./&-])[A-Za-z]+(?![\w'*@#$/&]|[.-]\w)")
_SHORTEST = 4
"""Letters of the shortest word that is mended: among three, everything is a neighbour of everything."""
_TWO_MISTAKES = 7
"""Letters from which two mistakes in a word are mended."""
_COMMON, _KNOWN = 8, 4
"""How often the messages use a word for it to be what somebody meant; and to be left as it is."""
_MOST_UNKNOWN = 0.5
"""Share of unknown words from which a text is another language or noise, and is left alone."""
_ENDINGS = {
    "s": ("",), "es": ("",), "ies": ("y",), "ing": ("", "e"), "ed": ("", "e"), "ly": ("", "le"), "er": ("", "e"),
    "ers": ("", "e"), "est": ("", "e"), "ness": ("",), "ier": ("y",), "y": ("",),
}  # fmt: skip
_KEPT_MENDED = 20_000


@dataclass(frozen=True)
class Spelling(Stored):
    """The words that messages use.

    Attributes:
        common: Words that a mistyped one can stand for, the most frequent first.
        own: Words that messages use and no English word list holds ("gf", "situationship").
    """

    common: tuple[str, ...]
    own: tuple[str, ...]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Self:
        """Counts words.

        Args:
            texts: Normalised texts: training messages and documents.

        Returns:
            The words.
        """
        counts = Counter(word for text in texts for word in _WORD.findall(text.lower()))
        common = [w for w, n in counts.most_common() if n >= _COMMON and len(w) >= _SHORTEST - 1 and _english(w)]
        own = sorted(w for w, n in counts.items() if n >= _KNOWN and len(w) >= _SHORTEST and not _english(w))
        return cls(tuple(common), tuple(own))

    def mended(self, text: str) -> str:
        """A text with its mistyped words as they were probably meant.

        Args:
            text: A normalised text.

        Returns:
            The text; unchanged where most of its words are unknown, since it is then not English, or noise.
        """
        words = {word.lower() for word in _WORD.findall(text)}
        unknown = {word for word in words if not self._knows(word)}
        if not unknown or len(unknown) > _MOST_UNKNOWN * len(words):
            return text
        meant = {word: self._meant(word) for word in unknown}
        return _WORD.sub(lambda found: meant.get(found.group().lower()) or found.group(), text)

    @cached_property
    def _own(self) -> frozenset[str]:
        return frozenset(self.own)

    @cached_property
    def _rank(self) -> dict[str, int]:
        return {word: rank for rank, word in enumerate(self.common)}

    def _knows(self, word: str) -> bool:
        return len(word) < _SHORTEST or word in self._own or word in self._rank or _english(word)

    def _meant(self, word: str) -> str | None:
        """The nearest common word; of equally near ones one with the same first letter, then the most frequent."""
        mistakes = 2 if len(word) >= _TWO_MISTAKES else 1
        near = process.extract(word, self.common, scorer=OSA.distance, score_cutoff=mistakes, limit=None)
        found = [(distance, choice[0] != word[0], self._rank[choice], choice) for choice, distance, _ in near]
        return min(found)[-1] if found else None


@lru_cache(maxsize=_KEPT_MENDED)
def _english(word: str) -> bool:
    """Whether the encoder's vocabulary or spaCy's list of lemmas holds a word or what it is derived from."""
    if word in _lemmas():
        return True
    for ending, instead in _ENDINGS.items():
        for other in instead:
            stem = word.removesuffix(ending) + other if word.endswith(ending) else ""
            twice = len(stem) > 3 and stem[-1] == stem[-2]
            if len(stem) > 2 and (stem in _lemmas() or (twice and stem[:-1] in _lemmas())):
                return True
    return False


@lru_cache(maxsize=1)
def _lemmas() -> frozenset[str]:
    tables = language().get_pipe("lemmatizer").lookups  # type: ignore[attr-defined]  # the stubs know only "a pipe"
    listed = (words for name in ("lemma_index", "lemma_exc") for words in tables.get_table(name).values())
    pieces = VOCABULARY.read_text(encoding="utf-8").split()
    return frozenset(pieces).union(*listed)
