"""Retrieval: finds the passages that answer a message, or says that none does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from mutual.library.documents import fingerprint, read_library
from mutual.nlu.context import leaned_on
from mutual.nlu.encoder import Vectors, shared_encoder
from mutual.nlu.featurizer import COMPLETED_TEXT, MENDED_TEXT, whole_vector
from mutual.nlu.index import SLIGHT, Index, Rows
from mutual.nlu.parser import PLAIN_TEXT
from mutual.nlu.second_reader import second_reading
from mutual.nlu.trained import TrainedComponent
from mutual.text import bare, compared, plain, questions

RETRIEVAL = "retrieval"
"""Message property and key of the parse data: {"answered": bool, "leans": bool, "passages": [{"id", "score"}, …],
"near": [id, …], "sureness": float, "asked": [id, …]}. Passages stand best first; `sureness` decides between the best
one and "not covered"; `leans` says that the question leans on the answer before it; `near` are those worth offering
where none answers; `asked` names the passages that answer the questions of a message of several, where they are more
than one or the whole is not answered."""

NOT_COVERED_INTENTS = frozenset({"near_domain", "out_of_scope"})
"""Intents of messages the documents do not answer; their training messages are the index's counter-examples."""

LEAST_ODDS = -0.5
"""On the development questions as good as none, which let it veto."""

MAX_QUESTIONS = 3
"""Questions of one message that are looked up apart."""


