"""The second reader: a larger encoder with a head of its own that reads for disclosures alone."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers.implementations import BertWordPieceTokenizer

from mutual.nlu import taxonomy
from mutual.nlu.encoder import MAX_TOKENS, VOCABULARY, EncoderError, checked_session
from mutual.nlu.taxonomy import NO_CATEGORY

WEIGHTS = Path(__file__).parent / "weights" / "second_reader.onnx"
WEIGHTS_SHA256 = "5be05bc820affe4fded3e8e420b866124bcd41e2d09579ce020aa38375fc1741"
"""Eight layers of all-mpnet-base-v2, the upper four fine-tuned on Mutual's own messages (docs/encoder.md)."""

_BEGIN, _END = 0, 2
_SHIFT = 4
"""MPNet knows BERT's word pieces, four numbers further on: its own four signs come first."""


class SecondReader:
    """Reads a text for what it discloses."""

    def __init__(self, model: Path, sha256: str) -> None:
        """Loads the model.

        Args:
            model: The ONNX file; its metadata `labels` names what its output holds, as JSON.
            sha256: Its checksum in hexadecimal.

        Raises:
            EncoderError: The file is missing, has another checksum, or was trained for other categories.
        """
        # Two threads a text: only few texts are read twice, one after the other, while somebody waits.
        self._session = checked_session(model, sha256, threads=2)
        self.labels = tuple(json.loads(self._session.get_modelmeta().custom_metadata_map["labels"]))
        unknown = {*taxonomy.load().categories, NO_CATEGORY} ^ set(self.labels)
        if unknown:
            raise EncoderError(
                f"The second reader {model} was trained for other categories; these differ: "
                f"{', '.join(sorted(unknown))}. Train it anew (docs/encoder.md)."
            )
        self._tokenizer = BertWordPieceTokenizer(str(VOCABULARY), lowercase=True)
        self._tokenizer.enable_truncation(MAX_TOKENS)

    def probabilities(self, text: str) -> npt.NDArray[np.float32]:
        """Reads one text.

        Args:
            text: The text, already normalised with `mutual.text.plain`.

        Returns:
            Probability of each of `labels`, shape (c,), sum 1.
        """
        pieces = self._tokenizer.encode(text).ids[1:-1]
        ids = np.array([[_BEGIN, *(piece + _SHIFT for piece in pieces), _END]], dtype=np.int64)
        (read,) = self._session.run(None, {"input_ids": ids})
        probabilities: npt.NDArray[np.float32] = read[0]
        return probabilities


@lru_cache(maxsize=1)
def shared_second_reader() -> SecondReader:
    """The one second reader of this process.

    Raises:
        EncoderError: Its file is missing or not the expected one.
    """
    return SecondReader(WEIGHTS, WEIGHTS_SHA256)
