"""Triage: decides for every message whether it leaves the articles and goes to help, and at which level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
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
from mutual.nlu.context import TRIAGE, History, answers, history, is_follow_up
from mutual.nlu.featurizer import SENTENCE_VECTORS, whole_vector
from mutual.nlu.floor import Floor, Hit
from mutual.nlu.heads import LinearHead
from mutual.nlu.parser import PARSE, PLAIN_TEXT
from mutual.nlu.taxonomy import NO_CATEGORY, Taxonomy, rank

UNKNOWN_INTENT = "nonsense"
"""Intent of a message with nothing readable in it."""

GET_HELP = "get_help_now"
"""Intent of asking for somebody to talk to, with or without a disclosure before."""

DISTRESS = "distress_general"
"""Category of asking for help without saying why."""

_FIRST_PERSON = frozenset(
    """
    i i'm im i've ive i'd i'll me my mine myself we we're our us
    """.split()
)
_THIRD_PERSON = frozenset(
    """
    he she they him her them his hers their it that this
    """.split()
)


@dataclass(frozen=True)
class Decision:
    """What triage decided about a message.

    Attributes:
        tier: Level at which the turn is handled, one of `mutual.nlu.taxonomy.TIERS`.
        category: Safety category, or "none".
        voice: "self", "other", "perpetrator" or "question".
        intent: The intent the rules see.
        score: Probability that the message must be routed, 0 to 1.
        by: What decided: "classifier", "floor:<pattern>", "answer", "follow-up", "sequel", "help word" or "none".
    """

    tier: str
    category: str
    voice: str
    intent: str
    score: float
    by: str


@dataclass(frozen=True)
class Reading:
    """What the heads made of a message: the whole and its pieces, the most alarming one first decided.

    Attributes:
        categories: Probability of each label of the category head, the maximum over whole and pieces.
        score: Probability of any safety category, the maximum over whole and pieces.
        voices: Probability of each voice.
    """

    categories: dict[str, float]
    score: float
    voices: dict[str, float]

    def voice(self, category: str) -> str:
        """The most likely voice that goes with a category: own behaviour only speaks as "perpetrator"."""
        own = category.startswith("perp_")
        fitting = {name: score for name, score in self.voices.items() if own or name != "perpetrator"}
        return max(fitting, key=fitting.__getitem__)


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
        self._taxonomy: Taxonomy = taxonomy.load()
        self._floor = Floor.load()

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The thresholds, on probabilities; where they come from stands in `docs/triage.md`.

        `emergency`, `support`, `check_in`: least probability that routes at that level (crisis counts as support).
        `piece`: what is added to a threshold when only a piece of a long message reaches it.
        `sequel`: least probability for a message that continues a disclosure ("he said he'd leave if I didn't").
        `follow_up`: least confidence of a follow-up intent after a disclosure.
        """
        return {
            "strength": 20.0,
            "emergency": 0.35,
            "support": 0.5,
            "check_in": 0.6,
            "piece": 0.15,
            "sequel": 0.25,
            "follow_up": 0.2,
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
        examples = [e for e in training_data.intent_examples if e.get(TEXT) and not is_follow_up(str(e.get(INTENT)))]
        vectors = np.stack([whole_vector(example) for example in examples])
        intents = [str(example.get(INTENT)) for example in examples]
        labels = [intent if intent in self._taxonomy.categories else NO_CATEGORY for intent in intents]
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
            decision = self.decide(message, past)
            message.set(INTENT, {"name": decision.intent, "confidence": decision.score}, add_to_output=True)
            message.set(TRIAGE, asdict(decision), add_to_output=True)
        return messages

    def decide(self, message: Message, past: History) -> Decision:
        """Decides about one message.

        Args:
            message: The message, with parse, encodings and intent ranking.
            past: The conversation's safety side.

        Returns:
            The decision.
        """
        text = str(message.get(PLAIN_TEXT))
        if not text:
            return Decision("none", NO_CATEGORY, "self", UNKNOWN_INTENT, 0.0, "none")
        reading = self._read(message)
        ranking: list[dict[str, Any]] = message.get("intent_ranking")
        answer = self._answer(text, ranking[0]["name"], past)
        if answer is not None:
            return self._follow_up(answer, past, reading, "answer")
        routed = self._routed(self._floor.hits(message.get(PARSE)), reading)
        if routed is None and ranking[0]["name"] == GET_HELP:
            return self._follow_up(GET_HELP, past, reading, "help word")
        if past.active:
            top = next((row for row in ranking[:2] if is_follow_up(row["name"])), None)
            if top is not None and top["confidence"] >= self._config["follow_up"] and not self._outweighs(routed, top):
                return self._follow_up(top["name"], past, reading, "follow-up", top["confidence"])
        if routed is not None:
            return routed
        if past.active and self._continues(text, reading):
            return Decision(
                past.tier, past.category, reading.voice(past.category), past.category, reading.score, "sequel"
            )
        ordinary: dict[str, Any] = next(
            (row for row in ranking if row["name"] not in self._taxonomy.categories and not is_follow_up(row["name"])),
            {"name": "near_domain", "confidence": 0.0},
        )
        return Decision("none", NO_CATEGORY, _ordinary_voice(text), ordinary["name"], ordinary["confidence"], "none")

    def _read(self, message: Message) -> Reading:
        assert self._heads is not None, "process is only called on a loaded component"
        whole = whole_vector(message)[None, :]
        pieces: npt.NDArray[np.float32] = message.get(SENTENCE_VECTORS)
        vectors = np.vstack([whole, pieces]) if len(pieces) else whole
        head = self._heads["category"]
        scores = head.probabilities(vectors)
        scores[1:] = np.maximum(scores[1:] - self._config["piece"], 0)
        safety = np.array([label != NO_CATEGORY for label in head.labels])
        alarming = int(np.argmax(scores[:, safety].sum(axis=1)))
        voices = self._heads["voice"].probabilities(vectors[[alarming]])[0]
        return Reading(
            dict(zip(head.labels, (float(score) for score in scores[alarming]), strict=True)),
            float(scores[:, safety].sum(axis=1).max()),
            dict(zip(self._heads["voice"].labels, (float(score) for score in voices), strict=True)),
        )

    def _routed(self, hits: Sequence[Hit], reading: Reading) -> Decision | None:
        """The decision of classifier and floor, the higher tier winning; None if neither routes."""
        found: list[Decision] = []
        for hit in hits:
            tier = self._taxonomy.tier(hit.category)
            found.append(
                Decision(tier, hit.category, reading.voice(hit.category), hit.category, 1.0, f"floor:{hit.pattern}")
            )
        by_tier = {tier: 0.0 for tier in taxonomy.TIERS}
        for label, score in reading.categories.items():
            by_tier[self._taxonomy.tier(label)] += score
        limits = self._config
        if by_tier["emergency"] >= limits["emergency"]:
            found.append(self._best(("emergency",), reading))
        elif by_tier["emergency"] + by_tier["crisis"] + by_tier["support"] >= limits["support"]:
            found.append(self._best(("emergency", "crisis", "support"), reading))
        elif reading.score >= limits["check_in"]:
            found.append(self._best(("check_in",), reading))
        if not found:
            return None
        return max(found, key=lambda decision: (rank(decision.tier), decision.by == "classifier"))

    def _best(self, tiers: tuple[str, ...], reading: Reading) -> Decision:
        candidates = {label: s for label, s in reading.categories.items() if self._taxonomy.tier(label) in tiers}
        category = max(candidates, key=candidates.__getitem__)
        tier, voice = self._taxonomy.tier(category), reading.voice(category)
        return Decision(tier, category, voice, category, reading.score, "classifier")

    def _answer(self, text: str, intent: str, past: History) -> str | None:
        """The follow-up intent that a short answer to the bot's own question stands for."""
        known = answers()
        said = known.said.get(text.lower().rstrip(".!"))
        if said is not None and (past.active or past.asked):
            return said
        if intent in ("affirm", "deny") and len(text.split()) <= 8:
            for question in past.asked:
                if intent in known.to.get(question, {}):
                    return known.to[question][intent]
        return None

    def _follow_up(self, intent: str, past: History, reading: Reading, by: str, confidence: float = 1.0) -> Decision:
        """Handles a message at the level of the disclosure it follows, or higher."""
        known = answers()
        if past.category in known.never.get(intent, ()):
            intent = past.category
        elif intent != GET_HELP and not is_follow_up(intent):
            return Decision("none", NO_CATEGORY, "self", intent, 1.0, by)
        without_disclosure = DISTRESS if intent == GET_HELP else NO_CATEGORY
        category = known.raises.get(intent, past.category if past.active else without_disclosure)
        tier = self._taxonomy.tier(category)
        if rank(past.tier) > rank(tier):
            category, tier = past.category, past.tier
        return Decision(tier, category, reading.voice(category), intent, max(reading.score, confidence), by)

    def _outweighs(self, routed: Decision | None, follow_up: dict[str, Any]) -> bool:
        """Whether a message after a disclosure says something new rather than asking on."""
        if routed is None:
            return False
        return routed.by != "classifier" or routed.tier == "emergency" or routed.score > 1.5 * follow_up["confidence"]

    def _continues(self, text: str, reading: Reading) -> bool:
        """Whether a message without a subject of its own goes on telling what was disclosed."""
        words = {word.strip(".,!?'\"").lower() for word in text.split()}
        return reading.score >= self._config["sequel"] and bool(words & _THIRD_PERSON)


def _ordinary_voice(text: str) -> str:
    """Voice of a message that tells nothing: of oneself, or a question about the matter."""
    return "self" if {word.strip('.,!?"') for word in text.lower().split()} & _FIRST_PERSON else "question"


def _voice_of(example: Message) -> str | None:
    voice = ((example.get(METADATA) or {}).get("intent") or {}).get("voice")
    return str(voice) if voice else None
