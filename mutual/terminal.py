"""`mutual chat`: a conversation in the terminal."""

from __future__ import annotations

import uuid

from rich.console import Console
from rich.panel import Panel

from mutual.assistant import Assistant, Reply, UnknownCountry

_GREETING = (
    "I'm a program, not a person, and not an emergency service. Nothing is kept once you leave. "
    "Ctrl-D leaves; a number chooses a suggestion."
)


async def talk(assistant: Assistant, country: str | None, explain: bool) -> None:
    """Talks until the end of input.

    Args:
        assistant: The assistant.
        country: ISO 3166 alpha-2 code to assume, or None.
        explain: Whether to show under each reply what was understood.
    """
    console = Console()
    console.print(_GREETING, style="dim")
    conversation = uuid.uuid4().hex
    suggested: list[str] = []
    while True:
        try:
            text = console.input("[bold]you:[/bold] ")
        except (EOFError, KeyboardInterrupt):
            console.print("\nTake care.")
            return
        if text.isdecimal() and 1 <= int(text) <= len(suggested):
            text = suggested[int(text) - 1]
        try:
            reply = await assistant.say(conversation, text, country)
        except UnknownCountry as error:
            console.print(str(error), style="red")
            return
        suggested = [button["payload"] for message in reply.messages for button in message.buttons]
        for message in reply.messages:
            console.print(Panel(message.text, title=message.kind, title_align="left", border_style="dim"), markup=False)
        for number, payload in enumerate(suggested, 1):
            console.print(f"  {number}. {payload}", style="dim", markup=False, highlight=False)
        if explain:
            console.print(explanation(reply), style="cyan", markup=False, highlight=False)


def explanation(reply: Reply) -> str:
    """What was understood of a message, in a few lines."""
    triage = reply.parse.get("triage") or {}
    ranking = ", ".join(f"{row['name']} {row['confidence']:.2f}" for row in reply.parse.get("intent_ranking", [])[:3])
    near = ", ".join(
        f"{row['id']} {row['score']:.2f}" for row in (reply.parse.get("retrieval") or {}).get("passages", [])[:3]
    )
    return (
        f"  {reply.tier} / {reply.category} / {reply.voice}, "
        f"decided by {triage.get('by')} at {triage.get('score', 0):.2f}\n"
        f"  intents: {ranking}\n  passages: {near}\n  {reply.milliseconds:.0f} ms"
    )
