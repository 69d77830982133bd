import asyncio
from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from mutual.replies.wordings import Wordings

OTHER = [{"type": "slot", "name": "voice", "value": "other"}]
DOMAIN = Domain.from_dict(
    {
        "responses": {
            "utter_help": [
                {"text": "one {number}"},
                {"text": "two"},
                {"text": "three"},
                {"text": "for a friend", "condition": OTHER},
                {"text": "for somebody else", "condition": OTHER},
            ]
        }
    }
)


def say(tracker: DialogueStateTracker) -> str:
    """Lets the bot say its next wording, and the tracker remember it."""
    said: dict[str, Any] | None = asyncio.run(
        Wordings(domain=DOMAIN).generate("utter_help", tracker, "web", number="112")
    )
    assert said is not None
    tracker.update(BotUttered(said["text"], metadata={"utter_action": "utter_help"}))
    return str(said["text"])


def conversation(name: str, voice: str = "self") -> DialogueStateTracker:
    tracker = DialogueStateTracker(name, slots=[])
    tracker.update(UserUttered("help", parse_data={"triage": {"voice": voice}}))
    return tracker


@pytest.mark.parametrize("name", ["a", "b", "c", "d"])
def test_no_wording_comes_back_before_all_were_said(name: str) -> None:
    tracker = conversation(name)
    heard = [say(tracker) for _ in range(6)]
    assert set(heard[:3]) == {"one 112", "two", "three"}
    assert heard[3:] == heard[:3]


def test_conversations_begin_with_different_wordings() -> None:
    assert len({say(conversation(str(number))) for number in range(30)}) == 3


def test_a_message_about_somebody_else_gets_the_wordings_for_supporters() -> None:
    tracker = conversation("x", voice="other")
    assert {say(tracker), say(tracker)} == {"for a friend", "for somebody else"}


def test_an_unknown_reply_says_nothing() -> None:
    assert asyncio.run(Wordings(domain=DOMAIN).generate("utter_unknown", conversation("x"), "web")) is None
