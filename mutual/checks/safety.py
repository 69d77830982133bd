"""Checks the safety categories, patterns, answers and replies."""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

from mutual.checks import dialogue, lines, training
from mutual.checks.lines import ANSWERS, PATTERNS, REPLIES, RULES, TAXONOMY, Project
from mutual.checks.problem import Problem
from mutual.nlu.floor import Floor, PatternError
from mutual.nlu.taxonomy import Taxonomy, TaxonomyError, load
from mutual.text import plain, sentences

CATEGORIES = "data/safety/categories"
MIN_MESSAGES = 80
"""Training messages a category needs at least."""
MIN_WORDINGS = 2
"""Wordings of a safety reply: the same sentence twice sounds like a machine that does not listen."""

_EVENT = ("who", "verb", "whom")
_FORBIDDEN = re.compile(
    r"\b(?:should(?:n't)?|why|must(?:n't)?|abus(?:e|ed|es|er|ers|ive|ing)|rap(?:e|ed|es|ist|ists|ing)|victim\w*)\b|!",
    re.IGNORECASE,
)


def taxonomy(project: Project) -> tuple[Taxonomy | None, list[Problem]]:
    """Reads the safety categories.

    Args:
        project: The project.

    Returns:
        The categories, or None and what is wrong with their file.
    """
    for key, shape in (("kinds", lines.pairs), ("categories", lines.items)):
        if not shape(project.node(TAXONOMY, key)):
            return None, [Problem(TAXONOMY, 1, f"There are no {key}", f"Add them under {key}")]
    for row in lines.items(project.node(TAXONOMY, "categories")):
        if not lines.is_text(lines.get(row, "id")) or not lines.items(lines.get(row, "needs")):
            return None, [Problem(TAXONOMY, lines.line(row), "The category has no id or no list of needs", "Add them")]
    try:
        # Past the cache: the file may have changed since this process read it.
        return load.__wrapped__(project.root / TAXONOMY), []
    except TaxonomyError as error:
        wrong = str(error).removeprefix("taxonomy.yml: ").rstrip(".")
        at = next(
            (lines.line(node) for id_, node in _category_nodes(project).items() if f"category {id_} " in wrong), 1
        )
        return None, [Problem(TAXONOMY, at, wrong, "Mend it; no category can be read until then")]


def check(project: Project) -> Iterator[Problem]:
    """Checks everything under `data/safety/`.

    Args:
        project: The project.

    Yields:
        A problem for each category without messages or rule, unknown name in answers or patterns, pattern that cannot
        be read, and reply that `SAFETY.md` forbids.
    """
    categories = _category_nodes(project)
    yield from _messages(project, categories)
    yield from _answers(project, set(categories))
    yield from _patterns(project, set(categories))
    replies = project.node(REPLIES, "responses")
    for name, wordings in lines.pairs(replies):
        yield from _reply(name, lines.items(wordings))


def _category_nodes(project: Project) -> dict[str, yaml.Node]:
    rows = (lines.get(row, "id") for row in lines.items(project.node(TAXONOMY, "categories")))
    return {lines.text(node): node for node in rows if node is not None}


def _messages(project: Project, categories: dict[str, yaml.Node]) -> Iterator[Problem]:
    counts = dict.fromkeys(categories, 0)
    for block in training.blocks(project, CATEGORIES):
        if block.file == f"{CATEGORIES}/{block.intent}.yml" and block.intent in counts:
            counts[block.intent] += sum(1 for message in block.messages if message.text)
        else:
            todo = f"Write only messages of a category's own into {CATEGORIES}/, one file a category"
            yield Problem(block.file, block.line, f"{block.intent} is not the category this file is named after", todo)
    ruled = dialogue.steps(project, "intent")
    for id_, node in categories.items():
        file = f"{CATEGORIES}/{id_}.yml"
        if file not in project.files:
            yield Problem(TAXONOMY, lines.line(node), f"The category {id_} has no messages", f"Write {file}")
        elif counts[id_] < MIN_MESSAGES:
            wrong = f"The category {id_} has {counts[id_]} messages"
            yield Problem(file, 1, wrong, f"Write at least {MIN_MESSAGES}, each as if by another person")
        if id_ not in ruled:
            wrong = f"The category {id_} has no rule, so nothing is said"
            yield Problem(TAXONOMY, lines.line(node), wrong, f"Add a rule with its reply to {RULES}")