@dataclass(frozen=True)
class Found:
    """What was found for one question.

    Attributes:
        answered: Whether the best passage answers it.
        passages: (passage id, score) pairs, best first.
        sureness: What decides between the best one and "not covered".
    """

    answered: bool
    passages: tuple[tuple[str, float], ...]
    sureness: float


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class PassageRetriever(TrainedComponent[Index]):
    """Ranks the passages for each message; the index is part of the trained model."""

    keeps = Index

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings.

        `neighbours`: nearest rows averaged a passage. `kept`: passages passed on. `least`, `sure`: a passage answers
        when its score reaches `least` and a sum reaches `sure`: its margin over the counter-examples, `worded` times
        the same by words, `covered` times the probability that the documents answer at all, `length` times the
        logarithm of the number of words (a long question is very like nothing else), and, where the second reader
        learnt the passage, `expected` times the log odds it gives that any passage is asked for. The weights are those
        of logistic regressions on `tests/answers/development`. `alone`: least sum for a short question that could lean
        on the last answer to stand alone; `leaning`: least sum for it to be answered as leaning on that, since whatever
        is asked about an answer is like its passage. `near`: least score of a passage that is offered where none
        answers. `cleared`: a counter-example this near to a passage that no topic asks for is taken out: a document
        dropped in answers it now.
        """
        return {
            "neighbours": 2,
            "near": 0.5,
            "alone": 0.5,
            "leaning": 0.5,
            "least": 0.45,
            "worded": 0.57,
            "covered": 0.133,
            "length": 0.098,
            "expected": 0.21,
            "sure": 0.35,
            "cleared": 0.6,
            "kept": 5,
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """A changed document makes another index: Rasa must not reuse the cached one."""
        return fingerprint()

    def learn(self, training_data: TrainingData) -> Index:
        """Builds the index from the documents and the topics' training questions.

        Args:
            training_data: Rasa's training data, with encodings; a topic's questions name their passage in the intent's
                metadata.

        Returns:
            The index.
        """
        library = read_library()
        written = [
            (id_, plain(row))
            for id_, passage in library.passages.items()
            for row in (passage.heading, f"{passage.heading} {passage.text}", *passage.questions)
        ]
        names = [id_ for id_, _ in written]
        texts = [text for _, text in written]
        vectors = shared_encoder().encode(texts)
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        asked = [example for example in examples if _passage_of(example) in library.passages]
        with_topic = {_passage_of(example) for example in asked}
        dropped_in = vectors[[id_ not in with_topic for id_ in names]]
        counters = [
            example
            for example in examples
            if example.get(INTENT) in NOT_COVERED_INTENTS
            and (dropped_in @ whole_vector(example)).max(initial=0.0) < self._config["cleared"]
        ]
        return Index.of(
            [*names, *map(_passage_of, asked)],
            Rows([*texts, *map(_text_of, asked)], np.vstack([vectors, *map(whole_vector, asked)])),
            Rows([*map(_text_of, counters)], np.stack([*map(whole_vector, counters)])),
        )

    def process(self, messages: list[Message], tracker: DialogueStateTracker) -> list[Message]:
        """Ranks the passages for live messages.

        Args:
            messages: Messages with encodings.
            tracker: The conversation before them; Rasa's default recipe hands it in by this argument's name.

        Returns:
            The same messages with `retrieval`.
        """
        for message in messages:
            found, leans = self._leaning(message, tracker)
            mended = str(message.get(MENDED_TEXT))
            parts = (compared(mended) or questions(mended))[:MAX_QUESTIONS]
            vectors = shared_encoder().encode(parts)
            apart = [self._found(message, part, part, vector) for part, vector in zip(parts, vectors, strict=True)]
            asked = list(dict.fromkeys(part.passages[0][0] for part in apart if part.answered))
            message.set(
                RETRIEVAL,
                {
                    "leans": leans,
                    "answered": found.answered or bool(asked),
                    "passages": [{"id": id_, "score": round(score, 4)} for id_, score in found.passages],
                    "near": [id_ for id_, score in found.passages if score >= self._config["near"]],
                    "sureness": round(found.sureness, 4),
                    # Where the message as a whole is not answered, what its one answered question asks for.
                    "asked": asked if len(asked) > 1 or not found.answered else [],
                },
                add_to_output=True,
            )
        return messages

    def _leaning(self, message: Message, tracker: DialogueStateTracker) -> tuple[Found, bool]:
        """What is found for a message as a whole, and whether as a question about the answer before it."""
        text, mended = str(message.get(PLAIN_TEXT)), str(message.get(MENDED_TEXT))
        completed = str(message.get(COMPLETED_TEXT))
        before = leaned_on(mended, tracker)
        if before is None or bare(completed) in _by_heading() or bare(text) in _by_heading():
            # "Number three" asks for exactly that passage, given before or not.
            return self._found(message, text, completed, whole_vector(message)), False
        alone = self._found(message, text, mended, shared_encoder().encode([mended])[0])
        completed = f"{before.heading} {mended}"
        found = self._found(message, completed, completed, shared_encoder().encode([completed])[0])
        if alone.answered and alone.sureness >= max(self._config["alone"], found.sureness):
            # "What is sympathy sex?" after another answer means what it says.
            return alone, False
        return replace(found, answered=found.answered and found.sureness >= self._config["leaning"]), True

    def _found(self, message: Message, typed: str, text: str, vector: Vectors) -> Found:
        """What is found for a question of a message, as typed and as it was mended, completed and encoded."""
        heading = _by_heading().get(bare(typed)) or _by_heading().get(bare(text))
        read = second_reading(message, text)
        match = self.learnt.search(text, vector, read, self._config["neighbours"], self._config["kept"])
        if heading is not None:
            # The question on one of our own buttons, or of the list item asked for: exactly its passage.
            return Found(True, ((heading, 1.0), *(pair for pair in match.passages if pair[0] != heading)), 1.0)
        best, score = match.passages[0]
        sureness = (
            match.margin
            + self._config["worded"] * match.worded
            + self._config["covered"] * match.covered
            + self._config["length"] * float(np.log(len(text.split()) + 1))
        )
        if best in read:
            # A document dropped in since the second reader was trained is nothing it could expect.
            sureness += self._config["expected"] * _odds(read)
        answered = score >= self._config["least"] and sureness >= self._config["sure"]
        return Found(answered, match.passages, sureness)


def _odds(read: Mapping[str, float]) -> float:
    """Logarithm of the odds that some passage is asked for rather than something no document answers.

    Below `LEAST_ODDS` it counts no less: alone it may not veto what the first reader is sure of ("hiya! what is …?").
    """
    asked = sum(read.get(passage, 0.0) for passage in read_library().passages)
    not_covered = sum(read.get(intent, 0.0) for intent in NOT_COVERED_INTENTS)
    return max(float(np.log((asked + SLIGHT) / (not_covered + SLIGHT))), LEAST_ODDS)


@lru_cache(maxsize=1)
def _by_heading() -> dict[str, str]:
    return {bare(plain(passage.heading)): id_ for id_, passage in read_library().passages.items()}


def _text_of(example: Message) -> str:
    return str(example.get(MENDED_TEXT))


def _passage_of(example: Message) -> str:
    return str(((example.get(METADATA) or {}).get("intent") or {}).get("passage", ""))
