"""Retrieval: finds the passages that answer a message, or says that none does."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from mutual import paths
from mutual.library.documents import read_library
from mutual.nlu.encoder import Vectors, shared_encoder
from mutual.nlu.featurizer import LEANS, whole_vector
from mutual.nlu.parser import PLAIN_TEXT
from mutual.nlu.trained import TrainedComponent
from mutual.text import plain

RETRIEVAL = "retrieval"
"""Message property and key of the parse data: {"answered": bool, "leans": bool, "passages": [{"id", "score"}, …]}, best
first; `leans` says that the question leans on the answer before it."""

NOT_COVERED_INTENTS = frozenset({"near_domain", "out_of_scope"})
"""Intents of messages the documents do not answer; their training messages are the index's counter-examples."""


@dataclass(frozen=True)
class Index:
    """Everything a message is compared with.

    Attributes:
        passages: Ids of the passages, sorted; "" stands for the counter-examples.
        starts: Row at which the rows of each of them start, shape (p,).
        vectors: Encodings of headings, texts, questions and counter-examples, in that order, shape (n, 384).
    """

    passages: tuple[str, ...]
    starts: npt.NDArray[np.intp]
    vectors: Vectors

    @classmethod
    def of(cls, names: list[str], vectors: Vectors) -> Index:
        """Sorts rows by passage.

        Args:
            names: Passage id of each row, "" for a counter-example; n of them.
            vectors: Their encodings, shape (n, 384).

        Returns:
            The index.
        """
        order = np.argsort(np.array(names), kind="stable")
        passages, starts = np.unique(np.array(names)[order], return_index=True)
        return cls(tuple(str(passage) for passage in passages), starts, vectors[order])

    def save(self, path: Path) -> None:
        """Writes the index as an .npz file."""
        vectors = self.vectors.astype(np.float16)
        np.savez(path, passages=np.array(self.passages), starts=self.starts, vectors=vectors)

    @classmethod
    def load(cls, path: Path) -> Index:
        """Reads an index `save` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            names = tuple(str(passage) for passage in arrays["passages"])
            return cls(names, arrays["starts"], arrays["vectors"].astype(np.float32))

    def search(self, vector: Vectors, neighbours: int) -> tuple[list[tuple[str, float]], float]:
        """Compares a message with the index.

        Args:
            vector: Its encoding, shape (384,).
            neighbours: How many nearest rows of one passage are averaged.

        Returns:
            (passage id, score) pairs, best first, the score being the mean cosine of the passage's nearest rows; and
            the same mean over the nearest counter-examples.
        """
        cosines = self.vectors @ vector
        ends = np.append(self.starts[1:], len(cosines))
        scores = {
            passage: float(np.sort(cosines[start:end])[-neighbours:].mean())
            for passage, start, end in zip(self.passages, self.starts, ends, strict=True)
        }
        against = scores.pop("", 0.0)
        return sorted(scores.items(), key=lambda pair: -pair[1]), against


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class PassageRetriever(TrainedComponent[Index]):
    """Ranks the passages for each message; the index is part of the trained model."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings.

        `neighbours`: nearest rows averaged a passage. `least`, `margin`: a passage answers when its score reaches
        `least` and exceeds the counter-examples' by `margin`. `kept`: passages passed on.
        """
        return {"neighbours": 2, "least": 0.45, "margin": -0.05, "kept": 5}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """A changed document makes another index: Rasa must not reuse the cached one."""
        content = b"".join(path.read_bytes() for path in sorted(paths.DOCUMENTS.glob("*.md")))
        return hashlib.sha256(content).hexdigest()

    def learn(self, training_data: TrainingData) -> Index:
        """Builds the index from the documents and the topics' training questions.

        Args:
            training_data: Rasa's training data, with encodings; a topic's questions name their passage in the intent's
                metadata.

        Returns:
            The index.
        """
        library = read_library()
        names: list[str] = []
        texts: list[str] = []
        for id_, passage in library.passages.items():
            names += [id_, id_]
            texts += [plain(passage.heading), plain(f"{passage.heading} {passage.text}")]
        vectors = [shared_encoder().encode(texts)]
        for example in training_data.intent_examples:
            if not example.get(TEXT):
                continue
            asked = _passage_of(example)
            if asked in library.passages or example.get(INTENT) in NOT_COVERED_INTENTS:
                names.append(asked if asked in library.passages else "")
                vectors.append(whole_vector(example)[None, :])
        return Index.of(names, np.vstack(vectors))

    @staticmethod
    def write(learnt: Index, folder: Path) -> None:
        """Writes the index."""
        learnt.save(folder / "index.npz")

    @staticmethod
    def read(folder: Path) -> Index:
        """Reads the index."""
        return Index.load(folder / "index.npz")

    def process(self, messages: list[Message]) -> list[Message]:
        """Ranks the passages for live messages.

        Args:
            messages: Messages with encodings.

        Returns:
            The same messages with `retrieval`.
        """
        for message in messages:
            ranked, against = self.learnt.search(whole_vector(message), self._config["neighbours"])
            asked = _by_heading().get(str(message.get(PLAIN_TEXT)).lower())
            if asked is not None:
                # The question on one of our own buttons: exactly its passage.
                ranked, against = [(asked, 1.0), *(pair for pair in ranked if pair[0] != asked)], 0.0
            best = ranked[0][1] if ranked else 0.0
            message.set(
                RETRIEVAL,
                {
                    "leans": bool(message.get(LEANS)),
                    "answered": best >= self._config["least"] and best - against >= self._config["margin"],
                    "passages": [
                        {"id": id_, "score": round(score, 4)} for id_, score in ranked[: self._config["kept"]]
                    ],
                },
                add_to_output=True,
            )
        return messages


@lru_cache(maxsize=1)
def _by_heading() -> dict[str, str]:
    return {plain(passage.heading).lower(): id_ for id_, passage in read_library().passages.items()}


def _passage_of(example: Message) -> str:
    return str(((example.get(METADATA) or {}).get("intent") or {}).get("passage", ""))
