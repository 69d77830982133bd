"""What a check reports."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend in a file of the project.

    Attributes:
        file: The file, relative to the project's folder, with forward slashes.
        line: Line in it, counted from 1.
        wrong: What is wrong, without a full stop.
        todo: What to do about it, without a full stop.
    """

    file: str
    line: int
    wrong: str
    todo: str

    def __str__(self) -> str:
        """The form editors and terminals make a link of: "file:line: problem. Do this."."""
        return f"{self.file}:{self.line}: {self.wrong}. {self.todo}."
