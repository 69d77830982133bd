"""Checks the documents, and that the topics' training questions fit them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from mutual.checks import lines, training
from mutual.checks.lines import Project
from mutual.checks.problem import Problem
from mutual.library.documents import Document, DocumentError, read_document

MAX_HEADING = 60
"""Characters of a heading: it is shown as a button."""
MIN_QUESTIONS = 10
"""Training questions a passage of a document with topics needs at least, to be found among the others."""

_SOURCE_LINE = re.compile(r"Source: .+ <https://[^\s<>]+>")


def check(project: Project) -> Iterator[Problem]:
    """Checks `data/documents/` and `data/topics/`.

    Args:
        project: The project.

    Yields:
        A problem for each unreadable document, heading that is double or too long, address that is not https,
        question for a passage there is none of, and passage with too few questions beside others that have them.
    """
    documents: dict[str, Document] = {}
    places: dict[str, tuple[str, int]] = {}
    for path in sorted((project.root / "data" / "documents").glob("*.md")):
        file = path.relative_to(project.root).as_posix()
        try:
            document = read_document(path)
        except DocumentError as error:
            yield _unreadable(file, str(error))
            continue
        if document.id in documents:
            yield Problem(file, 2, f"Another document has the id {document.id}", "Give each document an id of its own")
        documents[document.id] = document
        written = path.read_text(encoding="utf-8").splitlines()
        for id_, passage in document.passages.items():
            heading = f"## {passage.heading} {{#{id_.rsplit('/', 1)[1]}}}"
            places[id_] = (file, next(n for n, row in enumerate(written, 1) if row.rstrip() == heading))
        yield from _addresses(file, written, document.url)
    yield from _headings(documents, places)
    yield from _questions(project, places)


def _unreadable(file: str, message: str) -> Problem:
    # The reader says "name:line: problem".
    _, at, wrong = message.split(":", 2)
    return Problem(file, int(at), " ".join(wrong.split()).rstrip("."), "Mend it; the document is left out until then")


def _addresses(file: str, written: list[str], url: str) -> Iterator[Problem]:
    if url and not url.startswith("https://"):
        at = next((n for n, row in enumerate(written, 1) if row.startswith("url:")), 1)
        yield Problem(file, at, f"The source's address {url} is not https", "Give the https:// address of the source")
    for number, row in enumerate(written, 1):
        if row.strip().lower().startswith("source:") and not _SOURCE_LINE.fullmatch(row.strip()):
            todo = "Write 'Source: Name, Page <https://address>' on a line of its own"
            yield Problem(file, number, "The source line has no https address", todo)


def _headings(documents: dict[str, Document], places: dict[str, tuple[str, int]]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for document in documents.values():
        for id_, passage in document.passages.items():
            length = len(passage.heading)
            if length > MAX_HEADING:
                wrong = f"The heading of {id_} has {length} characters"
                yield Problem(*places[id_], wrong, f"Shorten it to {MAX_HEADING}, it becomes a button")
            first = seen.setdefault(passage.heading.casefold(), id_)
            if first != id_:
                yield Problem(*places[id_], f"The heading of {id_} is that of {first} too", "Word one differently")


def _questions(project: Project, places: dict[str, tuple[str, int]]) -> Iterator[Problem]:
    questions: Counter[str] = Counter()
    for block in training.blocks(project, "data/topics"):
        named = lines.get(block.metadata, "passage")
        if named is None:
            continue
        passage = lines.text(named)
        questions[passage] += sum(1 for message in block.messages if message.text)
        if passage not in places:
            wrong = f"There is no passage {passage}"
            yield Problem(block.file, lines.line(named), wrong, "Name a passage of data/documents as document/passage")
    # A document dropped in without a topic is found by its headings, its text and its own "Asked as:" lists.
    with_topics = {id_.split("/")[0] for id_ in questions}
    for id_, place in places.items():
        if id_.split("/")[0] in with_topics and questions[id_] < MIN_QUESTIONS:
            wrong = f"The passage {id_} has {questions[id_]} training questions"
            yield Problem(*place, wrong, f"Write at least {MIN_QUESTIONS} in data/topics, under 'passage: {id_}'")
