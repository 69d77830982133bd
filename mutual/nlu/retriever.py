"""Retrieval: finds the passages that answer a message, or says that none does."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
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
from mutual.nlu.stored import Stored
from mutual.nlu.trained import TrainedComponent
from mutual.text import plain, questions

RETRIEVAL = "retrieval"
"""Message property and key of the parse data: {"answered": bool, "leans": bool, "passages": [{"id", "score"}, …],
"asked": [id, …]}. Passages stand best first; `leans` says that the question leans on the answer before it; `asked`
names the passages that answer a message of two or three questions, one each."""

NOT_COVERED_INTENTS = frozenset({"near_domain", "out_of_scope"})
"""Intents of messages the documents do not answer; their training messages are the index's counter-examples."""

MAX_QUESTIONS = 3
"""Questions of one message that are looked up apart."""


@dataclass(frozen=True)
class Index(Stored):
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

    def search(self, vector: Vectors, neighbours: int) -> tuple[list[tuple[str, float]], float]:
        """Compares a message with the index.

        Args:
            vector: Its encoding, shape (384,).
            neighbours: How many nearest rows of one passage are averaged; equal rows count once.

        Returns:
            (passage id, score) pairs, best first, the score being the mean cosine of the passage's nearest rows; and
            the same mean over the nearest counter-examples.
        """
        left = self.vectors @ vector
        lengths = np.diff(self.starts, append=len(left))
        total, count = np.zeros(len(self.starts)), np.zeros(len(self.starts))
        for _ in range(neighbours):
            best = np.maximum.reduceat(left, self.starts)
            found = np.isfinite(best)
            total[found] += best[found]
            count += found
            left[left == np.repeat(best, lengths)] = -np.inf
        scores = dict(zip(self.passages, (total / count).tolist(), strict=True))
        against = scores.pop("", 0.0)
        return sorted(scores.items(), key=lambda pair: -pair[1]), against


@dataclass(frozen=True)
class Found:
    """What was found for one question.

    Attributes:
        answered: Whether the best passage answers it.
        passages: (passage id, score) pairs, best first.
    """

    answered: bool
    passages: tuple[tuple[str, float], ...]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class PassageRetriever(TrainedComponent[Index]):
    """Ranks the passages for each message; the index is part of the trained model."""

    keeps = Index

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
            rows = [passage.heading, f"{passage.heading} {passage.text}", *passage.questions]
            names += [id_] * len(rows)
            texts += [plain(row) for row in rows]
        vectors = [shared_encoder().encode(texts)]
        for example in training_data.intent_examples:
            if not example.get(TEXT):
                continue
            asked = _passage_of(example)
            if asked in library.passages or example.get(INTENT) in NOT_COVERED_INTENTS:
                names.append(asked if asked in library.passages else "")
                vectors.append(whole_vector(example)[None, :])
        return Index.of(names, np.vstack(vectors))

    def process(self, messages: list[Message]) -> list[Message]:
        """Ranks the passages for live messages.

        Args:
            messages: Messages with encodings.

        Returns:
            The same messages with `retrieval`.
        """
        for message in messages:
            text = str(message.get(PLAIN_TEXT))
            found = self._found(text, whole_vector(message))
            parts = questions(text)[:MAX_QUESTIONS]
            apart = [
                self._found(part, vector) for part, vector in zip(parts, shared_encoder().encode(parts), strict=True)
            ]
            asked = list(dict.fromkeys(part.passages[0][0] for part in apart if part.answered))
            message.set(
                RETRIEVAL,
                {
                    "leans": bool(message.get(LEANS)),
                    "answered": found.answered or bool(asked),
                    "passages": [{"id": id_, "score": round(score, 4)} for id_, score in found.passages],
                    "asked": asked if len(asked) > 1 else [],
                },
                add_to_output=True,
            )
        return messages

    def _found(self, text: str, vector: Vectors) -> Found:
        heading = _by_heading().get(text.lower())
        ranked, against = self.learnt.search(vector, self._config["neighbours"])
        if heading is not None:
            # The question on one of our own buttons: exactly its passage.
            ranked, against = [(heading, 1.0), *(pair for pair in ranked if pair[0] != heading)], 0.0
        best = ranked[0][1] if ranked else 0.0
        answered = best >= self._config["least"] and best - against >= self._config["margin"]
        return Found(answered, tuple(ranked[: self._config["kept"]]))


@lru_cache(maxsize=1)
def _by_heading() -> dict[str, str]:
    return {plain(passage.heading).lower(): id_ for id_, passage in read_library().passages.items()}


def _passage_of(example: Message) -> str:
    return str(((example.get(METADATA) or {}).get("intent") or {}).get("passage", ""))
