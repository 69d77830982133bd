"""Reads where a person says they are. Never from an address, never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import pycountry
from babel import Locale

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
            # Moving is where somebody is now, if it is the speaker who moved.
            r"\b(?:i|we|i've|we've|ive|weve)\s+(?:(?:have|just|recently|since|now|both)\s+)*(?:moved|relocated|fled|came|got)"
            r"\s+(?:(?:back|over|out|here)\s+)?(?:to|in)",
            r"\b(?:estoy|vivo|estamos|vivimos|soy|somos)\s+(?:en|de)",
            r"\b(?:je suis|j'habite|je vis|nous sommes|on est)\s+(?:en|au|aux|à|a|dans)",
            r"\b(?:ich bin|ich wohne|ich lebe|wir sind|wir leben|wir wohnen)\s+(?:in|im|aus)(?:\s+(?:der|den|dem))?",
            r"\b(?:estou|moro|vivo|estamos|moramos|sou|somos)\s+(?:em|no|na|nos|de|do|da|dos)",
            r"(?:^|\s)(?:أنا في|انا في|في|من)",
            r"\bmake it",
            r"\bchange (?:it|my country|country) to",
            r"\bcountry to",
            # Whoever asks for help in a place is shown that place's, wherever they are themselves.
            r"\b(?:help ?lines?|hot ?lines?|lines?|numbers?|therapists?|counsell?ors?|shelters?|talk to|call)"
            r"\s+(?:\w+\s+){0,2}?(?:in|for|near|around)",
            r"\b(?:therapists?|therapy|counsell?ors?|counsell?ing|help ?lines?|hot ?lines?|shelters?|numbers?)",
        )
    )
    + r")\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_IS = re.compile(rf"\b{_SPEAKER}\s+(?:an?\s+|actually\s+|originally\s+)?$", re.IGNORECASE)
_DENIED = re.compile(r"\b(?:not|isn't|isnt|no longer|instead of|rather than)(?: in| from)?(?: the)?\s*$", re.IGNORECASE)
# About whoever somebody asks for: "she's in Lagos".
_THEIRS = re.compile(
    r"\b(?:she|he|they|she's|he's|they're|shes|hes|theyre|(?:my|the) \w+(?:'s)?)\s+"
    r"(?:(?:is|are|lives?|living|based|now)\s+)*"
    r"(?:in|near|outside)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_FILLER = frozenset(
    """
    i am i'm im in from the a an live here we are country is my ok okay yes no not sorry actually hi hello
    well um it's its based located living currently at near city state please and or but wait oh mean meant hold on
    correction should be now one lines line numbers number ones what about how
    en em na au aux aus soy estoy vivo somos je suis habite j'habite ich bin wohne sou estou moro la el le les
    """.split()
)
_WORD_LIKE = frozenset({"us", "kl"})
"""Names that are also words: only taken in capitals, as "the us one", or with nothing else beside them."""
_ONE = re.compile(r"\s+(?:one|ones|lines?|numbers?|helplines?|hotlines?)\b", re.IGNORECASE)
_NAME_WORD = re.compile(r"[^\W_]+(?:[.'&-][^\W_]+)*\.?")
_MOST_WORDS = 6
_OTHER_LANGUAGES = ("es", "fr", "de", "pt", "hi", "ar", "zh")
"""Languages whose names of countries are known too: those that have a reply of their own."""
_UNSPACED = re.compile(r"[\u4e00-\u9fff]+")


@dataclass(frozen=True)
class Place:
    """Where somebody said they are.

    Attributes:
        country: ISO 3166 alpha-2 code.
        area: Part of the country with services of its own, where one was named.
    """

    country: str
    area: str | None = None


@dataclass(frozen=True)
class _Mention:
    start: int
    end: int
    place: Place


@lru_cache(maxsize=1)
def _names() -> dict[str, Place]:
    """Every name of a place, in lower case; a name in the directory counts more than one in a list of cities."""
    known: dict[str, Place] = {}
    for line in paths.CITIES.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            city, code = line.split("\t")
            known[city] = Place(code)
    for language in _OTHER_LANGUAGES:
        for code, name in Locale(language).territories.items():
            if pycountry.countries.get(alpha_2=code):
                known[name.lower()] = Place(code)
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
    return known


@lru_cache(maxsize=1)
def _unspaced() -> re.Pattern[str]:
    names = sorted((name for name in _names() if _UNSPACED.fullmatch(name)), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, names)))


def _mentions(text: str) -> Iterator[_Mention]:
    """The places a text names, the longest name at each word."""
    known, words = _names(), list(_NAME_WORD.finditer(text))
    position = 0
    while position < len(words):
        for count in range(min(_MOST_WORDS, len(words) - position), 0, -1):
            start, end = words[position].start(), words[position + count - 1].end()
            name = text[start:end].lower()
            place = known.get(name) or known.get(name.rstrip("."))
            if place is not None:
                yield _Mention(start, end, place)
                break
        else:
            count = 1
        position += count
    for match in _unspaced().finditer(text) if _UNSPACED.search(text) else ():
        yield _Mention(match.start(), match.end(), known[match.group()])


def find_place(text: str, asked: bool = False, helping: bool = False) -> Place | None:
    """Finds where a person says they are.

    Args:
        text: The message, normalised.
        asked: Whether the bot just asked for the country, so that a bare name anywhere counts.
        helping: Whether the person asks for somebody else, whose place counts then ("she's in Lagos").

    Returns:
        The place said, or None. "I'm in X" counts more than "I'm British"; a later place more than an earlier one ("not
        the US, I'm in Ireland"); a country that is only a topic ("the law in Spain", "a trip to Japan", "he is from
        Italy") is not where somebody is.
    """
    typed = text.strip(" .,!?")
    code = find_code(typed)
    if code is not None and (asked or typed.isupper()):
        return Place(code)
    mentions = list(_mentions(text))
    alone = bool(mentions) and _says_only(text, mentions)
    located: Place | None = None
    origin: Place | None = None
    for mention in mentions:
        before, after = text[: mention.start], text[mention.end :]
        place, name = mention.place, text[mention.start : mention.end]
        one = before.lower().endswith("the ") and _ONE.match(after) is not None
        if name.lower() in _WORD_LIKE and not name.isupper() and not (alone and asked) and not one:
            continue
        if _DENIED.search(before):
            continue
        if located is not None and place.country == located.country:
            located = place if place.area else located
        elif _IS.search(before):
            origin = place
        elif alone or asked or one or _stated(before, after) or (helping and _THEIRS.search(before)):
            located = place
    return located or origin


def _stated(before: str, after: str) -> bool:
    """Whether the words around a place say that the speaker is there; Hindi says "in" after it."""
    return _STATED.search(before) is not None or before.endswith("在") or after.lstrip().startswith(("में", "से"))


def _says_only(text: str, mentions: list[_Mention]) -> bool:
    """Whether a text says nothing but the places it names."""
    rest, end = [], 0
    for mention in mentions:
        rest.append(text[end : mention.start])
        end = max(end, mention.end)
    words = [word.strip(".,!?()") for word in " ".join([*rest, text[end:]]).lower().split()]
    return all(not word or word in _FILLER for word in words)


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
