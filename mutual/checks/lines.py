"""YAML with line numbers: the parsed nodes of the project's files, and ways to read them that never raise.

A node of another shape than expected reads as empty, so that a check reports what is missing instead of crashing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from mutual.checks.problem import Problem

DOMAIN = "domain.yml"
RULES = "data/rules.yml"
TAXONOMY = "data/safety/taxonomy.yml"
ANSWERS = "data/safety/answers.yml"
PATTERNS = "data/safety/patterns.yml"
REPLIES = "data/safety/replies.yml"
LANGUAGES_REPLIES = "data/safety/languages_replies.yml"
INTERNATIONAL = "data/resources/int.yml"

_REQUIRED = (DOMAIN, RULES, TAXONOMY, ANSWERS, PATTERNS, REPLIES, INTERNATIONAL)
_STRING = "tag:yaml.org,2002:str"


@dataclass(frozen=True)
class Project:
    """The project's folder with its YAML files parsed.

    Attributes:
        root: The folder.
        files: Root node by file name relative to the folder, in alphabetical order; None for an empty file.
    """

    root: Path
    files: dict[str, yaml.Node | None]

    def node(self, file: str, *keys: str) -> yaml.Node | None:
        """The node under keys of a file, None where there is none."""
        return get(self.files.get(file), *keys)

    def under(self, folder: str) -> dict[str, yaml.Node | None]:
        """The files of a folder and its subfolders."""
        return {file: node for file, node in self.files.items() if file.startswith(f"{folder}/")}


def read(root: Path) -> tuple[Project, list[Problem]]:
    """Parses `domain.yml` and every YAML file under `data/`.

    Args:
        root: The project's folder.

    Returns:
        The project, and a problem for each file that is missing, not UTF-8 or not YAML.
    """
    files: dict[str, yaml.Node | None] = {}
    found = {path.relative_to(root).as_posix(): path for path in (root / "data").rglob("*.yml")}
    found |= {file: root / file for file in _REQUIRED}
    problems: list[Problem] = []
    for file, path in sorted(found.items()):
        try:
            files[file] = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
        except FileNotFoundError:
            problems.append(Problem(file, 1, "The file is missing", "Add it"))
        except UnicodeDecodeError:
            problems.append(Problem(file, 1, "The file is not UTF-8 text", "Save it as UTF-8"))
        except yaml.MarkedYAMLError as error:
            at = error.problem_mark.line + 1 if error.problem_mark else 1
            problems.append(
                Problem(file, at, f"The file is not YAML: {error.problem}", "Correct it here or just before")
            )
        except yaml.reader.ReaderError as error:
            at = path.read_text(encoding="utf-8")[: error.position].count("\n") + 1
            problems.append(Problem(file, at, "A character stands here that YAML forbids", "Delete it"))
    return Project(root, files), problems


def line(node: yaml.Node) -> int:
    """The line a node starts on, counted from 1."""
    return int(node.start_mark.line) + 1


def pairs(node: yaml.Node | None) -> list[tuple[yaml.Node, yaml.Node]]:
    """Key and value nodes of a mapping."""
    return list(node.value) if isinstance(node, yaml.MappingNode) else []


def items(node: yaml.Node | None) -> list[yaml.Node]:
    """Nodes of a list."""
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def text(node: yaml.Node | None) -> str:
    """What a scalar says, as written; empty for null."""
    if not isinstance(node, yaml.ScalarNode) or node.tag == "tag:yaml.org,2002:null":
        return ""
    return str(node.value)


def is_text(node: yaml.Node | None) -> bool:
    """Whether a node is a string, not a number, date or truth value."""
    return isinstance(node, yaml.ScalarNode) and node.tag == _STRING


def get(node: yaml.Node | None, *keys: str) -> yaml.Node | None:
    """The node under keys, None where there is none."""
    for key in keys:
        node = next((value for name, value in pairs(node) if text(name) == key), None)
    return node
