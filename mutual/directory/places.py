"""Reads where a person says they are. Never from an address, never guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import pycountry

from mutual import paths
from mutual.content import read_yaml
from mutual.directory.resources import read_directory

# What stands before a place that the speaker is in, and before one that is only talked about.
_PREPOSITION = r"(?:in|from|at|near|outside(?: of)?|(?:down|over|up|out|back) in)"
_SPEAKER = r"(?:i am|i'm|im|we are|we're|i|we)"
_LIVING = r"(?:live|living|stay|staying|based|located)"
_STATED = re.compile(
    r"(?:"
    + "|".join(
        (
            rf"\b{_SPEAKER}\s+(?:(?:{_LIVING}|currently|now|writing|calling|also|still|here)\s+)*{_PREPOSITION}",
            rf"^\W*(?:\w+\W+)?(?:{_PREPOSITION}|based in|living in|here in|it'?s)",
            rf"\b(?:{_LIVING}|here)\s+{_PREPOSITION}",
            r"\bhere",
            r"\b(?:my )?(?:country|location)\s*(?:is|:|=)",
            r"\bmake it",
            r"\bchange (?:it|my country|country) to",
            r"\bcountry to",
            # Whoever asks for help in a place is shown that place's, wherever they are themselves.
            r"\b(?:help ?lines?|hot ?lines?|lines?|numbers?|therapists?|counsell?ors?|shelters?|talk to|call)"
            r"\s+(?:\w+\s+){0,2}?(?:in|for|near|around)",
        )
    )
    + r")\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_IS = re.compile(rf"\b{_SPEAKER}\s+(?:an?\s+|actually\s+|originally\s+)?$", re.IGNORECASE)
_DENIED = re.compile(r"\b(?:not|isn't|isnt|no longer|instead of|rather than)(?: in| from)?(?: the)?\s*$", re.IGNORECASE)
_FILLER = frozenset(
    """
    i am i'm im in from the a an live here we are country is my ok okay yes no not sorry actually hi hello
    well um it's its based located living currently at near near city state please and or but but
    """.split()
)
_WORD_LIKE = frozenset({"us", "kl"})
"""Names that are also words: only taken in capitals or with nothing else beside them."""


@dataclass(frozen=True)
class Place:
    """Where somebody said they are.

    Attributes:
        country: ISO 3166 alpha-2 code.
        area: Part of the country with services of its own, where one was named.
    """

    country: str
    area: str | None = None


@lru_cache(maxsize=1)
def _names() -> tuple[re.Pattern[str], dict[str, Place]]:
    known: dict[str, Place] = {}
    for entry in pycountry.countries:
        for name in (entry.name, getattr(entry, "common_name", None), getattr(entry, "official_name", None)):
            if name:
                known[name.lower().split(",")[0]] = Place(entry.alpha_2)
    for code, names in read_yaml(paths.DATA / "places.yml").items():
        known.update((name, Place(code)) for name in names)
    for country in read_directory().countries.values():
        known.update((name, Place(country.code)) for name in (*country.said_as, *country.places))
        for area, names in country.areas.items():
            known.update((name, Place(country.code, area)) for name in names)
    longest_first = sorted(known, key=len, reverse=True)
    return re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, longest_first)) + r")(?![\w-])", re.IGNORECASE), known


def find_place(text: str, asked: bool = False) -> Place | None:
    """Finds where a person says they are.

    Args:
        text: The message, normalised.
        asked: Whether the bot just asked for the country, so that a bare name anywhere counts.

    Returns:
        The place said, or None. "I'm in X" counts more than "I'm British"; a later place more than an earlier one ("not
        the US, I'm in Ireland"); a country that is only a topic ("the law in Spain", "a trip to Japan", "he is from
        Italy") is not where somebody is.
    """
    pattern, known = _names()
    words = [word.strip(".,!?()") for word in pattern.sub(" ", text).lower().split()]
    alone = all(not word or word in _FILLER for word in words)
    typed = text.strip(" .,!?")
    code = find_code(typed)
    if code is not None and (asked or typed.isupper()):
        return Place(code)
    located: Place | None = None
    origin: Place | None = None
    for match in pattern.finditer(text):
        name, before = match.group().lower(), text[: match.start()]
        place = known[name]
        if name in _WORD_LIKE and not match.group().isupper() and not (alone and asked):
            continue
        if _DENIED.search(before):
            continue
        if located is not None and place.country == located.country:
            located = place if place.area else located
        elif _IS.search(before):
            origin = place
        elif alone or asked or _STATED.search(before):
            located = place
    return located or origin


def find_code(text: str) -> str | None:
    """Reads a country given as a code, not in a sentence.

    Args:
        text: An ISO 3166 alpha-2 code in any case; "UK" is taken for "GB".

    Returns:
        The code in capitals, or None if there is no such country.
    """
    code = text.strip().upper()
    code = "GB" if code == "UK" else code
    return code if len(code) == 2 and pycountry.countries.get(alpha_2=code) is not None else None