def _answers(project: Project, categories: set[str]) -> Iterator[Problem]:
    intents, responses = set(dialogue.intents(project)), set(dialogue.responses(project))
    used: list[tuple[yaml.Node, yaml.Node, str, set[str]]] = []  # where, the name, what it is, those there are
    for key, node in lines.pairs(project.node(ANSWERS, "said")):
        used.append((key, node, "intent", intents))
    for key, node in lines.pairs(project.node(ANSWERS, "to")):
        used.append((key, key, "response", responses))
        used += [(key, intent, "intent", intents) for _, intent in lines.pairs(node)]
    for key, node in lines.pairs(project.node(ANSWERS, "raises")):
        used += [(key, key, "intent", intents), (key, node, "category", categories)]
    for part in ("only_after", "never"):
        for key, node in lines.pairs(project.node(ANSWERS, part)):
            used.append((key, key, "intent", intents))
            used += [(key, category, "category", categories) for category in lines.items(node)]
    for where, node, what, there in used:
        name = lines.text(node)
        if name not in there:
            yield Problem(ANSWERS, lines.line(where), f"There is no {what} {name!r}", "Correct the name")


def _patterns(project: Project, categories: set[str]) -> Iterator[Problem]:
    rows = lines.items(project.node(PATTERNS, "patterns"))
    if not rows:
        yield Problem(PATTERNS, 1, "There are no patterns", "List them under patterns")
    seen: set[str] = set()
    for row in rows:
        at, id_ = lines.line(row), lines.text(lines.get(row, "id"))
        category = lines.get(row, "category")
        if category is not None and lines.text(category) not in categories:
            wrong = f"The pattern {id_} routes to {lines.text(category)!r}, which is no category"
            yield Problem(PATTERNS, lines.line(category), wrong, f"Use a category of {TAXONOMY}")
        if not id_ or id_ in seen:
            wrong = f"The pattern has {'the id of another' if id_ else 'no id'}"
            yield Problem(PATTERNS, at, wrong, "Give it an id of its own")
        seen.add(id_)
        lists = [node for key in ("words", "unless") if (node := lines.get(row, key)) is not None]
        # A bare text would be read letter by letter, a number not at all.
        broken = [node for node in lists if not lines.items(node) or not all(map(lines.is_text, lines.items(node)))]
        event = lines.get(row, "event")
        broken += [event] if event is not None and not all(lines.text(lines.get(event, k)) for k in _EVENT) else []
        if broken:
            todo = "Write words and unless as lists of quoted texts, an event with who, verb and whom"
            yield Problem(PATTERNS, lines.line(broken[0]), f"The pattern {id_} is malformed", todo)
            continue
        try:
            Floor([yaml.safe_load(yaml.serialize(row))])
        except PatternError as error:
            yield Problem(PATTERNS, at, str(error).rstrip("."), "Write it as the head of the file explains")


def _reply(named: yaml.Node, wordings: list[yaml.Node]) -> Iterator[Problem]:
    name = lines.text(named)
    if len(wordings) < MIN_WORDINGS:
        wrong = f"{name} has {len(wordings)} wording{'' if len(wordings) == 1 else 's'}"
        yield Problem(REPLIES, lines.line(named), wrong, f"Write at least {MIN_WORDINGS}")
    for wording in wordings:
        node = lines.get(wording, "text")
        said = plain(lines.text(node))
        buttons = lines.items(lines.get(wording, "buttons"))
        at = lines.line(node or wording)
        if not said:
            yield Problem(REPLIES, at, f"A wording of {name} has no text", "Write it")
        titles = [(lines.line(button), plain(lines.text(lines.get(button, "title")))) for button in buttons]
        for where, words in [(at, said), *titles]:
            for word in dict.fromkeys(match.group().lower() for match in _FORBIDDEN.finditer(words)):
                yield Problem(REPLIES, where, f"{name} says {word!r}", "Say it without")
        if said.count("?") > 1:
            yield Problem(REPLIES, at, f"A wording of {name} asks more than one question", "Ask one at most")
        elif "?" in said and "?" not in sentences(said)[-1]:
            yield Problem(REPLIES, at, f"A wording of {name} goes on after its question", "Let it stand last")
        for button in buttons:
            title, payload = (lines.text(lines.get(button, key)) for key in ("title", "payload"))
            if title != payload or not title:
                wrong = f"A button of {name} shows {title!r} and sends {payload!r}"
                yield Problem(REPLIES, lines.line(button), wrong, "Let it send the text it shows")
