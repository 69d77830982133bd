"""Triage: decides for every message whether it leaves the articles and goes to help, and at which level."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from mutual.nlu import taxonomy
from mutual.nlu.context import TRIAGE, history, is_follow_up
from mutual.nlu.decision import Heard, Judge, Reading
from mutual.nlu.encoder import Vectors
from mutual.nlu.featurizer import LEANS, PIECE_VECTORS, READ_TEXTS, whole_vector
from mutual.nlu.heads import LinearHead, NearestHead
from mutual.nlu.parser import PARSE, PLAIN_TEXT
from mutual.nlu.second_reader import second_reading, shared_second_reader
from mutual.nlu.stored import Stored
from mutual.nlu.taxonomy import NO_CATEGORY, is_own_doing
from mutual.nlu.trained import TrainedComponent


@dataclass(frozen=True)
class Heads(Stored):
    """What triage learns.

    Attributes:
        category: Safety category or none, by a linear border.
        nearest: The same, by the nearest training messages; the mean of both is used.
        voice: Who speaks of whom.
    """

    category: LinearHead
    nearest: NearestHead
    voice: LinearHead

    def categories(self, vectors: Vectors) -> npt.NDArray[np.float32]:
        """Probability of each label of the category head, shape (n, c), for encodings of shape (n, 384)."""
        joined: npt.NDArray[np.float32] = (
            self.category.probabilities(vectors) + self.nearest.probabilities(vectors)
        ) / 2
        return joined


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class Triage(TrainedComponent[Heads]):
    """Joins the classifier, the floor of patterns and the conversation's history into one decision.

    It stands after the intent classifier and replaces its intent: by the safety category when the message is routed,
    by the best ordinary intent when it is not.
    """

    keeps = Heads

    def __init__(self, config: dict[str, Any], *rest: Any) -> None:
        """Makes the judge with the configured thresholds."""
        super().__init__(config, *rest)
        shared_second_reader()  # a missing file is an error now, not when somebody writes
        self._judge = Judge(config)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The thresholds, on probabilities; where they come from stands in `docs/triage.md`.

        `emergency`, `support`, `check_in`: least probability that routes at that level (crisis counts as support).
        `alone`: what is added to the last two for what is mostly said after a disclosure, where there was none.
        `second_reader`: how much the second reader counts, 0 to 1; the rest is the first's.
        `read_again`: how many pieces of a long message it reads, the most alarming ones.
        `own_doing`: least share of own behaviour in what it finds for the message to be taken as such.
        `piece`: what is added to a threshold when only a piece of a long message reaches it.
        `sequel`: least probability for a message that continues a disclosure ("he said he'd leave if I didn't").
        `own_category`: least probability of a category that a few words after a disclosure have of their own.
        `goes_on`: what the category of the last disclosure gains over others.
        `ordinary`: least confidence of an ordinary intent; below it only the documents decide whether they answer.
        `also`: least probability of a second category, in any piece, for its need to be met too.
        `follow_up`, `follow_up_told`: least confidence of a follow-up intent after a disclosure; of a message that asks
        nothing and may only go on with the story more is asked.
        `answer_words`, `answer_likeness`: a message of at most so many words whose encoding has at least this cosine
        with the text of a button just offered is that answer in other words.
        """
        return {
            "strength": 3.0,
            "emergency": 0.25,
            "support": 0.55,
            "check_in": 0.42,
            "alone": 0.38,
            "second_reader": 0.6,
            "read_again": 6,
            "own_doing": 0.5,
            "piece": 0.2,
            "sequel": 0.25,
            "own_category": 0.6,
            "goes_on": 0.25,
            "follow_up": 0.2,
            "follow_up_told": 0.4,
            "ordinary": 0.2,
            "also": 0.4,
            "answer_words": 14,
            "answer_likeness": 0.7,
        }

    def learn(self, training_data: TrainingData) -> Heads:
        """Trains the category head on all messages and the voice head on those that name a voice.

        Args:
            training_data: Rasa's training data, with encodings; safety messages have the category as intent and the
                voice as the intent's metadata. Follow-ups are left out: they mean something only after a disclosure.

        Returns:
            The heads.
        """
        categories = taxonomy.load().categories
        examples = [e for e in training_data.intent_examples if e.get(TEXT) and not is_follow_up(str(e.get(INTENT)))]
        vectors = np.stack([whole_vector(example) for example in examples])
        intents = [str(example.get(INTENT)) for example in examples]
        labels = [intent if intent in categories else NO_CATEGORY for intent in intents]
        voices = [_voice_of(example) for example in examples]
        voiced = np.array([voice is not None for voice in voices])
        strength = self._config["strength"]
        return Heads(
            category=LinearHead.fit(vectors, labels, strength, balance=0),
            nearest=NearestHead.fit(vectors, labels),
            voice=LinearHead.fit(vectors[voiced], [voice for voice in voices if voice], strength, balance=1),
        )

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
                leans=bool(message.get(LEANS)),
            )
            decision = self._judge.decide(heard, past)
            message.set(INTENT, {"name": decision.intent, "confidence": decision.score}, add_to_output=True)
            message.set(TRIAGE, {**asdict(decision), "alarm": heard.reading.score}, add_to_output=True)
        return messages

    def _read(self, message: Message) -> Reading:
        whole = whole_vector(message)[None, :]
        pieces: npt.NDArray[np.float32] = message.get(PIECE_VECTORS)
        vectors = np.vstack([whole, pieces]) if len(pieces) else whole
        scores = self.learnt.categories(vectors)
        # The second reader takes ten times as long: of many pieces it reads those that alarmed the first one most.
        again = [0, *(1 + np.argsort(-self._alarm(scores[1:]))[: self._config["read_again"]])]
        texts: list[str] = message.get(READ_TEXTS)
        second = np.stack([self._second_reading(message, texts[i]) for i in again])
        share = self._config["second_reader"]
        scores = self._whose((1 - share) * scores[again] + share * second, second)
        alarm = self._alarm(scores)
        # A piece alone is less sure than the whole: it must be a little more alarming to count as much.
        asked = np.maximum(alarm - self._config["piece"] * (np.arange(len(alarm)) > 0), 0)
        alarming = int(np.argmax(asked))
        shrunk = scores[alarming] * (asked[alarming] / max(float(alarm[alarming]), 1e-9))
        voices = self.learnt.voice.probabilities(vectors[[again[alarming]]])[0]
        labels = self.learnt.category.labels
        return Reading(
            dict(zip(labels, (float(score) for score in shrunk), strict=True)),
            dict(zip(labels, (float(score) for score in scores.max(axis=0)), strict=True)),
            float(asked[alarming]),
            dict(zip(self.learnt.voice.labels, (float(score) for score in voices), strict=True)),
        )

    def _second_reading(self, message: Message, text: str) -> npt.NDArray[np.float32]:
        """The second reader's probability of each label of the category head, shape (c,)."""
        read = second_reading(message, text)
        scores = np.array([read.get(label, 0) for label in self.learnt.category.labels], dtype=np.float32)
        scores[self.learnt.category.labels.index(NO_CATEGORY)] = 1 - scores.sum()  # whatever else it may be
        return scores

    def _alarm(self, scores: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Probability of any safety category, shape (n,)."""
        safety = np.array([label != NO_CATEGORY for label in self.learnt.category.labels])
        alarm: npt.NDArray[np.float32] = scores[:, safety].sum(axis=1)
        return alarm

    def _whose(self, scores: npt.NDArray[np.float32], second: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """The scores with own behaviour given the share that the second reader gives it, if that is most.

        The first reader goes by who is a woman and who a man; the second learnt every message both ways.
        """
        own = np.array([is_own_doing(label) for label in self.learnt.category.labels])
        others = np.array([label != NO_CATEGORY for label in self.learnt.category.labels]) & ~own
        share = second[:, own].sum(axis=1) / np.maximum(self._alarm(second), 1e-9)
        share = np.where(share >= self._config["own_doing"], share, 0)
        alarm, result = self._alarm(scores), scores.copy()
        for group, of_it in ((own, share), (others, 1 - share)):
            result[:, group] *= (alarm * of_it / np.maximum(scores[:, group].sum(axis=1), 1e-9))[:, None]
        return result


def _voice_of(example: Message) -> str | None:
    voice = ((example.get(METADATA) or {}).get("intent") or {}).get("voice")
    return str(voice) if voice else None
