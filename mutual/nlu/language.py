"""Notices a message in another language than English, and words of risk in the languages most often met."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from lingua import Language, LanguageDetector, LanguageDetectorBuilder

from mutual import paths
from mutual.content import read_yaml

ENGLISH = "en"
OTHER = "other"

_SURE = 0.7
_LIKELY, _HARDLY_ENGLISH = 0.38, 0.16
"""lingua's answer is taken at 0.7, or at 0.38 when English has at most 0.16 (Spanish and Portuguese share their words).
Of 4,500 English training messages of three words or more, two were taken for another language: one was Spanish, one
Italian."""

_WORDS = 3
"""Latin-script messages with fewer words are read as English ("ok", "no" and names belong to every language), unless
they are one of a language's `short` messages."""

_ENGLISH_ONLY = frozenset(
    """
    the and my myself it that that's this these those with you your you're i'm i've i'd i'll of but what when
    why how who have having had has she she's he's they them their been being because want wanted don't doesn't
    didn't can't won't isn't wasn't his him from about just would could should did does know think feel felt
    were which there where then than if
    """.split()
)
_ENGLISH_SHARE, _ENGLISH_WORDS = 0.2, 2
"""A message with two of those words, making up a fifth of it, is English: lingua (13 ms) need not be asked. This
settles 74 % of the English training messages of three words or more, and none in another language of our tests."""

_KNOWN = (
    Language.ENGLISH,
    Language.SPANISH,
    Language.FRENCH,
    Language.GERMAN,
    Language.PORTUGUESE,
    Language.ITALIAN,
    Language.DUTCH,
    Language.POLISH,
    Language.TURKISH,
    Language.RUSSIAN,
    Language.HINDI,
    Language.ARABIC,
    Language.CHINESE,
)
_EDGES = " .!?,¡¿"
_NO_SPACES = frozenset({"ar", "zh", "hi"})


@dataclass(frozen=True)
class Foreign:
    """A message in another language.

    Attributes:
        code: ISO 639-1 code of a language with a reply of its own, else "other".
        category: Safety category its words of risk stand for, None if there are none.
    """

    code: str
    category: str | None


@dataclass(frozen=True)
class _Words:
    code: str
    latin: frozenset[str]
    short: frozenset[str]
    after: frozenset[str]
    risk: tuple[tuple[str, re.Pattern[str]], ...]


@lru_cache(maxsize=1)
def _detector() -> LanguageDetector:
    return LanguageDetectorBuilder.from_languages(*_KNOWN).with_preloaded_language_models().build()


@lru_cache(maxsize=1)
def _languages(path: Path = paths.SAFETY / "languages.yml") -> dict[str, _Words]:
    """The languages of `data/safety/languages.yml`, by code."""
    read: dict[str, _Words] = {}
    content = read_yaml(path)
    for row in content["languages"]:
        whole = {_bare(phrase) for phrases in row["risk"].values() for phrase in phrases if not phrase.endswith("*")}
        short = frozenset(whole | set(row.get("short", ()))) - set(content["also_english"])
        risk = tuple((category, _phrases(row["code"], phrases)) for category, phrases in row["risk"].items())
        read[row["code"]] = _Words(row["code"], frozenset(row.get("latin", ())), short, frozenset(row["after"]), risk)
    return read


def _phrases(code: str, phrases: list[str]) -> re.Pattern[str]:
    anywhere = code in _NO_SPACES
    alternatives = []
    for phrase in phrases:
        body = re.escape(_bare(phrase.rstrip("*")))
        latin = bool(re.match(r"[a-z]", body))
        start = r"\b" if latin or not anywhere else ""
        end = "" if phrase.endswith("*") or (anywhere and not latin) else r"\b"
        alternatives.append(start + body + end)
    return re.compile("|".join(alternatives))


def _bare(text: str) -> str:
    """Lower case without Latin accents."""
    spread = unicodedata.normalize("NFD", text.lower())
    kept = "".join(c for c in spread if not ("\u0300" <= c <= "\u036f"))
    return unicodedata.normalize("NFC", kept)


def foreign(text: str, before: str = ENGLISH) -> Foreign | None:
    """Finds out whether a message is in another language.

    Args:
        text: The message, normalised.
        before: Code of the language of the message before it; "si" after Spanish is Spanish.

    Returns:
        What was found, or None for English and for anything too short to tell.
    """
    bare, languages = _bare(text), _languages()
    goes_on = before in languages and bare.strip(_EDGES) in languages[before].after
    code = before if goes_on else _code(text)
    if code == ENGLISH:
        return None
    if code not in languages:
        return Foreign(OTHER, None)
    category = next((category for category, phrases in languages[code].risk if phrases.search(bare)), None)
    return Foreign(code, category)


def _code(text: str) -> str:
    words = re.findall(r"[^\W\d_]+", _bare(text))
    for language in _languages().values():
        if language.latin and len(words) >= _WORDS and sum(word in language.latin for word in words) * 3 >= len(words):
            return language.code
    if len(words) <= _WORDS:
        whole = _bare(text).strip(_EDGES)
        code = next((language.code for language in _languages().values() if whole in language.short), None)
        if code is not None:
            return code
    letters = [c for c in text if c.isalpha()]
    latin = sum("LATIN" in unicodedata.name(c, "") for c in letters)
    if not letters or (latin * 2 > len(letters) and len(words) < _WORDS):
        return ENGLISH
    spelled = re.findall(r"[a-z']+", text.lower())
    english = [word for word in spelled if word in _ENGLISH_ONLY]
    if len(set(english)) >= _ENGLISH_WORDS and len(english) >= _ENGLISH_SHARE * len(spelled):
        return ENGLISH
    values = _detector().compute_language_confidence_values(text)
    best, as_english = values[0], next(value.value for value in values if value.language == Language.ENGLISH)
    likely = best.value >= _SURE or (best.value >= _LIKELY and as_english <= _HARDLY_ENGLISH)
    if best.language == Language.ENGLISH or (not likely and latin * 2 > len(letters)):
        return ENGLISH
    return str(best.language.iso_code_639_1.name).lower()
