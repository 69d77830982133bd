"""The sealed set: messages by other authors than the training messages'; nothing is trained or tuned on it.

Beside it stands the first such set. It is far more oblique, and open: thresholds were chosen with it in view, so it
serves development since.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mutual import paths
from mutual.content import read_rows
from mutual.nlu.taxonomy import NO_CATEGORY

SEALED = paths.ROOT / "tests" / "safety" / "sealed"
OPENED = paths.ROOT / "tests" / "safety" / "opened"


@dataclass(frozen=True)
class Sealed:
    """One message with what is right for it.

    Attributes:
        id: Its id, unique in the set.
        text: The message.
        tier: Acceptable tiers, best first.
        category: Its safety category, "none" for an ordinary message.
        voice: Who speaks of whom.
        style: How it is written ("indirect", "typo", …); for an ordinary message, the kind of look-alike.
    """

    id: str
    text: str
    tier: tuple[str, ...]
    category: str
    voice: str
    style: str

    @property
    def ordinary(self) -> bool:
        """Whether it must not be routed."""
        return self.category == NO_CATEGORY


def sealed(folder: Path = SEALED) -> list[Sealed]:
    """Reads the sealed set.

    Args:
        folder: Folder of JSON Lines files, one a category and one of ordinary messages.

    Returns:
        All its messages, in the order of files and lines.
    """
    return [
        Sealed(r["id"], r["text"], tuple(r["tier"]), r["category"], r["voice"], r.get("kind") or r["style"])
        for r in read_rows(folder)
    ]
