"""Messages in other languages, and English ones that only look like it."""

from pathlib import Path

import pytest
import yaml

from mutual.nlu.language import foreign
from mutual.nlu.taxonomy import load
from mutual.text import plain


def name(row: dict[str, str]) -> str:
    return f"{row['language']}: {row['text'][:40]}"


ROWS = yaml.safe_load(Path(__file__).with_name("languages.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("row", ROWS["risk"] + ROWS["ordinary"], ids=name)
def test_a_message_in_another_language_is_noticed(row: dict[str, str]) -> None:
    found = foreign(plain(row["text"]))
    assert found is not None
    assert found.code == row["language"]


@pytest.mark.parametrize("row", ROWS["risk"], ids=name)
def test_words_of_risk_raise_the_tier(row: dict[str, str]) -> None:
    found = foreign(plain(row["text"]))
    assert found is not None
    assert load().tier(found.category or "none") in ("support", "crisis", "emergency")


@pytest.mark.parametrize("row", ROWS["ordinary"], ids=name)
def test_an_ordinary_question_in_another_language_raises_nothing(row: dict[str, str]) -> None:
    found = foreign(plain(row["text"]))
    assert found is not None
    assert found.category is None


@pytest.mark.parametrize("text", ROWS["english"])
def test_english_with_foreign_words_stays_english(text: str) -> None:
    assert foreign(plain(text if isinstance(text, str) else text["text"])) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("¡Ayuda!", "es"),
        ("quiero morir", "es"),
        ("au secours", "fr"),
        ("hilfe", "de"),
        ("me ajuda", "pt"),
        ("救命", "zh"),
    ],
)
def test_one_or_two_words_are_enough_to_cry_for_help(text: str, code: str) -> None:
    found = foreign(plain(text))
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize(
    "text", ["help", "suicide", "overdose", "no", "ok", "die", "stalker", "sex", "domestic violence"]
)
def test_a_short_english_word_stays_english(text: str) -> None:
    assert foreign(plain(text)) is None
