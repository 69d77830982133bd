"""Fixtures shared by all tests: the trained assistant, loaded once a run."""

import asyncio
from collections.abc import Callable

import pytest

from mutual.assistant import Assistant, Reply


@pytest.fixture(scope="session")
def assistant() -> Assistant:
    return Assistant.load()


@pytest.fixture(scope="session")
def say(assistant: Assistant) -> Callable[..., Reply]:
    """Says a message in a conversation and returns the turn."""

    def speak(conversation: str, text: str, country: str | None = None) -> Reply:
        return asyncio.run(assistant.say(conversation, text, country))

    return speak
