"""Answers from the documents."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mutual.library.documents import Document, Library
from mutual.messages import Message, Source
from mutual.replies.sentences import leading

MAX_BUTTONS = 3
HELP = "Someone to talk to"
"""Button that brings the person to the helplines."""
_FIRST_SENTENCE = re.compile(r"^.+?[.!?](?=\s|$)", re.DOTALL)


def source_of(library: Library, passage_id: str) -> Source:
    """The citation of a passage.

    Args:
        library: The documents.
        passage_id: "document/passage".

    Returns:
        Its source; for a passage that rests on an authority of its own, that page's address.
    """
    document, passage = library.document_of(passage_id), library.passages[passage_id]
    return Source(document.id, document.title, document.publisher, passage.authority_url or document.url, passage_id)


def answer(
    library: Library, passage_id: str, buttons: Sequence[dict[str, str]] = (), question: str = "", part: str = ""
) -> Message:
    """A passage as a reply.

    Args:
        library: The documents.
        passage_id: The passage that answers.
        buttons: Next questions, as `next_questions` finds them.
        question: What was asked; the sentence with the figure comes first when it asks for one.
        part: Those of its sentences that are wanted; all of them if empty.

    Returns:
        The passage with its citation and the buttons.
    """
    passage = library.passages[passage_id]
    return Message(
        text=f"{leading(part or passage.text, question)}\n\n{citation(library, passage_id)}",
        kind="answer",
        sources=(source_of(library, passage_id),),
        buttons=tuple(buttons),
    )


def shorter(library: Library, passage_id: str) -> Message:
    """The first sentence of a passage, which answers its heading, with its citation; of a list only its links."""
    passage = library.passages[passage_id]
    first = _FIRST_SENTENCE.match(passage.text)
    listed = "\n".join(f"{number}. {link}" for number, link in enumerate(passage.links, 1))
    short = listed if "\n" in passage.text and listed else first.group() if first else passage.text
    return Message(
        text=f"{short}\n\n{citation(library, passage_id)}",
        kind="answer",
        sources=(source_of(library, passage_id),),
    )


def citation(library: Library, passage_id: str) -> str:
    """The line that names where a passage comes from."""
    document, passage = library.document_of(passage_id), library.passages[passage_id]
    if passage.authority:
        return f"Source: {document.title}, {document.publisher}; after {passage.authority.split(',')[0]}."
    return f"Source: “{document.title}”, {document.publisher}."


def next_questions(
    library: Library, passage_id: str, near: Sequence[str], given: Sequence[str], *, disclosed: bool
) -> tuple[dict[str, str], ...]:
    """Headings one may ask next.

    Args:
        library: The documents.
        passage_id: The passage just given.
        near: Passages near the question, best first.
        given: Passages already given.
        disclosed: Whether something was disclosed: then nothing made for couples is suggested, and help is.

    Returns:
        Up to three buttons, the following passage of the document among them, and what the document offers.
    """
    document = library.document_of(passage_id)
    own = list(document.passages)
    following = own[own.index(passage_id) + 1 :][:1]
    order = [*near[:2], *following, *near[2:], *own[own.index(passage_id) + 2 :], *own]
    fresh = [id_ for id_ in dict.fromkeys(order) if id_ != passage_id and id_ not in given]
    if disclosed:
        return buttons(library, [id_ for id_ in fresh if not library.document_of(id_).for_couples], HELP)
    return buttons(library, fresh, document.offers)


def buttons(library: Library, passage_ids: Sequence[str], offer: str | None = None) -> tuple[dict[str, str], ...]:
    """Buttons that ask the questions of passages, at most three, the last one an offer if there is one."""
    headings = [library.passages[id_].heading for id_ in passage_ids[:MAX_BUTTONS]]
    titles = [*headings[: MAX_BUTTONS - 1], offer] if offer else headings
    return tuple({"title": title, "payload": title} for title in titles)


def provenance(document: Document, passage_id: str) -> Message:
    """Where an answer comes from, with author, date and the publisher's interest.

    Args:
        document: The document.
        passage_id: The passage in question.

    Returns:
        The message.
    """
    passage = document.passages[passage_id]
    parts = [f"That comes from “{document.title}” by {document.author}, {document.publisher}"]
    parts[0] += f", updated {document.updated}." if document.updated != "unknown" else "."
    if passage.authority:
        parts.append(f"It rests on {passage.authority}: {passage.authority_url}")
    elif document.url:
        parts.append(f"The article: {document.url}. What you read here is retold in our own words.")
    parts.append(document.interest or "Nobody pays us for showing it.")
    url = passage.authority_url or document.url
    return Message(
        text=" ".join(parts),
        kind="answer",
        sources=(Source(document.id, document.title, document.publisher, url, passage_id),),
    )
