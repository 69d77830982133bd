"""`mutual route`: messages in, how each was handled out, one JSON object a line (the routing contract)."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from typing import Any, TextIO

from rich.console import Console

from mutual.assistant import Assistant, Reply, UnknownCountry
from mutual.directory.places import find_code

__all__ = ["UnknownCountry", "route_lines"]

_EVERY = 200
"""Lines between two progress messages."""


class BadLine(ValueError):
    """A line that is no message; the text says what is wrong with it."""

    def __init__(self, problem: str, id_: Any = None) -> None:
        """Keeps the line's id, where it had one."""
        super().__init__(problem)
        self.id = id_


async def route_lines(
    assistant: Assistant, lines: Iterable[bytes], results: TextIO, country: str | None, console: Console
) -> int:
    """Sends messages through the assistant.

    Args:
        assistant: The assistant.
        lines: JSON Lines: {"id", "text", optional "conversation" and "country"}; lines with one `conversation` are one
            conversation in order, others stand alone. Empty lines are passed over.
        results: Gets a line each, in the same order; a bad line gives {"id"?, "error"} and the run goes on.
        country: Country of lines that name none, ISO 3166 alpha-2 code, or None.
        console: For progress.

    Returns:
        How many lines were bad.

    Raises:
        UnknownCountry: `country` is no code.
    """
    if country is not None and find_code(country) is None:
        raise UnknownCountry(f"{country!r} is not a country code: give two letters such as AU or GB.")
    bad = done = 0
    run = uuid.uuid4().hex
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = _parse(line)
            conversation = f"{run}-{row['conversation']}" if "conversation" in row else f"{run}#{number}"
            reply = await assistant.say(conversation, row["text"], row.get("country") or country)
            result = {"id": row["id"], **as_result(reply)}
        except BadLine as error:
            bad += 1
            result = {**({"id": error.id} if error.id is not None else {}), "error": f"line {number}: {error}"}
        except UnknownCountry as error:
            bad += 1
            result = {"id": row["id"], "error": f"line {number}: {error}"}
        results.write(json.dumps(result, ensure_ascii=False) + "\n")
        done += 1
        if done % _EVERY == 0:
            results.flush()
            console.print(f"{done} messages…", highlight=False)
    results.flush()
    return bad


def as_result(reply: Reply) -> dict[str, Any]:
    """A turn as the contract's result object, without its id."""
    return {
        "intent": reply.intent,
        "confidence": round(reply.confidence, 4),
        "tier": reply.tier,
        "category": reply.category,
        "voice": reply.voice,
        "messages": [message.as_dict() for message in reply.messages],
        "ms": round(reply.milliseconds, 1),
    }


def _parse(line: bytes) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise BadLine("this is not JSON in UTF-8.") from error
    if not isinstance(row, dict):
        raise BadLine("this is not a JSON object.")
    id_ = row.get("id")
    if not isinstance(id_, (str, int)) or isinstance(id_, bool):
        raise BadLine("give id as a string or number.")
    if not isinstance(row.get("text"), str):
        raise BadLine("give text as a string.", id_)
    if "conversation" in row and not isinstance(row["conversation"], (str, int)):
        raise BadLine("give conversation as a string or number.", id_)
    if row.get("country") is not None and not isinstance(row["country"], str):
        raise BadLine("give country as a code of two letters.", id_)
    # A lone surrogate is valid JSON but no text: it would stop the encoder.
    row["text"] = row["text"].encode("utf-8", "replace").decode("utf-8")
    return row
