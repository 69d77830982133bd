"""Training messages with the lines they stand on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from mutual.checks import lines
from mutual.checks.lines import Project


@dataclass(frozen=True)
class Message:
    """One training message.

    Attributes:
        file: Its file, relative to the project's folder.
        line: Its line.
        intent: The intent it teaches.
        text: What it says; empty when nothing follows the dash, or Rasa would skip the line for want of one.
    """

    file: str
    line: int
    intent: str
    text: str


@dataclass(frozen=True)
class Block:
    """Messages of one intent that share metadata.

    Attributes:
        file: The file, relative to the project's folder.
        line: The line that names the intent.
        intent: The intent.
        metadata: The node of its metadata, None without.
        messages: The messages in order.
    """

    file: str
    line: int
    intent: str
    metadata: yaml.Node | None
    messages: tuple[Message, ...]


def blocks(project: Project, folder: str = "data") -> Iterator[Block]:
    """The training data of a folder.

    Args:
        project: The project.
        folder: The folder, relative to the project's.

    Yields:
        One block for each entry with an intent under `nlu`.
    """
    for file, root in project.under(folder).items():
        for node in lines.items(lines.get(root, "nlu")):
            named = lines.get(node, "intent")
            if named is None:
                continue
            intent, examples = lines.text(named), lines.get(node, "examples")
            # A block scalar's text begins on the line after its "|".
            first = lines.line(examples) + 1 if examples else 0
            messages = tuple(
                Message(file, number, intent, row[1:].strip() if row.startswith("-") else "")
                for number, row in enumerate(lines.text(examples).splitlines(), first)
                if row.strip()
            )
            yield Block(file, lines.line(named), intent, lines.get(node, "metadata"), messages)
