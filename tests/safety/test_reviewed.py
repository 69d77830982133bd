"""The wording of every safety reply is pinned: changing one is a deliberate act.

After two people have read a new wording, put the checksum the failing test prints into reviewed.yml, in the same
commit.
"""

import hashlib
import json

import pytest
import yaml

from mutual import paths

PINNED: dict[str, str] = yaml.safe_load((paths.ROOT / "tests/safety/reviewed.yml").read_text(encoding="utf-8"))
FILES = ("data/safety/replies.yml", "data/safety/languages_replies.yml")
REPLIES: dict[str, object] = {
    name: wordings
    for file in FILES
    for name, wordings in yaml.safe_load((paths.ROOT / file).read_text(encoding="utf-8"))["responses"].items()
}


def checksum(wordings: object) -> str:
    """Of everything a person would read and press, spaces and line breaks of the file left out."""
    return hashlib.sha256(json.dumps(wordings, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


@pytest.mark.parametrize("name", sorted(REPLIES))
def test_a_safety_reply_says_what_was_reviewed(name: str) -> None:
    found = checksum(REPLIES[name])
    assert PINNED.get(name) == found, (
        f"{name} was changed after its review. If two people have read it against the rules of docs/safety-case.md, "
        f'write "{name}: {found}" into tests/safety/reviewed.yml.'
    )


def test_every_reviewed_reply_still_exists() -> None:
    assert sorted(PINNED) == sorted(REPLIES)
