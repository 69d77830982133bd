"""Reads and checks the documents of `data/documents/`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from mutual import paths

MAX_WORDS = 90
"""Longest passage in words: a reply is read on a phone, often by somebody upset."""

_HEADING = re.compile(r"^## (?P<heading>.+?) \{#(?P<id>[a-z0-9-]+)\}$")
_SOURCE = re.compile(r"^Source: (?P<title>.+?) <(?P<url>https://[^\s<>]+)>$")
_ASKED = "Asked as:"
_REQUIRED = ("id", "title", "author", "publisher", "url", "reviewed", "updated")

_LINK = re.compile(r"\[([^\]]+)\]\(#([a-z0-9-]+)\)")


class DocumentError(ValueError):
    """A document is unusable; the message gives file, line and what to do."""

    def __init__(self, path: Path, line: int, problem: str) -> None:
        """Builds "file:line: problem"."""
        super().__init__(f"{path.name}:{line}: {problem}")


@dataclass(frozen=True)
class Passage:
    """One section of a document, short enough to be a reply.

    Attributes:
        id: "document/passage", stable.
        heading: The question it answers, used as a button.
        text: Its paragraphs, without the source line.
        authority: Name and page of the authority it rests on, where it names one.
        authority_url: That page's address.
        parts: Ids of the passages its list items link to, in the list's order: "the third one" means the third.
        links: The words of those links.
        questions: Other ways people ask for it, from the list after "Asked as:"; never shown, only searched.
    """

    id: str
    heading: str
    text: str
    authority: str | None = None
    authority_url: str | None = None
    parts: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Document:
    """One document.

    Attributes:
        id: Its stable name, the first half of its passages' ids.
        title: Title of the article it retells, or its own.
        author: Who wrote the source.
        publisher: Who published the source.
        url: Address of the source; empty for a document of our own.
        reviewed: Date of our last editorial review, ISO.
        updated: Date of the source, ISO, or "unknown".
        interest: The publisher's interest in what it says, where there is one.
        offers: What its answers offer besides their next questions, such as "Find a therapist near me".
        for_couples: Whether it takes two willing partners for granted; after a disclosure it is neither suggested nor
            given without a word on that.
        passages: Its passages by id, in order.
    """

    id: str
    title: str
    author: str
    publisher: str
    url: str
    reviewed: str
    updated: str
    interest: str | None
    offers: str | None
    for_couples: bool
    passages: dict[str, Passage]


class Library:
    """All documents, with their passages by id."""

    def __init__(self, documents: list[Document]) -> None:
        """Indexes the documents.

        Args:
            documents: The documents, with different ids.
        """
        self.documents = {document.id: document for document in documents}
        self.passages = {id_: passage for document in documents for id_, passage in document.passages.items()}

    def document_of(self, passage_id: str) -> Document:
        """The document a passage belongs to.

        Args:
            passage_id: "document/passage".

        Returns:
            Its document.

        Raises:
            KeyError: There is no such document.
        """
        return self.documents[passage_id.split("/", 1)[0]]


def read_document(path: Path) -> Document:
    """Reads one document.

    Args:
        path: A Markdown file with front matter and `## Heading {#passage-id}` sections.

    Returns:
        The document.

    Raises:
        DocumentError: The file is not UTF-8, its front matter is incomplete, or a section is malformed, double, empty,
            over `MAX_WORDS` words or links to a passage there is none of.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise DocumentError(path, 1, "The file is not UTF-8 text; save it as UTF-8.") from error
    if not lines or lines[0] != "---" or "---" not in lines[1:]:
        raise DocumentError(path, 1, "The file must start with front matter between two lines of ---.")
    end = lines.index("---", 1)
    try:
        front = yaml.safe_load("\n".join(lines[1:end]))
    except yaml.YAMLError as error:
        raise DocumentError(path, 2, f"The front matter is not YAML: {error}") from error
    if isinstance(front, dict) and not isinstance(front.get("for_couples", False), bool):
        raise DocumentError(path, 2, "Write for_couples as true or false.")
    missing = [key for key in _REQUIRED if not isinstance(front, dict) or front.get(key) is None]
    if missing:
        raise DocumentError(path, 2, f"The front matter lacks {', '.join(missing)}.")
    passages: dict[str, Passage] = {}
    for number, heading, body in _sections(path, lines, end + 1):
        match = _HEADING.match(heading)
        if match is None:
            raise DocumentError(path, number, "Write the heading as '## Question? {#passage-id}'.")
        asked = next((index for index, line in enumerate(body) if line.strip() == _ASKED), len(body))
        questions = tuple(_questions(path, number + asked + 1, body[asked:]))
        passage = _passage(f"{front['id']}/{match['id']}", match["heading"], body[:asked], questions)
        if passage.id in passages:
            raise DocumentError(path, number, f"The passage id {match['id']} stands twice.")
        words = len(passage.text.split())
        if not 1 <= words <= MAX_WORDS:
            raise DocumentError(path, number, f"The passage has {words} words; write 1 to {MAX_WORDS}.")
        passages[passage.id] = passage
    if not passages:
        raise DocumentError(path, end + 1, "The document has no passages.")
    for number, line in enumerate(lines, 1):
        for _, anchor in _LINK.findall(line):
            if f"{front['id']}/{anchor}" not in passages:
                raise DocumentError(path, number, f"The document has no passage {anchor} to link to.")
    text = {key: str(front[key]) for key in _REQUIRED}
    return Document(
        **text,
        interest=front.get("interest"),
        offers=front.get("offers"),
        for_couples=front.get("for_couples", False),
        passages=passages,
    )


