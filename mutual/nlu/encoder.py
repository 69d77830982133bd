"""The sentence encoder: text in, one normalised vector out, in process, on the CPU."""

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer
from tokenizers.implementations import BertWordPieceTokenizer

from mutual import settings

DIMENSIONS = 384
MAX_TOKENS = 256
"""Tokens read of one text; all-MiniLM-L6-v2 was trained on at most 256 word pieces."""

WEIGHTS = Path(__file__).parent / "weights" / "encoder.onnx"
WEIGHTS_SHA256 = "ec56a08c4c0e6611719f9143809e1a07c64bd80adb1af19e1a5fef7eb6f51ae2"
"""all-MiniLM-L6-v2 fine-tuned on Mutual's own messages, the mean of two runs (docs/encoder.md)."""

VOCABULARY = Path(__file__).parent / "wordpiece" / "vocab.txt"

Vectors = npt.NDArray[np.float32]


class EncoderError(RuntimeError):
    """The encoder's model file is missing or is not the one that was asked for."""


def checked_session(model: Path, sha256: str, threads: int = 1) -> onnxruntime.InferenceSession:
    """Loads an ONNX file that is the tested one.

    Args:
        model: The ONNX file.
        sha256: Its checksum in hexadecimal; the file decides what is a disclosure.
        threads: Threads that read one text.

    Returns:
        The session.

    Raises:
        EncoderError: The file is missing or has another checksum.
    """
    if not model.is_file():
        raise EncoderError(f"No sentence encoder at {model}.")
    found = hashlib.sha256(model.read_bytes()).hexdigest()
    if found != sha256:
        raise EncoderError(f"The sentence encoder {model} has checksum {found}, expected {sha256}.")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


class SentenceEncoder:
    """The fine-tuned all-MiniLM-L6-v2 (or another ONNX sentence encoder with its inputs): one vector of length 1."""

    def __init__(self, model: Path, sha256: str) -> None:
        """Loads the model.

        Args:
            model: The ONNX file.
            sha256: Its checksum in hexadecimal.

        Raises:
            EncoderError: The file is missing or has another checksum.
        """
        # One thread a text: a reply is a single short text, and training runs two texts side by side.
        self._session = checked_session(model, sha256)
        self.sha256 = sha256
        self._inputs = {node.name for node in self._session.get_inputs()}
        self._tokenizer: Tokenizer = BertWordPieceTokenizer(str(VOCABULARY), lowercase=True)
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._side_by_side = ThreadPoolExecutor(2, "encoder")

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encodes texts one by one (int8 activations are scaled by batch, so a batch would change the vectors).

        Args:
            texts: The texts, already normalised with `mutual.text.plain`; n of them.

        Returns:
            An array of shape (n, 384), each row of length 1.
        """
        if not texts:
            return np.zeros((0, DIMENSIONS), dtype=np.float32)
        if len(texts) == 1:
            return self._encode_one(texts[0])[None, :]
        return np.stack(list(self._side_by_side.map(self._encode_one, texts)))

    def _encode_one(self, text: str) -> Vectors:
        encoding = self._tokenizer.encode(text)
        feeds = {
            "input_ids": np.array([encoding.ids], dtype=np.int64),
            "attention_mask": np.array([encoding.attention_mask], dtype=np.int64),
            "token_type_ids": np.array([encoding.type_ids], dtype=np.int64),
        }
        output = self._session.run(None, {name: value for name, value in feeds.items() if name in self._inputs})[0][0]
        pooled = output.mean(axis=0) if output.ndim == 2 else output
        vector: Vectors = (pooled / max(float(np.linalg.norm(pooled)), 1e-12)).astype(np.float32)
        return vector


@lru_cache(maxsize=1)
def shared_encoder() -> SentenceEncoder:
    """The one encoder of this process: the featurizer and the retriever's training use the same.

    Returns:
        The encoder named in the environment, else the packaged one.

    Raises:
        EncoderError: Its file is missing or not the expected one.
    """
    chosen = settings.read()
    if chosen.encoder is not None and chosen.encoder_sha256 is not None:
        return SentenceEncoder(chosen.encoder, chosen.encoder_sha256)
    return SentenceEncoder(WEIGHTS, WEIGHTS_SHA256)
