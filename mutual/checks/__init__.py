"""The linter behind `mutual check`: whether the project's content is complete, safe and fits together."""

from __future__ import annotations

from pathlib import Path

from mutual.checks import dialogue, documents, duplicates, lines, resources, safety
from mutual.checks.problem import Problem

__all__ = ["Problem", "run"]


def run(root: Path) -> list[Problem]:
    """Checks a project's content.

    Args:
        root: The project's folder, with `domain.yml`, `data/` and `actions/`.

    Returns:
        Its problems by file and line; only those of missing and unreadable files while there are any, since everything
        that names their content would seem wrong.
    """
    project, problems = lines.read(root)
    if problems:
        return sorted(problems)
    categories, problems = safety.taxonomy(project)
    problems += documents.check(project)
    problems += resources.check(project, categories)
    problems += safety.check(project)
    problems += dialogue.check(project)
    problems += duplicates.check(project)
    return sorted(problems)
