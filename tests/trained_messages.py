"""The training messages, and whether a test message nearly stands among them."""

from functools import lru_cache

from rapidfuzz import fuzz, process

from mutual import paths
from mutual.content import read_yaml
from mutual.library.documents import read_library
from mutual.text import plain

NEAR = 85
"""Percent of the letters two messages share from which on they count as the same."""
WORDS = 4
"""Shorter messages are common property."""


@lru_cache(maxsize=1)
def trained() -> tuple[str, ...]:
    """All training messages and the documents' own questions, normalised and in lower case.

    Follow-ups stand there after the question they lean on; here what was typed counts by itself too.
    """
    passages = read_library().passages.values()
    messages = [question for passage in passages for question in passage.questions]
    for path in sorted(paths.DATA.rglob("*.yml")):
        content = read_yaml(path)
        for block in content.get("nlu", []) if isinstance(content, dict) else []:
            messages += [line.strip()[2:] for line in block["examples"].splitlines() if line.strip()]
    typed = [m.removeprefix(f"{p.heading} ") for m in messages for p in passages if m.startswith(f"{p.heading} ")]
    return tuple(plain(message).lower() for message in [*messages, *typed])


def twin(text: str) -> str | None:
    """A training message that is nearly this one, if there is one."""
    if len(text.split()) < WORDS:
        return None
    found = process.extractOne(plain(text).lower(), trained(), scorer=fuzz.ratio, score_cutoff=NEAR)
    return found[0] if found else None
