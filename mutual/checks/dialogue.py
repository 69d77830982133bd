"""Checks that domain, rules, replies, actions and training data fit together."""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml
from rasa.shared.core.constants import DEFAULT_ACTION_NAMES

from mutual.checks import lines, training
from mutual.checks.lines import ANSWERS, DOMAIN, LANGUAGES_REPLIES, REPLIES, RULES, Project
from mutual.checks.problem import Problem

CORRECT = "Correct the name or add it to the domain"

_UTTER = re.compile(r"\butter_\w+")


def check(project: Project) -> Iterator[Problem]:
    """Checks the dialogue's parts against each other.

    Args:
        project: The project.

    Yields:
        A problem for each name that one part uses and another lacks, each response nothing says and each empty message.
    """
    known, said = intents(project), responses(project)
    actions = {lines.text(node): node for node in lines.items(project.node(DOMAIN, "actions"))}
    ruled = steps(project, "intent")
    for name, node in known.items():
        if name not in ruled:
            yield Problem(DOMAIN, lines.line(node), f"The intent {name} has no rule", f"Add one to {RULES}")
    for name, node in ruled.items():
        if name not in known:
            yield Problem(RULES, lines.line(node), f"The domain has no intent {name}", CORRECT)
    for name, node in steps(project, "action").items():
        if name not in {*said, *actions, *DEFAULT_ACTION_NAMES}:
            todo = f"Correct it, or add a response to {DOMAIN} or {REPLIES}, or an action to {DOMAIN} and actions/"
            yield Problem(RULES, lines.line(node), f"There is no action or response {name}", todo)
    for name, node in actions.items():
        if name not in said and not (project.root / "actions" / f"{name}.py").is_file():
            todo = f"Write actions/{name}.py or take the action out of the domain"
            yield Problem(DOMAIN, lines.line(node), f"The action {name} has no file", todo)
    yield from _unused(project, said)
    yield from _training(project, set(known))


def intents(project: Project) -> dict[str, yaml.Node]:
    """Where the domain names each intent, by its name."""
    found: dict[str, yaml.Node] = {}
    for node in lines.items(project.node(DOMAIN, "intents")):
        # "- name" or, with settings, "- name: {use_entities: []}".
        named = node if lines.text(node) else next((key for key, _ in lines.pairs(node)), None)
        if named is not None:
            found[lines.text(named)] = named
    return found


def responses(project: Project) -> dict[str, tuple[str, yaml.Node]]:
    """File and node of each response's name."""
    return {
        lines.text(key): (file, key)
        for file in (DOMAIN, REPLIES, LANGUAGES_REPLIES)
        for key, _ in lines.pairs(project.node(file, "responses"))
    }


def steps(project: Project, kind: str) -> dict[str, yaml.Node]:
    """Where the rules first name each intent or action.

    Args:
        project: The project.
        kind: "intent" or "action".

    Returns:
        The nodes by name, those inside `or` included.
    """
    found: dict[str, yaml.Node] = {}
    for rule in lines.items(project.node(RULES, "rules")):
        for step in lines.items(lines.get(rule, "steps")):
            for choice in [step, *lines.items(lines.get(step, "or"))]:
                node = lines.get(choice, kind)
                if node is not None:
                    found.setdefault(lines.text(node), node)
    return found


def _unused(project: Project, said: dict[str, tuple[str, yaml.Node]]) -> Iterator[Problem]:
    used = {*steps(project, "action"), *(lines.text(key) for key, _ in lines.pairs(project.node(ANSWERS, "to")))}
    for folder in ("actions", "mutual"):
        for path in (project.root / folder).rglob("*.py"):
            used |= set(_UTTER.findall(path.read_text(encoding="utf-8")))
    for name, (file, node) in said.items():
        if name not in used:
            yield Problem(file, lines.line(node), f"Nothing says {name}", "Use it in a rule or an action, or delete it")


def _training(project: Project, known: set[str]) -> Iterator[Problem]:
    for block in training.blocks(project):
        if block.intent not in known:
            yield Problem(block.file, block.line, f"The domain has no intent {block.intent}", CORRECT)
        for message in block.messages:
            if not message.text:
                yield Problem(message.file, message.line, "The message is empty", "Write '- text' or delete the line")
