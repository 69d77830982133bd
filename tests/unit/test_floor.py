import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutual import paths
from mutual.checks import lines, training
from mutual.nlu.floor import Floor, PatternError, compile_words
from mutual.nlu.parser import language
from mutual.text import plain

FLOOR = Floor.load()


def categories(text: str) -> set[str]:
    return {hit.category for hit in FLOOR.hits(language()(plain(text)))}


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("i want to kill myself", "suicidal_thoughts"),
        ("I don\u2019t want to be here anymore", "suicidal_thoughts"),
        ("im going to end it tonight", "suicide_imminent"),
        ("i took all the pills", "suicide_imminent"),
        ("he has a knife", "imminent_danger"),
        ("999", "imminent_danger"),
        ("my girlfriend strangled me on friday", "medical_emergency"),
        ("my uncle molested me", "past_assault"),
        ("i was raped", "past_assault"),
        ("she forced me to have sex", "force_or_threat"),
        ("he said he would post my nudes", "image_threat"),
        ("he took the condom off without telling me", "stealthing"),
        ("help", "distress_general"),
    ],
)
def test_what_cannot_be_misread_is_caught_without_the_classifier(text: str, category: str) -> None:
    assert category in categories(text)


@pytest.mark.parametrize(
    "text",
    [
        "i was not raped",
        "he has never hit me",
        "he has a knife collection",
        "in the novel he raped me of my illusions as a reader",
        "kms lol i missed the bus haha",
        "he hit me up on insta",
        "my boss made me do overtime",
        "that joke made me choke up",
        "i skilled up my killer whale deck",
    ],
)
def test_idioms_negations_and_other_worlds_are_left_to_the_classifier(text: str) -> None:
    assert categories(text) == set()


def test_hardly_any_ordinary_training_message_is_caught() -> None:
    rows = training.blocks(lines.read(paths.ROOT)[0])
    ordinary = [m.text for row in rows if row.intent in ("near_domain", "out_of_scope") for m in row.messages]
    caught = [text for text in ordinary[::5] if categories(text)]
    assert len(caught) <= len(ordinary[::5]) * 0.005, caught


@pytest.mark.parametrize("words", ["", "a||b"])
def test_a_malformed_pattern_is_refused(words: str) -> None:
    with pytest.raises(PatternError):
        compile_words(words)


def test_a_double_pattern_is_refused_by_name() -> None:
    row = {"id": "twice", "category": "x", "words": ["a"]}
    with pytest.raises(PatternError, match="twice"):
        Floor([row, row])


@given(st.text(max_size=200))
def test_any_text_is_searched_without_an_error(text: str) -> None:
    FLOOR.hits(language()(plain(text)))


@pytest.mark.parametrize(
    "text", ["what if i just didn't wake up", "i go to bed hoping i wont wake up", "i wish i'd never wake up again"]
)
def test_hoping_not_to_wake_up_is_a_thought_of_suicide(text: str) -> None:
    assert "suicidal_thoughts" in categories(text)


@pytest.mark.parametrize(
    "text",
    [
        "i hope i don't wake him up",
        "if i don't wake up early we never have sex",
        "the baby sleeps in our bed and must not wake up",
        "what if i don't wake up after the surgery",
    ],
)
def test_sleep_that_must_not_be_disturbed_is_none(text: str) -> None:
    assert "suicidal_thoughts" not in categories(text)
