"""Triage: decides for every message whether it leaves the articles and goes to help, and at which level."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
import numpy.typing as npt
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from mutual.nlu import taxonomy
from mutual.nlu.context import TRIAGE, history, is_follow_up
from mutual.nlu.decision import Heard, Judge, Reading
from mutual.nlu.featurizer import SENTENCE_VECTORS, whole_vector
from mutual.nlu.heads import LinearHead
from mutual.nlu.parser import PARSE, PLAIN_TEXT
from mutual.nlu.taxonomy import NO_CATEGORY


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class Triage(IntentClassifier, GraphComponent):  # type: ignore[misc]  # Rasa is untyped to mypy
    """Joins the classifier, the floor of patterns and the conversation's history into one decision.

    It stands after the intent classifier and replaces its intent: by the safety category when the message is routed,
    by the best ordinary intent when it is not.
    """

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        heads: dict[str, LinearHead] | None,
    ) -> None:
        """Keeps the trained heads ("category" and "voice"); None before training."""
        self._config, self._storage, self._resource, self._heads = config, storage, resource, heads
        self._judge = Judge(config)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The thresholds, on probabilities; where they come from stands in `docs/triage.md`.

        `emergency`, `support`, `check_in`: least probability that routes at that level (crisis counts as support).
        `piece`: what is added to a threshold when only a piece of a long message reaches it.
        `sequel`: least probability for a message that continues a disclosure ("he said he'd leave if I didn't").
        `follow_up`: least confidence of a follow-up intent after a disclosure.
        `answer_words`, `answer_likeness`: a message of at most so many words whose encoding has at least this cosine
        with the text of a button just offered is that answer in other words.
        """
        return {
            "strength": 1.0,
            "emergency": 0.35,
            "support": 0.5,
            "check_in": 0.55,
            "piece": 0.15,
            "sequel": 0.25,
            "follow_up": 0.2,
            "answer_words": 14,
            "answer_likeness": 0.7,
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Triage:
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
    ) -> Triage:
        """Loads the trained heads (see Rasa's GraphComponent)."""
        with model_storage.read_from(resource) as folder:
            heads = {name: LinearHead.load(folder / f"{name}.npz") for name in ("category", "voice")}
        return cls(config, model_storage, resource, heads)

    def train(self, training_data: TrainingData) -> Resource:
        """Trains the category head on all messages and the voice head on those that name a voice.

        Args:
            training_data: Rasa's training data, with encodings; safety messages have the category as intent and the
                voice as the intent's metadata. Follow-ups are left out: they mean something only after a disclosure.

        Returns:
            The resource that holds the heads.
        """
        categories = taxonomy.load().categories
        examples = [e for e in training_data.intent_examples if e.get(TEXT) and not is_follow_up(str(e.get(INTENT)))]
        vectors = np.stack([whole_vector(example) for example in examples])
        intents = [str(example.get(INTENT)) for example in examples]
        labels = [intent if intent in categories else NO_CATEGORY for intent in intents]
        voices = [_voice_of(example) for example in examples]
        voiced = np.array([voice is not None for voice in voices])
        with self._storage.write_to(self._resource) as folder:
            LinearHead.fit(vectors, labels, self._config["strength"], balanced=False).save(folder / "category.npz")
            LinearHead.fit(vectors[voiced], [v for v in voices if v], self._config["strength"]).save(
                folder / "voice.npz"
            )
        return self._resource

    def process(self, messages: list[Message], tracker: DialogueStateTracker) -> list[Message]:
        """Decides about live messages.

        Args:
            messages: Messages with parse, encodings and an intent ranking.
            tracker: The conversation before them; Rasa's default recipe hands it in by this argument's name.

        Returns:
            The same messages with `triage` and the final `intent`.
        """
        past = history(tracker)
        for message in messages:
            heard = Heard(
                text=str(message.get(PLAIN_TEXT)),
                parse=message.get(PARSE),
                vector=whole_vector(message),
                ranking=message.get("intent_ranking"),
                reading=self._read(message),
            )
            decision = self._judge.decide(heard, past)
            message.set(INTENT, {"name": decision.intent, "confidence": decision.score}, add_to_output=True)
            message.set(TRIAGE, asdict(decision), add_to_output=True)
        return messages

    def _read(self, message: Message) -> Reading:
        assert self._heads is not None, "process is only called on a loaded component"
        whole = whole_vector(message)[None, :]
        pieces: npt.NDArray[np.float32] = message.get(SENTENCE_VECTORS)
        vectors = np.vstack([whole, pieces]) if len(pieces) else whole
        head = self._heads["category"]
        scores = head.probabilities(vectors)
        safety = np.array([label != NO_CATEGORY for label in head.labels])
        alarm = scores[:, safety].sum(axis=1)
        # A piece alone is less sure than the whole: it must be a little more alarming to count as much.
        asked = np.maximum(alarm - self._config["piece"] * (np.arange(len(alarm)) > 0), 0)
        alarming = int(np.argmax(asked))
        shrunk = scores[alarming] * (asked[alarming] / max(float(alarm[alarming]), 1e-9))
        voices = self._heads["voice"].probabilities(vectors[[alarming]])[0]
        return Reading(
            dict(zip(head.labels, (float(score) for score in shrunk), strict=True)),
            float(asked[alarming]),
            dict(zip(self._heads["voice"].labels, (float(score) for score in voices), strict=True)),
        )


def _voice_of(example: Message) -> str | None:
    voice = ((example.get(METADATA) or {}).get("intent") or {}).get("voice")
    return str(voice) if voice else None
