import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutual.text import MAX_CHARACTERS, compared, passages, plain, questions, sentences


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("I don\u2019t want to", "I don't want to"),
        ("he won\u200bt st\u200dop", "he wont stop"),
        ("\u202enever\u202c mind", "never mind"),
        ("\uff48\uff45\uff4c\uff50", "help"),
        ("nоооооo", "noo"),
        ("line one\n\n\tline two", "line one line two"),
        ("\x00\x07", ""),
        ("   ", ""),
    ],
)
def test_what_looks_the_same_is_read_the_same(typed: str, read: str) -> None:
    assert plain(typed) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("he r*ped me", "he raped me"),
        ("i was r a p e d", "i was raped"),
        ("s3x with a friend, $ex", "sex with a friend, sex"),
        ("he as*aulted and ab#sed her", "he assaulted and abused her"),
        ("i want to unalive myself", "i want to kill myself"),
        ("she was SA'd last year", "she was sexually assaulted last year"),
        ("my uncle r4p3d her", "my uncle raped her"),
        ("k!ll", "kill"),
    ],
)
def test_a_disguised_word_is_read_as_the_word_meant(typed: str, read: str) -> None:
    assert plain(typed) == read


@pytest.mark.parametrize(
    "typed",
    [
        "he hit. then he said sorry!",
        "A B C and the U.S.A. in 4-5 days, 3.5 kg of self-raising flour",
        "my e-mail is a_b@example.org, b4 8pm",
        "*really* love him, no. 1 fan of h2o and mp3s",
        "rated 10/10 a+ at work_life balance",
    ],
)
def test_ordinary_signs_and_figures_stay(typed: str) -> None:
    assert plain(typed) == typed


def test_a_word_in_another_alphabet_keeps_its_letters() -> None:
    assert plain("помогите мне") == "помогите мне"


@given(st.text(max_size=400))
def test_reading_twice_changes_nothing_and_leaves_no_invisible_characters(typed: str) -> None:
    once = plain(typed)
    assert plain(once) == once
    assert not any(unicodedata.category(character) in ("Cc", "Cf") for character in once)


def test_the_end_of_a_huge_message_is_still_read() -> None:
    assert plain("word " * 100_000 + "he has a knife").endswith("he has a knife")
    assert len(plain("word " * 100_000)) <= MAX_CHARACTERS + 1


@given(st.text(alphabet="ab .!?;\n", max_size=600))
def test_splitting_into_sentences_loses_no_word(text: str) -> None:
    said = " ".join(sentences(text)).split()
    assert set(text.split()) <= {*said, *"!?;."} | set(said)


def test_an_endless_sentence_is_read_in_overlapping_pieces() -> None:
    pieces = sentences(" ".join(f"w{number}" for number in range(200)))
    assert all(len(piece.split()) <= 25 for piece in pieces)
    assert "w199" in pieces[-1].split()


def test_a_long_message_is_read_in_pairs_of_sentences_and_a_short_one_whole() -> None:
    assert passages("One. Two! Three? Four") == ["One. Two!", "Two! Three?", "Three? Four"]
    assert passages("One. Two.") == []


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("what is sympathy sex? how do i say no?", ["what is sympathy sex?", "how do i say no?"]),
        ("what is consent and how do i ask for it", ["what is consent", "what is consent how do i ask for it"]),
        ("What is trust, and is it rare?", ["What is trust", "What is trust is it rare?"]),
        ("what is sympathy sex?", []),
        ("hi there! what is sympathy sex?", ["what is sympathy sex?"]),
        ("my mother came to stay with us for the summer. what is sympathy sex?", []),
        ("i went home and when he came back he cried", []),
        ("really? why?", []),
        ("", []),
    ],
)  # fmt: skip
def test_two_questions_in_one_message_are_told_apart(text: str, asked: list[str]) -> None:
    assert questions(text) == asked


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("emotional vs sexual intimacy", ["What is emotional intimacy?", "What is sexual intimacy?"]),
        ("what's the difference between pity sex and duty sex?", ["What is pity sex?", "What is duty sex?"]),
        ("sympathy sex versus coercion, where is the line", ["What is sympathy sex?", "What is coercion?"]),
        ("is pity sex different from love", ["What is pity sex?", "What is love?"]),
    ],
)
def test_a_comparison_asks_for_both_things(text: str, parts: list[str]) -> None:
    assert compared(text) == parts


@pytest.mark.parametrize(
    "text", ["what is sympathy sex", "him or me", "", "vs", "i said no and he was different after"]
)
def test_what_compares_nothing_has_no_two_sides(text: str) -> None:
    assert compared(text) == []
