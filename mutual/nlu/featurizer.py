"""The sentence encoder as a Rasa featurizer: one encoding, of the mended text, serves intent, triage and retrieval."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from mutual.library.documents import fingerprint, read_library
from mutual.nlu.context import completed, told_in_pieces
from mutual.nlu.encoder import Vectors, shared_encoder
from mutual.nlu.parser import PLAIN_TEXT
from mutual.nlu.spelling import Spelling
from mutual.nlu.trained import TrainedComponent
from mutual.text import passages, plain

PIECE_VECTORS = "piece_vectors"
"""Message property: array of shape (k, 384), the encodings of a long message's pieces, or of a short one together with
what was told before it; k is 0 for a short one that stands alone."""

MENDED_TEXT = "mended_text"
"""Message property: the normalised text with mistyped words mended (str)."""

COMPLETED_TEXT = "completed_text"
"""Message property: the same after the question of the answer it leans on, if it does; what is encoded (str)."""

LEANS = "leans"
"""Message property: whether the message was encoded with the question of the answer before it."""

READ_TEXTS = "read_texts"
"""Message property: the texts that were encoded, the whole first, then each piece (list of str)."""

MAX_PIECES = 40
"""Pieces of one message that are encoded; at 8 ms each this bounds a message at 0.3 s. The last ones are kept."""


def whole_vector(message: Message) -> Vectors:
    """The encoding of the whole message.

    Args:
        message: A message the featurizer has seen.

    Returns:
        An array of shape (384,).
    """
    _, sentence_features = message.get_dense_features(TEXT, [])
    vector: Vectors = sentence_features.features[0]
    return vector


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class EncoderFeaturizer(TrainedComponent[Spelling]):
    """Adds the encoding of each message as dense sentence features, and of a long live message's pieces."""

    keeps = Spelling

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Another encoder or document makes other features and words: Rasa must not reuse cached ones."""
        return f"{shared_encoder().sha256} {fingerprint()}"

    def learn(self, training_data: TrainingData) -> Spelling:
        """Learns the words of the training messages and the documents.

        Args:
            training_data: Rasa's training data.

        Returns:
            How words are spelt.
        """
        library = read_library()
        return Spelling.of(
            [
                *(plain(str(e.get(TEXT))) for e in training_data.training_examples if e.get(TEXT)),
                *(plain(f"{passage.heading} {passage.text}") for passage in library.passages.values()),
            ]
        )

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Encodes the training messages.

        Args:
            training_data: Rasa's training data.

        Returns:
            The same training data with features.
        """
        examples = [example for example in training_data.training_examples if example.get(TEXT)]
        texts = [self.learnt.mended(plain(str(example.get(TEXT)))) for example in examples]
        vectors = shared_encoder().encode(texts)
        for example, text, vector in zip(examples, texts, vectors, strict=True):
            example.set(MENDED_TEXT, text)
            self._add(example, vector)
        return training_data

    def process(self, messages: list[Message], tracker: DialogueStateTracker) -> list[Message]:
        """Encodes live messages, whole and in pieces.

        Args:
            messages: Messages the parser has seen.
            tracker: The conversation before them; a question that leans on the last answer is encoded with it.

        Returns:
            The same messages with features and `PIECE_VECTORS`.
        """
        encoder = shared_encoder()
        for message in messages:
            text = self.learnt.mended(str(message.get(PLAIN_TEXT)))
            whole = completed(text, tracker)
            message.set(MENDED_TEXT, text)
            message.set(COMPLETED_TEXT, whole)
            message.set(LEANS, whole != text)
            pieces = [self.learnt.mended(plain(piece)) for piece in passages(str(message.get(TEXT) or ""))]
            pieces += [told] if (told := told_in_pieces(text, tracker)) else []
            texts = [whole, *pieces[-MAX_PIECES:]]
            message.set(READ_TEXTS, texts)
            vectors = encoder.encode(texts)
            self._add(message, vectors[0])
            message.set(PIECE_VECTORS, vectors[1:])
        return messages

    def _add(self, message: Message, vector: Vectors) -> None:
        message.add_features(Features(np.atleast_2d(vector), FEATURE_TYPE_SENTENCE, TEXT, type(self).__name__))
