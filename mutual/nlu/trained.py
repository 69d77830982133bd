"""What the trained components of the pipeline share: how Rasa makes, loads and stores them."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, Generic, TypeVar

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.training_data.training_data import TrainingData
from typing_extensions import Self

from mutual.nlu.stored import Stored

Learnt = TypeVar("Learnt", bound=Stored)

_FILE = "learnt.npz"


class TrainedComponent(IntentClassifier, GraphComponent, Generic[Learnt]):  # type: ignore[misc]  # Rasa is untyped to mypy
    """A component that learns something from the training data and keeps it in the model.

    A subclass says what is learnt and of which class it is (`learn`, `keeps`).
    """

    keeps: type[Learnt]

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, learnt: Learnt | None = None
    ) -> None:
        """Keeps what was learnt; None before training."""
        self._config, self._storage, self._resource, self._learnt = config, storage, resource, learnt

    @abstractmethod
    def learn(self, training_data: TrainingData) -> Learnt:
        """Learns from training data that earlier components have tokenized and encoded.

        Args:
            training_data: Rasa's training data.

        Returns:
            What the model keeps.
        """

    @property
    def learnt(self) -> Learnt:
        """What was learnt; only a loaded component is asked for it."""
        assert self._learnt is not None, "a component processes messages only after Rasa has loaded it"
        return self._learnt

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Self:
        """Makes an untrained component (see Rasa's GraphComponent)."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Self:
        """Loads the trained component (see Rasa's GraphComponent)."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, cls.keeps.load(folder / _FILE))

    def train(self, training_data: TrainingData) -> Resource:
        """Learns, and keeps it in the model.

        Args:
            training_data: Rasa's training data, with encodings.

        Returns:
            The resource that holds what was learnt.
        """
        with self._storage.write_to(self._resource) as folder:
            self.learn(training_data).save(folder / _FILE)
        return self._resource
