import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutual.directory.places import Place, find_code, find_place


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("I'm in Australia", Place("AU")),
        ("im from the states", Place("US")),
        ("uk", Place("GB")),
        ("Glasgow", Place("GB", "Scotland")),
        ("i'm in the uk (scotland)", Place("GB", "Scotland")),
        ("not the US, I'm in Ireland", Place("IE")),
        ("no, Austria not Australia", Place("AT")),
        ("Munich but I'm British", Place("DE")),
        ("I'm Canadian and my husband keeps asking", Place("CA")),
        ("i live in lagos", Place("NG", "Lagos")),
        ("change my country to New Zealand", Place("NZ")),
        ("we are in Peru", Place("PE")),
        ("ZA", Place("ZA")),
        ("no wait, Canada", Place("CA")),
        ("i'm in bradford", Place("GB")),
        ("I've moved to New York", Place("US")),
        ("the us one", Place("US")),
        ("and in Kenya?", Place("KE")),
        ("low cost therapy usa", Place("US")),
        ("therapist leeds", Place("GB")),
        ("ich bin in Deutschland", Place("DE")),
        ("je suis en Belgique", Place("BE")),
        ("estou em Portugal", Place("PT")),
        ("estoy en Colombia", Place("CO")),
        ("أنا في مصر", Place("EG")),
        ("मैं भारत में हूँ", Place("IN")),
        ("我在台湾", Place("TW")),
    ],
)
def test_where_somebody_says_they_are_is_understood(text: str, place: Place) -> None:
    assert find_place(text) == place


@pytest.mark.parametrize(
    "text",
    [
        "what is the law in Spain",
        "my spanish teacher is nice",
        "he took me to Paris",
        "he is from Italy",
        "thanksgiving turkey was great",
        "let us talk",
        "tell us more",
        "he moved to Spain",
        "i'm in bath",
        "we got to the point",
        "i'm in love with Jordan",
        "it",
        "",
    ],
)
def test_a_country_that_is_only_mentioned_is_not_where_somebody_is(text: str) -> None:
    assert find_place(text) is None


def test_a_bare_name_is_an_answer_after_the_question() -> None:
    assert find_place("well, spain at the moment", asked=True) == Place("ES")


@given(st.text(max_size=200))
def test_any_text_is_read_without_an_error(text: str) -> None:
    place = find_place(text)
    assert place is None or find_code(place.country) == place.country


@pytest.mark.parametrize(
    ("typed", "code"), [("au", "AU"), ("UK", "GB"), (" gb ", "GB"), ("XX", None), ("", None), ("AUS", None)]
)
def test_a_code_is_read_in_any_case_and_an_unknown_one_is_none(typed: str, code: str | None) -> None:
    assert find_code(typed) == code


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("what's the helpline number in ireland", "IE"),
        ("is there a line in Canada?", "CA"),
        ("how do i find a therapist in canada", "CA"),
        ("who can my friend call in germany", "DE"),
    ],
)
def test_help_asked_for_in_a_place_is_that_places(text: str, country: str) -> None:
    place = find_place(text)
    assert place is not None
    assert place.country == country


@pytest.mark.parametrize(
    "text", ["i read about consent law in ireland", "the number of divorces fell in ireland", "my ex is from italy"]
)
def test_a_country_that_is_only_talked_about_is_nobodys_place(text: str) -> None:
    assert find_place(text) is None


def test_where_a_friend_is_counts_for_whoever_asks_for_the_friend() -> None:
    assert find_place("she's in Lagos", helping=True) == Place("NG", "Lagos")
    assert find_place("she's in Lagos") is None
