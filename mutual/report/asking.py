"""Sends a set of messages through the assistant, each as the first of a conversation."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from rich.progress import track

from mutual.assistant import Assistant, Reply


def ask(assistant: Assistant, texts: Iterable[tuple[str, str]], label: str) -> list[Reply]:
    """Asks them one after another.

    Args:
        assistant: The assistant.
        texts: (id, message) pairs; each id is the name of its conversation.
        label: What stands beside the progress bar.

    Returns:
        The replies in order.
    """

    async def all_of_them() -> list[Reply]:
        return [await assistant.say(id_, text) for id_, text in track(list(texts), label)]

    return asyncio.run(all_of_them())
