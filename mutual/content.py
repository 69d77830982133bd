"""Reads the project's YAML and JSON Lines files.

YAML is read in C, since the pure-Python reader would add two seconds to each start.
"""

import json
from pathlib import Path
from typing import Any

import yaml


def read_yaml(path: Path) -> Any:
    """Reads one file.

    Args:
        path: A YAML file in UTF-8.

    Returns:
        Its content.

    Raises:
        OSError: The file cannot be read.
        UnicodeDecodeError: It is not UTF-8.
        yaml.YAMLError: It is not YAML.
    """
    return yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)


def read_rows(folder: Path) -> list[dict[str, Any]]:
    """Reads all JSON Lines files of a folder.

    Args:
        folder: The folder.

    Returns:
        One row a line, in the order of files and lines.
    """
    return [json.loads(line) for path in sorted(folder.glob("*.jsonl")) for line in path.open(encoding="utf-8")]
