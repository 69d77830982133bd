"""Fills the slots `country`, `area` and `emergency_number` from what the person says, through Rasa's entities."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message

from mutual.directory.places import Place, find_place
from mutual.directory.resources import read_directory
from mutual.nlu.context import history
from mutual.nlu.parser import PLAIN_TEXT

ASKS_FOR_COUNTRY = "utter_notice_ask_country"
"""The response that asks where somebody is; after it a bare name is an answer."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class CountryExtractor(GraphComponent, EntityExtractorMixin):  # type: ignore[misc]  # Rasa is untyped to mypy
    """Extracts the country somebody says they are in; the slots' `from_entity` mappings do the rest."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CountryExtractor:
        """Makes the component (see Rasa's GraphComponent)."""
        return cls()

    def process(self, messages: list[Message], tracker: DialogueStateTracker) -> list[Message]:
        """Adds the entities `country`, `area` and `emergency_number` where a country is said.

        Args:
            messages: Messages the parser has seen.
            tracker: The conversation before them.

        Returns:
            The same messages.
        """
        past = history(tracker)
        asked, helping = ASKS_FOR_COUNTRY in past.asked, past.voice == "other"
        for message in messages:
            place = find_place(str(message.get(PLAIN_TEXT)), asked, helping)
            if place is None and tracker.get_slot("country") is None:
                # Set by whoever runs the channel: an operator's own country, or `mutual route --country`.
                fixed = (message.get(METADATA) or {}).get("country")
                place = Place(fixed) if fixed else None
            if place is None:
                continue
            said = {
                "country": place.country,
                # An empty area forgets the one of a country said before.
                "area": place.area or "",
                "emergency_number": read_directory().emergency(place.country),
            }
            length = len(str(message.get(TEXT)))
            found = [{"entity": name, "value": value, "start": 0, "end": length} for name, value in said.items()]
            message.set(ENTITIES, message.get(ENTITIES, []) + self.add_extractor_name(found), add_to_output=True)
        return messages
