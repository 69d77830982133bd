"""The second reader: a larger encoder with a head of its own that tells what a text discloses or asks for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np
from rasa.shared.nlu.training_data.message import Message
from tokenizers.implementations import BertWordPieceTokenizer

from mutual.nlu import taxonomy
from mutual.nlu.encoder import MAX_TOKENS, VOCABULARY, EncoderError, checked_session

WEIGHTS = Path(__file__).parent / "weights" / "second_reader.onnx"
WEIGHTS_SHA256 = "86a5d46cd938672ee2e87e0d6b78ac37ad5c42755570b62a28035b4e58ebef30"
"""Eight layers of all-mpnet-base-v2, the upper four fine-tuned on Mutual's own messages (docs/encoder.md)."""

_READINGS = "second_readings"
"""Message property: what was made of each text of the message that was read so far."""

_BEGIN, _END = 0, 2
_SHIFT = 4
"""MPNet knows BERT's word pieces, four numbers further on: its own four signs come first."""


class SecondReader:
    """Reads a text for what it discloses or asks for.

    Attributes:
        labels: What a text may be: a safety category, an intent, or the id of the passage that answers it.
    """

    def __init__(self, model: Path, sha256: str) -> None:
        """Loads the model.

        Args:
            model: The ONNX file; its metadata `labels` names what its output holds, and `categories` which of these are
                safety categories, both as JSON.
            sha256: Its checksum in hexadecimal.

        Raises:
            EncoderError: The file is missing, has another checksum, or was trained for other categories.
        """
        # Two threads a text: only few texts are read twice, one after the other, while somebody waits.
        self._session = checked_session(model, sha256, threads=2)
        about = self._session.get_modelmeta().custom_metadata_map
        self.labels = tuple(json.loads(about["labels"]))
        unknown = {*taxonomy.load().categories} ^ {*json.loads(about["categories"])}
        if unknown:
            raise EncoderError(
                f"The second reader {model} was trained for other categories; these differ: "
                f"{', '.join(sorted(unknown))}. Train it anew (docs/encoder.md)."
            )
        self._tokenizer = BertWordPieceTokenizer(str(VOCABULARY), lowercase=True)
        self._tokenizer.enable_truncation(MAX_TOKENS)

    def read(self, text: str) -> dict[str, float]:
        """Reads one text.

        Args:
            text: The text, already normalised with `mutual.text.plain`.

        Returns:
            Probability of each of `labels`, sum 1.
        """
        pieces = self._tokenizer.encode(text).ids[1:-1]
        ids = np.array([[_BEGIN, *(piece + _SHIFT for piece in pieces), _END]], dtype=np.int64)
        (probabilities,) = self._session.run(None, {"input_ids": ids})
        return dict(zip(self.labels, map(float, probabilities[0]), strict=True))


@lru_cache(maxsize=1)
def shared_second_reader() -> SecondReader:
    """The one second reader of this process.

    Raises:
        EncoderError: Its file is missing or not the expected one.
    """
    return SecondReader(WEIGHTS, WEIGHTS_SHA256)


def second_reading(message: Message, text: str) -> Mapping[str, float]:
    """What the second reader makes of a text of a message; every text is read once however many components ask.

    Args:
        message: The message.
        text: The text of it, normalised.

    Returns:
        Probability of each label, sum 1.
    """
    readings: dict[str, dict[str, float]] = message.get(_READINGS) or {}
    if text not in readings:
        readings[text] = shared_second_reader().read(text)
        message.set(_READINGS, readings)
    return readings[text]
