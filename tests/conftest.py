"""Fixtures shared by all tests; `assistant`, the trained one loaded once a run, comes from mutual.testing."""

import asyncio
from collections.abc import Callable

import pytest

from mutual.assistant import Assistant, Reply

from .live_server import server

__all__ = ["server"]


@pytest.fixture(scope="session")
def say(assistant: Assistant) -> Callable[..., Reply]:
    """Says a message in a conversation and returns the turn."""

    def speak(conversation: str, text: str, country: str | None = None) -> Reply:
        return asyncio.run(assistant.say(conversation, text, country))

    return speak