@lru_cache(maxsize=2)
def read_library(folder: Path = paths.DOCUMENTS) -> Library:
    """Reads all documents of a folder.

    Args:
        folder: Folder of Markdown files.

    Returns:
        The library.

    Raises:
        DocumentError: A document is malformed, or two have one id.
    """
    documents: dict[str, Document] = {}
    for path in sorted(folder.glob("*.md")):
        document = read_document(path)
        if document.id in documents:
            raise DocumentError(path, 2, f"Another document has the id {document.id}.")
        documents[document.id] = document
    return Library(list(documents.values()))


def fingerprint(folder: Path = paths.DOCUMENTS) -> str:
    """Checksum of all documents: what was learnt from others must not be used again."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(folder.glob("*.md")))).hexdigest()


def _sections(path: Path, lines: list[str], start: int) -> Iterator[tuple[int, str, list[str]]]:
    number, heading, body = 0, "", list[str]()
    for index, line in enumerate(lines[start:], start + 1):
        if line.startswith("#"):
            if heading:
                yield number, heading, body
            number, heading, body = index, line.rstrip(), []
        elif heading:
            body.append(line)
        elif line.strip():
            raise DocumentError(path, index, "Text stands before the first heading.")
    if heading:
        yield number, heading, body


def _questions(path: Path, number: int, asked: list[str]) -> Iterator[str]:
    """The questions of a list after "Asked as:", which stands at the end of a section; `number` is that line's."""
    for line_number, line in enumerate(asked[1:], number + 1):
        if line.strip() and not line.startswith("- "):
            raise DocumentError(path, line_number, f"Only '- question' lines may follow '{_ASKED}' in a section.")
        if line.strip():
            yield line[2:].strip()


def _passage(id_: str, heading: str, body: list[str], questions: tuple[str, ...]) -> Passage:
    source = next((match for line in body if (match := _SOURCE.match(line.strip()))), None)
    kept = "\n".join(line for line in body if not _SOURCE.match(line.strip())).strip()
    document = id_.split("/")[0]
    found = _LINK.findall(kept)
    parts, links = tuple(f"{document}/{anchor}" for _, anchor in found), tuple(words for words, _ in found)
    kept = _LINK.sub(r"\1", kept)
    text = "\n\n".join(
        " ".join(paragraph.split()) if not _is_list(paragraph) else paragraph for paragraph in kept.split("\n\n")
    )
    if source is None:
        return Passage(id_, heading, text, parts=parts, links=links, questions=questions)
    return Passage(id_, heading, text, source["title"], source["url"], parts, links, questions)


def _is_list(paragraph: str) -> bool:
    return paragraph.lstrip().startswith(("- ", "1. "))
