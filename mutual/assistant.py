"""The assistant in one process, as the server runs it: same agent, policies and actions."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import InMemoryTrackerStore, TrackerStore
from rasa.shared.core.events import UserUttered

from mutual.directory.places import find_code
from mutual.directory.resources import read_directory
from mutual.in_process import TROUBLE, InProcessActions
from mutual.messages import Message, from_rasa
from mutual.model import ModelMissing, latest
from mutual.nlu.encoder import shared_encoder
from mutual.nlu.language import foreign
from mutual.nlu.parser import language
from mutual.replies.wordings import Wordings

CHANNEL = "mutual"


class UnknownCountry(ValueError):
    """A country was given that is no ISO 3166 alpha-2 code."""


@dataclass(frozen=True)
class Reply:
    """One turn.

    Attributes:
        intent: The intent the rules saw.
        confidence: Its confidence, 0 to 1.
        tier: Level at which the turn was handled.
        category: Safety category, or "none".
        voice: Who is speaking of whom.
        messages: What the bot said.
        milliseconds: How long the whole turn took.
        parse: All that NLU found, for people who look into a turn.
    """

    intent: str
    confidence: float
    tier: str
    category: str
    voice: str
    messages: tuple[Message, ...]
    milliseconds: float
    parse: dict[str, Any]


class Collector(CollectingOutputChannel):  # type: ignore[misc]  # Rasa is untyped to mypy
    """Collects whole messages, where Rasa's own channel takes them apart."""

    def __init__(self) -> None:
        """Starts empty."""
        super().__init__()
        self.said: list[Message] = []

    @classmethod
    def name(cls) -> str:
        """Name under which responses may have variants of their own."""
        return CHANNEL

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keeps one message."""
        self.said.append(from_rasa(message))


def as_text(text: str) -> str:
    """Makes what a stranger typed safe to hand to Rasa, which reads a leading "/" as an intent.

    Args:
        text: Anything typed.

    Returns:
        The text without leading slashes and spaces.
    """
    return text.lstrip("/ \t\r\n\u200b\ufeff")


def trouble(agent: Agent) -> Message:
    """The static safety text, straight from the domain: it needs no model, store or action."""
    text = str(agent.domain.responses[TROUBLE][0]["text"])
    return Message(text.replace("{emergency_number}", read_directory().emergency(None)), "safety")


class Assistant:
    """Talks to the trained model; one object for any number of conversations."""

    def __init__(self, agent: Agent) -> None:
        """Keeps the agent.

        Args:
            agent: A ready agent with an action endpoint.
        """
        self._agent = agent

    @classmethod
    def load(cls, model: Path | None = None) -> Assistant:
        """Loads the trained model with conversations kept in memory only.

        Args:
            model: The model file; the newest of `models/` if None.

        Returns:
            The assistant.

        Raises:
            ModelMissing: There is no model.
        """
        return cls(load_agent(model, None))

    async def say(self, conversation: str, text: str, country: str | None = None) -> Reply:
        """Says one message and collects the answer.

        Args:
            conversation: Id of the conversation; a new one starts a new conversation.
            text: The message.
            country: ISO 3166 alpha-2 code, used until the person names another; None if unknown.

        Returns:
            The turn. If anything inside fails, its only message is the static safety text.

        Raises:
            UnknownCountry: `country` is no such code.
        """
        started = time.perf_counter()
        metadata: dict[str, Any] = {}
        if country is not None:
            metadata["country"] = find_code(country)
            if metadata["country"] is None:
                raise UnknownCountry(f"{country!r} is not a country code: give two letters such as AU or GB.")
        output = Collector()
        message = UserMessage(as_text(text), output, conversation, input_channel=CHANNEL, metadata=metadata)
        await self._agent.handle_message(message)
        tracker = await self._agent.tracker_store.retrieve(conversation)
        last = tracker.latest_message if tracker is not None else UserUttered.empty()
        parse = dict(last.parse_data or {})
        triage = parse.get("triage") or {}
        return Reply(
            intent=str(last.intent.get("name") or ""),
            confidence=float(last.intent.get("confidence") or 0.0),
            tier=triage.get("tier", "none"),
            category=triage.get("category", "none"),
            voice=triage.get("voice", "self"),
            messages=tuple(output.said) or (trouble(self._agent),),
            milliseconds=(time.perf_counter() - started) * 1000,
            parse=parse,
        )


def load_agent(model: Path | None, store: TrackerStore | None) -> Agent:
    """Loads a trained model as an agent whose actions run in this process.

    Args:
        model: The model file; the newest of `models/` if None.
        store: Where conversations are kept; memory if None.

    Returns:
        A ready agent.

    Raises:
        ModelMissing: There is no model, or it does not load.
    """
    path = model or latest()
    if not path.is_file():
        raise ModelMissing(f"No model at {path}. Run `mutual train`.")
    agent = Agent(
        tracker_store=store or InMemoryTrackerStore(domain=None),
        lock_store=InMemoryLockStore(),
        action_endpoint=InProcessActions(),
        generator=Wordings(),
    )
    agent.load_model(str(path))
    if not agent.is_ready():
        raise ModelMissing(f"The model {path} could not be loaded. Run `mutual train`.")
    # Encoder, spaCy and the language detector load on first use; the first person should not wait for them.
    language()
    shared_encoder().encode([""])
    foreign("bonjour tout le monde")
    return agent
