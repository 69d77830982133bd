"""Chooses among the wordings of a reply: one that fits who it is about, and the one not heard for longest."""

from __future__ import annotations

import copy
import zlib
from typing import Any

from rasa.core.nlg.generator import ResponseVariationFilter
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.constants import RESPONSE_CONDITION
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

VOICE, TIER = "voice", "tier"
"""Names by which a wording's condition asks what triage decided: the voice ("self", "other", "perpetrator", "question")
and the level."""


class Wordings(TemplatedNaturalLanguageGenerator):  # type: ignore[misc]  # Rasa is untyped to mypy
    """Rasa's generator with a turn taken instead of a die thrown: nobody hears the same sentence twice in a row."""

    def __init__(self, endpoint_config: EndpointConfig | None = None, domain: Domain | None = None) -> None:
        """Keeps the domain's responses.

        Args:
            endpoint_config: The `nlg` entry of the endpoints file; it has nothing but the type.
            domain: The domain of the loaded model.
        """
        super().__init__((domain or Domain.empty()).responses)

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> dict[str, Any] | None:
        """The next wording of a response (see Rasa's NaturalLanguageGenerator).

        Args:
            utter_action: Name of the response.
            tracker: The conversation.
            output_channel: Name of the channel; a wording may be for one channel only.
            **kwargs: Values for the response's variables.

        Returns:
            The wording with its variables filled; None if there is no such response.
        """
        if utter_action not in self.responses:
            return None
        slots = tracker.current_slot_values()
        fitting = self._fitting(utter_action, output_channel, {**slots, **_decided(tracker)})
        if not fitting:
            return None
        said = sum(
            1
            for event in tracker.events
            if isinstance(event, BotUttered) and event.metadata.get("utter_action") == utter_action
        )
        # Where the turn begins differs from conversation to conversation, and stays the same in each.
        first = zlib.crc32(f"{tracker.sender_id} {utter_action}".encode())
        wording = copy.deepcopy(fitting[(first + said) % len(fitting)])
        wording.pop(RESPONSE_CONDITION, None)
        filled: dict[str, Any] = self._fill_response(wording, slots, **kwargs)
        return filled

    def _fitting(self, utter_action: str, channel: str, known: dict[str, Any]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = ResponseVariationFilter(self.responses).responses_for_utter_action(
            utter_action, channel, known
        )
        return found


def _decided(tracker: DialogueStateTracker) -> dict[str, str]:
    parsed = (tracker.latest_message.parse_data if tracker.latest_message else None) or {}
    decided = parsed.get("triage") or {}
    return {VOICE: str(decided.get("voice", "self")), TIER: str(decided.get("tier", "none"))}
