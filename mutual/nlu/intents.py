"""The intent classifier: one linear head over the shared encoding."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from mutual.nlu.featurizer import whole_vector
from mutual.nlu.heads import LinearHead

_RANKED = 12


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class EncodingIntentClassifier(IntentClassifier, GraphComponent):  # type: ignore[misc]  # Rasa is untyped to mypy
    """Ranks every intent, safety categories included; triage decides afterwards whether one of those is meant."""

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, head: LinearHead | None
    ) -> None:
        """Keeps the trained head; None before training."""
        self._config, self._storage, self._resource, self._head = config, storage, resource, head

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`strength`: inverse of the L2 penalty, small because the encoder already knows the intents."""
        return {"strength": 3.0}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EncodingIntentClassifier:
        """Makes an untrained component (see Rasa's GraphComponent)."""
        return cls(config, model_storage, resource, None)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> EncodingIntentClassifier:
        """Loads the trained head (see Rasa's GraphComponent)."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, LinearHead.load(folder / "intents.npz"))

    def train(self, training_data: TrainingData) -> Resource:
        """Trains on every example that has an intent.

        Args:
            training_data: Rasa's training data, with encodings.

        Returns:
            The resource that holds the trained head.
        """
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        vectors = np.stack([whole_vector(example) for example in examples])
        head = LinearHead.fit(vectors, [str(example.get(INTENT)) for example in examples], self._config["strength"])
        with self._storage.write_to(self._resource) as folder:
            head.save(folder / "intents.npz")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets the top intent and the ranking.

        Args:
            messages: Messages with encodings.

        Returns:
            The same messages with `intent` and `intent_ranking`.
        """
        assert self._head is not None, "process is only called on a loaded component"
        for message in messages:
            scores = self._head.probabilities(whole_vector(message)[None, :])[0]
            best = np.argsort(-scores)[:_RANKED]
            ranking = [{"name": self._head.labels[i], "confidence": float(scores[i])} for i in best]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages
