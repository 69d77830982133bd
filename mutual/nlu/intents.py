"""The intent classifier: one linear head over the shared encoding."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from mutual.nlu.featurizer import whole_vector
from mutual.nlu.heads import LinearHead
from mutual.nlu.trained import TrainedComponent

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

    def learn(self, training_data: TrainingData) -> LinearHead:
        """Trains on every example that has an intent."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        vectors = np.stack([whole_vector(example) for example in examples])
        intents = [str(example.get(INTENT)) for example in examples]
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
            ranking = [{"name": self.learnt.labels[i], "confidence": float(scores[i])} for i in best]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages
