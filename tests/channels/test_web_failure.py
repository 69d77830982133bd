"""What the web channel says when everything behind it fails."""

import asyncio
from types import SimpleNamespace

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.domain import Domain

from mutual import paths
from mutual.channels.web import WebChannel


async def broken(message: UserMessage) -> None:
    raise RuntimeError("secret words somebody wrote")


def test_a_failure_inside_answers_with_the_static_safety_text_and_logs_no_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    agent = SimpleNamespace(domain=Domain.load(str(paths.DOMAIN)))
    request = SimpleNamespace(app=SimpleNamespace(ctx=SimpleNamespace(agent=agent)))
    answer = asyncio.run(WebChannel("")._answer(request, broken, "conversation", "hi", None))
    assert len(answer) == 1
    assert "https://findahelpline.com" in answer[0]["text"]
    assert "your local emergency number" in answer[0]["text"]
    assert "RuntimeError" in caplog.text
    assert "secret" not in caplog.text
