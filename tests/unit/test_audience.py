"""Who a person says they are, where some lines are made for them."""

import pytest

from mutual.audience import said_of_oneself


@pytest.mark.parametrize(
    "text",
    [
        "i'm a man and my wife forces me",
        "As a guy I feel stupid asking",
        "im a 34 year old guy",
        "being a married man nobody believes me",
        "male here",
        "34m, not sure where to start",
        "I'm her husband",
    ],
)
def test_a_man_who_says_so_is_known_as_one(text: str) -> None:
    assert said_of_oneself([text]) == ("men",)


@pytest.mark.parametrize(
    "text", ["im gay and he hits me", "we're both women", "as a trans woman i cant go there", "I am bisexual"]
)
def test_lgbtq_people_who_say_so_are_known_as_such(text: str) -> None:
    assert "lgbtq" in said_of_oneself([text])


@pytest.mark.parametrize(
    "text",
    [
        "i'm with a man who scares me",
        "I'm scared of this guy",
        "i'm not a man",
        "he says i'm like a man",
        "my husband",
        "as my husband says",
        "being hit by a man",
        "i'm seeing a bi guy",
        "",
    ],
)
def test_a_man_in_the_story_makes_nobody_a_man(text: str) -> None:
    assert said_of_oneself([text]) == ()
