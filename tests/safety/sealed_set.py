"""The sealed set: messages by other authors than the training messages'; nothing is trained or tuned on it."""

import json
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "sealed"


@dataclass(frozen=True)
class Sealed:
    """One message: its acceptable tiers (best first), category, voice and style."""

    id: str
    text: str
    tier: tuple[str, ...]
    category: str
    voice: str
    style: str

    @property
    def ordinary(self) -> bool:
        return self.category == "none"


def sealed() -> list[Sealed]:
    """All messages of the sealed set."""
    rows = [json.loads(line) for path in sorted(FOLDER.glob("*.jsonl")) for line in path.open(encoding="utf-8")]
    return [Sealed(r["id"], r["text"], tuple(r["tier"]), r["category"], r["voice"], r["style"]) for r in rows]
