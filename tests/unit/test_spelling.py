"""Mistyped words are read as the words meant; whatever is not a mistyped English word stays as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutual.nlu.spelling import Spelling
from mutual.text import plain

TEXTS = [
    "what does sympathy mean for couples",
    "he was asleep and my gf said nothing",
    "talk about meaning and about trust",
]
SPELLING = Spelling.of(TEXTS * 10)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("what does simpathy mean", "what does sympathy mean"),
        ("can we tlak abuot trsut and couples", "can we talk about trust and couples"),
        ("he was aslep", "he was asleep"),
        ("Cuoples talk", "couples talk"),
    ],
)
def test_a_mistyped_word_is_read_as_the_one_meant(typed: str, meant: str) -> None:
    assert SPELLING.mended(typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "my gf and her nan",  # short, or words of this project's own
        "she was showering and blooming",  # in no message, but English
        "was h3 r*ped @trustt about",  # signs and digits: numbers, handles, disguises
        "ich möchte nicht sterben",  # another language
        "asdkj qwoeiu zxmcn",  # noise
        "",
    ],
)
def test_what_is_no_mistyped_english_word_stays(text: str) -> None:
    assert SPELLING.mended(text) == text


def test_a_word_that_many_messages_use_is_known_though_no_list_has_it() -> None:
    assert Spelling.of(["is it a situationship"] * 5).mended("a situationship is") == "a situationship is"
    assert "situationship" in Spelling.of(["is it a situationship"] * 5).own


@given(st.text(max_size=200))
def test_any_text_can_be_mended_and_keeps_its_number_of_words(text: str) -> None:
    assert len(SPELLING.mended(plain(text)).split()) == len(plain(text).split())
