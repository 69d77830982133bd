"""Resources as messages: numbers are copied from the directory, never written here."""

from __future__ import annotations

from collections.abc import Sequence

from mutual.directory.resources import Country, Directory, Resource, read_directory
from mutual.messages import Message, ResourceCard
from mutual.nlu import taxonomy
from mutual.nlu.taxonomy import Taxonomy
from mutual.turn import Turn

THERAPISTS = (
    "A couples therapist works with both of you, a sex therapist with what happens in bed or doesn't, an individual "
    "therapist with you alone. A first session is mostly questions about what you hope for. You can look here:"
)
THERAPISTS_ALONE = (
    "Somebody for you alone, who knows about hard experiences, is a good place to begin. You can ask whether they work "
    "in a trauma-informed way. You can look here:"
)

MOST = 3
"""Resources a turn: more are not read by somebody upset."""


def card(resource: Resource, kind: str) -> ResourceCard:
    """A record of the directory as shown.

    Args:
        resource: The record.
        kind: What it was chosen for.

    Returns:
        The card.
    """
    contact = resource.contacts
    return ResourceCard(
        id=resource.id,
        kind="directory" if resource.finder else kind,
        name=resource.name,
        country=resource.country,
        phone=contact.get("phone", ""),
        text=contact.get("text", ""),
        chat=contact.get("chat", ""),
        url=contact.get("url", ""),
        hours=resource.hours,
    )


def emergency_card(country: Country) -> ResourceCard:
    """The emergency number of a country as a card."""
    return ResourceCard(
        id=f"{country.code.lower()}-emergency",
        kind="emergency",
        name="Emergency services",
        country=country.code,
        phone=" or ".join(country.emergency),
        text=country.text,
        chat="",
        url="",
        hours="24/7",
    )


def describe(shown: ResourceCard, resource: Resource | None = None) -> str:
    """One line that says what a resource is, when it answers and every way to reach it.

    Args:
        shown: The card.
        resource: Its record, for whom it is and how sure its hours are; None for the emergency card.

    Returns:
        "Name (24/7): call 123, text 456, chat https://…".
    """
    about = [
        part
        for part in (shown.hours, resource.audience if resource else "", *(resource.areas if resource else ()))
        if part
    ]
    if resource is not None and (resource.hours_uncertain or resource.checked == "unconfirmed"):
        about.append("please check its site first" if resource.contacts.get("url") else "may have changed")
    ways: list[str] = []
    if shown.phone:
        ways.append(f"call {shown.phone}")
    if shown.text:
        ways.append(f"text {shown.text}")
    if resource is not None and "whatsapp" in resource.contacts:
        ways.append(f"WhatsApp {resource.contacts['whatsapp']}")
    if shown.chat and shown.chat != shown.url:
        ways.append(f"chat {shown.chat}")
    if shown.url:
        ways.append(f"online {shown.url}" if not shown.chat or shown.chat != shown.url else f"chat or read {shown.url}")
    note = f" ({', '.join(about)})" if about else ""
    return f"{shown.name}{note}: {', '.join(ways)}"


def safety_resources(
    directory: Directory,
    categories: Taxonomy,
    needs: Sequence[str],
    country: str | None,
    area: str | None,
    *,
    emergency: bool,
    skip: Sequence[str] = (),
    audience: Sequence[str] = (),
    intro: str,
    kind: str = "safety",
    avoid: Sequence[str] = (),
) -> Message:
    """The resources for a category in a country.

    Args:
        directory: The directory.
        categories: For the kind under which each need is shown.
        needs: What is needed, best first.
        country: ISO 3166 alpha-2 code, or None while unknown.
        area: Part of the country, where said.
        emergency: Whether the emergency number stands first.
        skip: Ids already given, left out while others remain.
        audience: Needs that describe the person ("men", "lgbtq", "teen").
        intro: The reviewed sentence before the list.
        kind: "safety" or "referral".
        avoid: Needs whose resources are not shown ("couples" once fear was raised).

    Returns:
        The message; at most `MOST` resources, the emergency number included.
    """
    unwanted = [r.id for c in directory.countries.values() for r in c.resources if set(r.needs) & set(avoid)]
    referral = kind == "referral"
    room = MOST - (1 if emergency and directory.has(country) else 0)
    found = directory.find(needs, country, area, room, [*skip, *unwanted], audience, not referral)
    if not any(resource.country == country for resource, _ in found):
        found = directory.find(needs, country, area, room, unwanted, audience, not referral)
    cards: list[ResourceCard] = []
    lines: list[str] = []
    if emergency and country is not None and directory.has(country):
        cards.append(emergency_card(directory.countries[country]))
        lines.append(describe(cards[0]))
    for resource, need in found:
        cards.append(card(resource, categories.kinds.get(need, "directory")))
        lines.append(describe(cards[-1], resource))
    text = "\n".join([intro, *(f"• {line}" for line in lines)])
    return Message(text=text, kind="referral" if referral else "safety", resources=tuple(cards))


def therapists(turn: Turn) -> Message:
    """Therapist finders of the person's country.

    Args:
        turn: The turn; once fear was raised in its session they are for the person alone.

    Returns:
        The message.
    """
    return safety_resources(
        read_directory(),
        taxonomy.load(),
        ("therapy", "past_assault") if turn.disclosed else ("couples", "sex_therapy", "therapy"),
        turn.country,
        turn.area,
        emergency=False,
        audience=turn.audience,
        intro=THERAPISTS_ALONE if turn.disclosed else THERAPISTS,
        kind="referral",
        # A crisis line is no therapist finder, whatever else it offers.
        avoid=("couples", "suicide_crisis") if turn.disclosed else ("suicide_crisis",),
    )
