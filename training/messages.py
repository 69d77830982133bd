"""The training messages as the encoders learn them: labelled, and in the disguises they may come in."""

from __future__ import annotations

import hashlib
import random
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from mutual.library.documents import read_library  # noqa: E402  # not installed in the environment this runs in
from mutual.text import passages, plain  # noqa: E402

__all__ = ["ROOT", "TIERS", "Example", "among_others", "corpus", "in_development", "pieces", "plain", "spoil"]

TIERS = ("none", "check_in", "support", "crisis", "emergency")
"""Levels at which a message is handled, lowest first."""

PIECES_A_MESSAGE = 2


@dataclass(frozen=True)
class Example:
    """One training text: the message, its intent or the passage it asks for, tier ("none" for ordinary ones)."""

    text: str
    intent: str
    tier: str


def corpus() -> list[Example]:
    """All training messages of `data/`, follow-ups left out (they have no meaning alone)."""
    categories = yaml.safe_load((ROOT / "data/safety/taxonomy.yml").read_text())["categories"]
    tiers = {category["id"]: category["tier"] for category in categories}
    examples: list[Example] = []
    for path in sorted((ROOT / "data").rglob("*.yml")):
        content = yaml.safe_load(path.read_text())
        for block in content.get("nlu", []) if isinstance(content, dict) else []:
            if block["intent"].startswith("followup_"):
                continue
            label = (block.get("metadata") or {}).get("passage", block["intent"])
            for line in block["examples"].splitlines():
                if line.strip().startswith("- "):
                    examples.append(Example(line.strip()[2:].strip(), label, tiers.get(block["intent"], "none")))
    # What a document lists after "Asked as:" has no intent, only its passage.
    for id_, passage in read_library().passages.items():
        examples += [Example(question, id_, "none") for question in passage.questions]
    return examples


def pieces(examples: list[Example], chance: random.Random) -> list[Example]:
    """Pairs of sentences out of ordinary messages, read as the assistant reads the pieces of a long message.

    All of them are ordinary; of a disclosure's pieces nobody knows which one tells it, so those are left out.
    """
    found: list[Example] = []
    for example in examples:
        parts = passages(example.text) if example.tier == "none" else []
        found += [
            Example(part, example.intent, "none") for part in chance.sample(parts, min(PIECES_A_MESSAGE, len(parts)))
        ]
    return found


def among_others(text: str, ordinary: list[str], chance: random.Random) -> str:
    """Hides a message among one to three ordinary ones; the label stays that of the message."""
    sentences = chance.sample(ordinary, chance.randint(1, 3))
    sentences.insert(chance.randint(0, len(sentences)), text)
    return ". ".join(sentences)


def in_development(text: str) -> bool:
    """Whether a message is of the tenth that thresholds are chosen on; by its checksum, so the same ones every time."""
    return hashlib.sha1(text.encode(), usedforsecurity=False).digest()[0] % 10 == 0


_KEYS = {"a": "sq", "e": "wr", "i": "uo", "o": "ip", "n": "bm", "t": "ry", "s": "ad", "r": "et", "h": "gj", "l": "k"}
_SHORT = [
    (r"\byou\b", "u"),
    (r"\bbecause\b", "cuz"),
    (r"\bplease\b", "pls"),
    (r"\bpeople\b", "ppl"),
    (r"\bsomething\b", "smth"),
    (r"\bdon'?t\b", "dnt"),
    (r"\bdon't know\b", "dunno"),
    (r"\bgirlfriend\b", "gf"),
    (r"\bboyfriend\b", "bf"),
    (r"\bto\b", "2"),
    (r"\band\b", "n"),
    (r"\bwith\b", "w"),
    (r"\bthough\b", "tho"),
    (r"\bare\b", "r"),
    (r"\bsex\b", "s3x"),
    (r"\brape", "r*pe"),
    (r"\bgoing to\b", "gonna"),
    (r"\bwant to\b", "wanna"),
    (r"\breally\b", "rly"),
    (r"\bwhat\b", "wat"),
    (r"\bthe\b", "da"),
]


def spoil(text: str, chance: random.Random) -> str:
    """Writes a message the way it might come from a phone at night: typos, text-speak, lost case and punctuation."""
    if chance.random() < 0.4:
        text = text.lower()
    if chance.random() < 0.3:
        text = re.sub(r"['\u2019]", "", text)
    if chance.random() < 0.3:
        text = re.sub(r"[.,!?;]", "", text)
    if chance.random() < 0.25:
        for pattern, short in chance.sample(_SHORT, 6):
            text = re.sub(pattern, short, text)
    letters = list(text)
    for _ in range(len(letters) // 40 if chance.random() < 0.5 else 0):
        at = chance.randrange(len(letters) - 1) if len(letters) > 2 else 0
        what = chance.random()
        if what < 0.3:
            letters[at : at + 2] = letters[at : at + 2][::-1]
        elif what < 0.6:
            letters.pop(at)
        else:
            letters[at] = chance.choice(_KEYS.get(letters[at].lower(), letters[at]))
    return "".join(letters) or text
