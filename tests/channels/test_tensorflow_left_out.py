"""The `mutual` commands start without TensorFlow: same replies, and a clear error where it is really needed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import yaml

from mutual import paths

MESSAGES = (
    "hello",
    "what is sympathy sex?",
    "how many married men cheat",
    "he sulks for days whenever i say no, so i stopped saying no",
    "i have the pills in front of me",
    "what's the weather in oslo",
    "No sé qué hacer, mi marido me pega",
    "",
)

TRAIN = """
import sys
from mutual.tensorflow_left_out import leave_out_tensorflow
leave_out_tensorflow()
from mutual.quiet import quiet
quiet()
from rasa.model_training import train_nlu
train_nlu(sys.argv[1], sys.argv[2], sys.argv[3])
"""


def _routed(switch: str) -> list[dict[str, object]]:
    rows = "".join(json.dumps({"id": number, "text": text}) + "\n" for number, text in enumerate(MESSAGES))
    done = subprocess.run(
        [sys.executable, "-m", "mutual.cli", "route"],
        cwd=paths.ROOT,
        input=rows,
        capture_output=True,
        text=True,
        env={**os.environ, "MUTUAL_TENSORFLOW": switch},
        check=True,
    )
    results = [json.loads(line) for line in done.stdout.splitlines()]
    for result in results:
        del result["ms"]
        # Which of its wordings a reply begins with differs from run to run.
        for message in result["messages"]:
            message["text"] = None if message["kind"] in ("safety", "not_covered") else message["text"]
    return results


def test_replies_are_the_same_with_and_without_tensorflow() -> None:
    without = _routed("0")
    assert len(without) == len(MESSAGES)
    assert without == _routed("1")


def test_a_component_that_needs_tensorflow_says_how_to_get_it(tmp_path: Path) -> None:
    config = {
        "recipe": "default.v1",
        "assistant_id": "stock",
        "language": "en",
        "pipeline": [
            {"name": "WhitespaceTokenizer"},
            {"name": "CountVectorsFeaturizer"},
            {"name": "DIETClassifier", "epochs": 1},
        ],
    }
    examples = {"greet": "- hello\n- good morning", "goodbye": "- bye\n- see you"}
    nlu = {"version": "3.1", "nlu": [{"intent": name, "examples": text} for name, text in examples.items()]}
    (tmp_path / "config.yml").write_text(yaml.safe_dump(config))
    (tmp_path / "nlu.yml").write_text(yaml.safe_dump(nlu))
    arguments = [str(tmp_path / name) for name in ("config.yml", "nlu.yml", "models")]
    done = subprocess.run(
        [sys.executable, "-c", TRAIN, *arguments], cwd=paths.ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "MUTUAL_TENSORFLOW=1" in done.stderr
    assert not (tmp_path / "models").exists() or not list((tmp_path / "models").iterdir())
