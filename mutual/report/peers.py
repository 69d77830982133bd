"""What an operator would have otherwise: a list of key words, and Rasa's stock classifier on the same messages."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import yaml

from mutual import paths
from mutual.content import read_yaml
from mutual.nlu import taxonomy
from mutual.nlu.taxonomy import NO_CATEGORY
from mutual.report.measure import Handled
from mutual.report.sealed import Sealed
from mutual.text import plain

DIET_RESULTS = paths.ROOT / "benchmarks" / "peers" / "diet.jsonl"

_KEYWORDS = re.compile(
    r"""\b(abus\w*|assault\w*|rap(e|ed|es|ist|ing)|molest\w*|violen\w*|suicid\w*|kill\w*|self.?harm\w*|overdose\w*|hurt(s|ing)?
    |hit(s|ting)?|beat(s|ing|en)?|forc(e|ed|es|ing)|coerc\w*|threat\w*|blackmail\w*|stalk\w*|strangl\w*|chok(e|ed|es|ing)
    |drugged|unsafe|afraid|scared|pressur\w*|consent|against\ my\ will|help\ me|underage|victim|harass\w*|weapon|knife
    |gun|die|dying|pregnant)\b""",
    re.IGNORECASE | re.VERBOSE,
)

_STOCK = """
recipe: default.v1
assistant_id: peer
language: en
pipeline:
- name: WhitespaceTokenizer
- name: RegexFeaturizer
- name: LexicalSyntacticFeaturizer
- name: CountVectorsFeaturizer
- name: CountVectorsFeaturizer
  analyzer: char_wb
  min_ngram: 1
  max_ngram: 4
- name: DIETClassifier
  epochs: {epochs}
  constrain_similarities: true
  ranking_length: 0
  random_seed: 20
"""
"""The pipeline `rasa init` writes, without the response selector and the fallback."""


@dataclass(frozen=True)
class Guess:
    """What the stock classifier made of a sealed message; kept in `DIET_RESULTS`, one JSON object a line."""

    id: str
    intent: str
    alarm: float


def keyword_list(rows: Sequence[Sealed]) -> list[Handled]:
    """Routes every message that has one of some forty words a careful operator would list.

    Args:
        rows: The sealed messages.

    Returns:
        How each would be handled.
    """
    hits = [bool(_KEYWORDS.search(plain(row.text))) for row in rows]
    return [
        Handled(row, "support" if hit else "none", "", "", float("nan")) for row, hit in zip(rows, hits, strict=True)
    ]


def diet(rows: Sequence[Sealed], results: Path = DIET_RESULTS) -> list[Handled] | None:
    """The stock classifier's guesses, as `train_diet` left them.

    Args:
        rows: The sealed messages.
        results: The file of guesses.

    Returns:
        How each message would be handled; None if there is no file, or if it lacks a message.
    """
    if not results.is_file():
        return None
    guesses = {g["id"]: Guess(**g) for g in map(json.loads, results.read_text(encoding="utf-8").splitlines())}
    if any(row.id not in guesses for row in rows):
        return None
    categories = taxonomy.load()
    found = []
    for row in rows:
        guess = guesses[row.id]
        category = guess.intent if guess.intent in categories.categories else NO_CATEGORY
        found.append(Handled(row, categories.tier(category), category, "", guess.alarm))
    return found


def train_diet(rows: Sequence[Sealed], epochs: int, results: Path = DIET_RESULTS) -> None:
    """Trains the stock classifier on all of Mutual's training messages and writes down its guesses.

    Takes more than an hour on two cores at 30 epochs (`rasa init` says 100).

    Args:
        rows: The sealed messages.
        epochs: Passes over the training messages.
        results: The file to write.
    """
    import asyncio

    from rasa.core.agent import Agent
    from rasa.model_training import train_nlu

    categories = taxonomy.load().categories
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "config.yml"
        config.write_text(_STOCK.format(epochs=epochs), encoding="utf-8")
        messages = Path(folder) / "nlu.yml"
        messages.write_text(yaml.safe_dump(_training_messages(), allow_unicode=True), encoding="utf-8")
        agent = Agent.load(train_nlu(str(config), str(messages), folder))
        results.parent.mkdir(parents=True, exist_ok=True)
        with results.open("w", encoding="utf-8") as out:
            for row in rows:
                parsed = asyncio.run(agent.parse_message(row.text))
                alarm = sum(r["confidence"] for r in parsed["intent_ranking"] if r["name"] in categories)
                guess = Guess(row.id, str(parsed["intent"]["name"]), round(float(alarm), 4))
                out.write(json.dumps(asdict(guess)) + "\n")


def _training_messages() -> dict[str, object]:
    """Mutual's training messages without follow-ups, which mean something only after a disclosure."""
    blocks = []
    for path in sorted(paths.DATA.rglob("*.yml")):
        content = read_yaml(path)
        found = content.get("nlu", []) if isinstance(content, dict) else []
        blocks += [{"intent": b["intent"], "examples": b["examples"]} for b in found if "followup_" not in b["intent"]]
    return {"version": "3.1", "nlu": blocks}
