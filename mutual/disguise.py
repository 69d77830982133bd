"""Reads words that were written so that a filter would not see them: "r*ped", "s3x", "r a p e", "unalive"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from mutual import paths
from mutual.content import read_yaml

_DIGITS = {
    "4": "a", "@": "a", "8": "b", "3": "e", "1": "il", "!": "il", "|": "il", "0": "o", "$": "s", "5": "s", "7": "t",
}  # fmt: skip
_ANY = "*#_.-•+"
"""Signs that stand for any one letter."""
_INSIDE = re.escape("".join(_DIGITS) + _ANY)
# Signs at the start or the end of a word are mostly punctuation: only those that seldom are count there.
_HIDDEN = re.compile(rf"(?<![\w@$#*])[A-Za-z@$#*][A-Za-z{_INSIDE}]+[A-Za-z0-9$#*](?![\w$#*])")
_SPACED = re.compile(r"(?<![\w'])[A-Za-z](?:(?:[ .\-_*/]|\.\s)[A-Za-z]){2,}(?![\w'])")


class SpellingError(ValueError):
    """The table of spellings is not what it should be; the message says what is wrong."""


@dataclass(frozen=True)
class Spellings:
    """The table `data/safety/spellings.yml`.

    Attributes:
        hidden: Words that people censor, in lower case.
        said: How a code word or abbreviation is read, by its spelling in lower case.
    """

    hidden: frozenset[str]
    said: dict[str, str]

    @classmethod
    def read(cls, path: Path) -> Spellings:
        """Reads the table.

        Args:
            path: The YAML file.

        Returns:
            The table.

        Raises:
            SpellingError: A word is not a lower-case text, or a reading would be read again.
        """
        content = read_yaml(path)
        hidden, said = content["hidden"], content["said"]
        for word in [*hidden, *said, *said.values()]:
            if not isinstance(word, str) or word != word.lower() or not word.strip():
                raise SpellingError(f"{path.name}: {word!r} is not a word in lower case. Put it in quotes.")
        again = next((reading for reading in said.values() if set(reading.split()) & said.keys()), None)
        if again:
            raise SpellingError(f"{path.name}: the reading {again!r} holds a word that has a reading itself.")
        return cls(frozenset(hidden), said)

    @property
    def pattern(self) -> re.Pattern[str]:
        """An expression that finds the code words, the longest first."""
        words = "|".join(re.escape(word) for word in sorted(self.said, key=len, reverse=True))
        return re.compile(rf"(?<![\w'.])(?:{words})(?![\w'])", re.IGNORECASE)


@lru_cache(maxsize=1)
def _spellings() -> tuple[Spellings, re.Pattern[str]]:
    table = Spellings.read(paths.SPELLINGS)
    return table, table.pattern


def undisguised(text: str) -> str:
    """Puts the meant word in place of a disguised one; everything else stays as it is.

    Args:
        text: A message, on one line.

    Returns:
        The message with letters put together ("r a p e d"), signs taken for the letters they hide ("s3x", "a**ault")
        where exactly one listed word fits, and code words read ("unalive").
    """
    table, said = _spellings()
    text = _SPACED.sub(lambda match: _together(match.group(), table), text)
    text = _HIDDEN.sub(lambda match: _revealed(match.group(), table), text)
    return said.sub(lambda match: table.said[match.group().lower()], text)


def _together(spaced: str, table: Spellings) -> str:
    word = re.sub(r"[^A-Za-z]", "", spaced)
    return word if word.lower() in table.hidden else spaced


def _revealed(word: str, table: Spellings) -> str:
    if word.isalpha():
        return word
    fitting = re.compile("".join(_letter(sign) for sign in word.lower()))
    words = [hidden for hidden in table.hidden if len(hidden) == len(word) and fitting.fullmatch(hidden)]
    return words[0] if len(words) == 1 else word


def _letter(sign: str) -> str:
    if sign in _DIGITS:
        return f"[{_DIGITS[sign]}]"
    return sign if sign.isalpha() else "[a-z]"
