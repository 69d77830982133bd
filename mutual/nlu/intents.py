"""The intent classifier: one linear head over the shared encoding."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from mutual.library.documents import fingerprint, read_library
from mutual.nlu.encoder import shared_encoder
from mutual.nlu.featurizer import whole_vector
from mutual.nlu.heads import LinearHead
from mutual.nlu.trained import TrainedComponent
from mutual.text import plain

ANYTHING = "near_domain"
"""Intent of an ordinary message that no other intent fits; its rule looks into the documents."""

_FROM_DOCUMENTS = f"{ANYTHING}/documents"
"""Class of the documents' own questions: apart, since they would drown among the many other messages of that intent."""

_RANKED = 12


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class EncodingIntentClassifier(TrainedComponent[LinearHead]):
    """Ranks every intent, safety categories included; triage decides afterwards whether one of those is meant."""

    keeps = LinearHead

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings.

        `strength`: inverse of the L2 penalty, small because the encoder already knows the intents. `balance`: how much
        a small class counts beside a large one, 0 to 1 (see `LinearHead.fit`).
        """
        return {"strength": 3.0, "balance": 0.75}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """A changed document asks other questions: Rasa must not reuse the cached head."""
        return fingerprint()

    def learn(self, training_data: TrainingData) -> LinearHead:
        """Trains on every example that has an intent, and on the documents' own questions, which need none."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        questions = [plain(question) for passage in read_library().passages.values() for question in passage.questions]
        vectors = np.vstack([*(whole_vector(example) for example in examples), shared_encoder().encode(questions)])
        intents = [*(str(example.get(INTENT)) for example in examples), *[_FROM_DOCUMENTS] * len(questions)]
        return LinearHead.fit(vectors, intents, self._config["strength"], self._config["balance"])

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets the top intent and the ranking.

        Args:
            messages: Messages with encodings.

        Returns:
            The same messages with `intent` and `intent_ranking`.
        """
        for message in messages:
            scores = self.learnt.probabilities(whole_vector(message)[None, :])[0]
            best = np.argsort(-scores)[:_RANKED]
            ranking = [{"name": self.learnt.labels[i].split("/")[0], "confidence": float(scores[i])} for i in best]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages
