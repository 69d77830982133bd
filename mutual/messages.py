"""What the bot says, in the shape every channel, test and report shares (the routing contract)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

Kind = Literal["answer", "safety", "referral", "smalltalk", "not_covered", "notice"]
KINDS: tuple[Kind, ...] = get_args(Kind)

# A plain response says by its name what kind of message it is.
_KIND_BY_PREFIX: tuple[tuple[str, Kind], ...] = (
    ("utter_safety_", "safety"),
    ("utter_followup_", "safety"),
    ("utter_referral_", "referral"),
    ("utter_not_covered", "not_covered"),
    ("utter_notice_", "notice"),
)


@dataclass(frozen=True)
class Source:
    """Where an answer comes from: document id, its title, publisher and address, and the passage's id."""

    document: str
    title: str
    publisher: str
    url: str
    passage: str


@dataclass(frozen=True)
class ResourceCard:
    """A resource as shown; `kind` is the kind of help it was chosen for, empty strings what it does not have."""

    id: str
    kind: str
    name: str
    country: str
    phone: str
    text: str
    chat: str
    url: str
    hours: str


@dataclass(frozen=True)
class Message:
    """One bubble.

    Attributes:
        text: What is read, complete without the other fields.
        kind: What it is, one of `KINDS`.
        sources: Where an answer comes from.
        resources: Helplines and finders it names.
        buttons: Suggested next messages, {"title", "payload"}; tapping one says its payload as text.
    """

    text: str
    kind: Kind
    sources: tuple[Source, ...] = ()
    resources: tuple[ResourceCard, ...] = ()
    buttons: tuple[dict[str, str], ...] = field(default=())

    def as_dict(self) -> dict[str, Any]:
        """The message as the contract's JSON object; sources, resources and buttons only where there are any."""
        return {key: value for key, value in asdict(self).items() if value or key in ("text", "kind")}

    def for_dispatcher(self) -> dict[str, Any]:
        """The message as arguments of the SDK's `utter_message`; unknown ones travel as Rasa's metadata."""
        content = asdict(self)
        return {"text": content.pop("text"), "buttons": list(content.pop("buttons")), **content}


def from_rasa(sent: Mapping[str, Any]) -> Message:
    """Reads a message as Rasa hands it to an output channel.

    Args:
        sent: Rasa's message dictionary: text, buttons, and as metadata what `for_dispatcher` added.

    Returns:
        The message.
    """
    name = str(sent.get("utter_action") or "")
    by_name: Kind = next((kind for prefix, kind in _KIND_BY_PREFIX if name.startswith(prefix)), "smalltalk")
    return Message(
        text=str(sent.get("text") or ""),
        kind=sent.get("kind") or by_name,
        sources=tuple(Source(**source) for source in sent.get("sources") or ()),
        resources=tuple(ResourceCard(**resource) for resource in sent.get("resources") or ()),
        buttons=tuple({"title": b["title"], "payload": b["payload"]} for b in sent.get("buttons") or ()),
    )
