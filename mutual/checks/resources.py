"""Checks the directory of helplines, and that phone numbers stand nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

from mutual.checks import lines
from mutual.checks.lines import DOMAIN, REPLIES, TAXONOMY, Project
from mutual.checks.problem import Problem
from mutual.directory.resources import (
    EU_MEMBERS,
    EUROPE,
    INTERNATIONAL,
    SURENESS,
    Country,
    Directory,
    DirectoryError,
    read_country,
)
from mutual.nlu.taxonomy import Taxonomy
from mutual.replies.resources import safety_resources

FOLDER = "data/resources"

_CONTACTS = ("phone", "text", "whatsapp", "chat", "email", "url")
_GROUPED = re.compile(r"(?<![\w.,])\+?\(?\d(?:[\s().\-\u2010-\u2013\u00a0]{0,2}\d){6,}(?!\w)")
_LETTERED = re.compile(r"(?<![\w.,])\d[\d -]*\d-?[A-Z]{4,}\b")  # 1800RESPECT, 1-800-799-SAFE
_CALLED = re.compile(r"\b(?:call|ring|dial|phone|text|sms|whatsapp)(?: on| at| to)? (\d[\d ]*\d)\b", re.IGNORECASE)
# Counted things are no numbers to call: "120 hours", "112 couples".
_COUNTED = "%|percent|minute|hour|day|week|month|year|people|adult|women|men|couple|student|participant"
_WHOLE = re.compile(rf"(?<![\w.,-])\d(?:[\d ().-]*\d)?(?![\w%]|[.,]\d| (?:{_COUNTED}))")
# Dates, spans of years and addresses hold long digits that nobody calls.
_NO_NUMBERS = re.compile(r"https?://\S+|\b\d{4}-\d{2}-\d{2}\b|\b(?:19|20)\d\d ?[-\u2013] ?(?:19|20)?\d\d\b")


def check(project: Project, categories: Taxonomy | None) -> Iterator[Problem]:
    """Checks `data/resources/`, and replies, domain and documents for phone numbers.

    Args:
        project: The project.
        categories: The safety categories, None when their file is unusable.

    Yields:
        A problem for each incomplete record or country, need that the taxonomy does not have, category without
        anybody to show in a country, and number outside the directory.
    """
    malformed = [problem for file, root in project.under(FOLDER).items() for problem in _file(file, root)]
    malformed += _doubles(project)
    yield from malformed
    yield from _needs(project)
    yield from _numbers(project)
    if malformed:
        return
    countries: dict[str, tuple[str, Country]] = {}
    for file in project.under(FOLDER):
        try:
            country = read_country(project.root / file)
        except DirectoryError as error:
            yield Problem(file, 1, str(error).rstrip("."), "Mend it; the directory cannot be read until then")
            return
        countries[country.code] = (file, country)
    if INTERNATIONAL not in countries:
        yield Problem(lines.INTERNATIONAL, 1, f"No file is for {INTERNATIONAL}", f"Set country: {INTERNATIONAL} here")
    elif categories is not None:
        yield from _nobody_to_show(project, countries, categories)


def _file(file: str, root: yaml.Node | None) -> Iterator[Problem]:
    """Problems of one file; the reader itself stops at the first and knows no lines."""
    missing = [key for key in ("country", "name") if not lines.is_text(lines.get(root, key))]
    missing += [] if isinstance(lines.get(root, "emergency"), yaml.MappingNode) else ["emergency"]
    missing += [] if lines.items(lines.get(root, "resources")) else ["resources"]
    if missing:
        wrong = f"The file has no usable {', '.join(missing)}"
        yield Problem(file, 1, wrong, "Add it; put quotes around a code YAML takes for something else, such as NO")
    numbers = lines.items(lines.get(root, "emergency", "numbers"))
    if lines.text(lines.get(root, "country")) != INTERNATIONAL and not numbers:
        at = lines.get(root, "emergency") or root
        wrong = "The country has no emergency number"
        yield Problem(file, lines.line(at) if at else 1, wrong, "List it under emergency: numbers")
    for number in numbers:
        if not lines.is_text(number):
            yield Problem(file, lines.line(number), "The emergency number is not text", "Put quotes around it")
    areas = {lines.text(key) for key, _ in lines.pairs(lines.get(root, "areas"))}
    for record in lines.items(lines.get(root, "resources")):
        yield from _record(file, record)
        served = lines.get(record, "area")
        named = {lines.text(area) for area in lines.items(served)}
        if served is not None and not (named and named <= areas):
            wrong = f"The record {lines.text(lines.get(record, 'id'))} serves an area the country does not have"
            yield Problem(file, lines.line(served), wrong, "List areas of the file, or leave area out")


def _record(file: str, record: yaml.Node) -> Iterator[Problem]:
    name, at = lines.text(lines.get(record, "id")) or "?", lines.line(record)
    missing = [key for key in ("id", "name") if not lines.text(lines.get(record, key))]
    missing += [] if lines.items(lines.get(record, "needs")) else ["needs"]
    missing += [f"checked: {key}" for key in ("how", "date") if not lines.text(lines.get(record, "checked", key))]
    if missing:
        yield Problem(file, at, f"The record {name} lacks {', '.join(missing)}", "Complete it")
    how = lines.get(record, "checked", "how")
    if how is not None and lines.text(how) not in SURENESS:
        wrong = f"The record {name} was checked by {lines.text(how)!r}"
        yield Problem(file, lines.line(how), wrong, f"Use one of {', '.join(SURENESS)}")
    contacts = [node for key in _CONTACTS if (node := lines.get(record, key)) is not None]
    if not contacts:
        yield Problem(file, at, f"The record {name} has no way to reach it", f"Give one of {', '.join(_CONTACTS)}")
    for contact in contacts:
        if not lines.is_text(contact) or not lines.text(contact):
            wrong = f"A contact of {name} is not text"
            yield Problem(file, lines.line(contact), wrong, "Put quotes around it; YAML drops leading zeros")


def _needs(project: Project) -> Iterator[Problem]:
    kinds = {lines.text(key) for key, _ in lines.pairs(project.node(TAXONOMY, "kinds"))}
    for file, root in project.under(FOLDER).items():
        for record in lines.items(lines.get(root, "resources")):
            for need in lines.items(lines.get(record, "needs")):
                if lines.text(need) not in kinds:
                    wrong = f"{lines.text(lines.get(record, 'id'))} serves {lines.text(need)!r}, an unknown need"
                    yield Problem(file, lines.line(need), wrong, f"Use one of the kinds in {TAXONOMY}, or add it there")


def _doubles(project: Project) -> Iterator[Problem]:
    ids: dict[str, str] = {}
    codes: dict[str, str] = {}
    for file, root in project.under(FOLDER).items():
        named = [(codes, "country code", lines.get(root, "country"))]
        named += [(ids, "id", lines.get(record, "id")) for record in lines.items(lines.get(root, "resources"))]
        for seen, what, node in named:
            if node is None:
                continue
            first = seen.setdefault(lines.text(node), f"{file}:{lines.line(node)}")
            if first != f"{file}:{lines.line(node)}":
                wrong = f"The {what} {lines.text(node)} stands in {first} too"
                yield Problem(file, lines.line(node), wrong, "Rename or delete one of the two")


def _nobody_to_show(
    project: Project, countries: dict[str, tuple[str, Country]], categories: Taxonomy
) -> Iterator[Problem]:
    """Asks the reply itself what it would show for each category in each country and part of one."""
    directory = Directory({code: country for code, (_, country) in countries.items()})
    for code, (file, country) in countries.items():
        # The EU's file speaks for members without one of their own, the international one for an unknown country.
        asked = {EUROPE: min(EU_MEMBERS - countries.keys(), default=None), INTERNATIONAL: None}.get(code, code)
        for category in categories.categories.values():
            for area in (None, *country.areas):
                shown = safety_resources(
                    directory,
                    categories,
                    category.needs,
                    asked,
                    area,
                    emergency=category.tier == "emergency",
                    intro="",
                    avoid=("couples",),
                ).resources
                helpers = [card for card in shown if card.kind != "emergency"]
                if not any(card.kind == "directory" or card.country in (code, EUROPE) for card in helpers):
                    node = project.node(file, "resources")
                    where = f"{country.name}{f' ({area})' if area else ''}"
                    wrong = f"{where} has nobody to show for {category.id}, and no finder steps in"
                    todo = f"Add a record for one of {', '.join(category.needs)}"
                    yield Problem(file, lines.line(node) if node else 1, wrong, todo)
                    break


def _numbers(project: Project) -> Iterator[Problem]:
    """Numbers in what the bot says: only the directory is dated and checked, so numbers live nowhere else."""
    known = set(_short_numbers(project))
    for file in (REPLIES, DOMAIN):
        for node in _scalars(project.node(file, "responses")):
            for number in _phone_like(lines.text(node), known):
                yield _misplaced(file, _line_of(project, file, node, number), number)
    for path in sorted((project.root / "data" / "documents").glob("*.md")):
        written = path.read_bytes().decode("utf-8", errors="replace").splitlines()
        for at, row in enumerate(written, 1):
            for number in _phone_like(row, known):
                yield _misplaced(path.relative_to(project.root).as_posix(), at, number)


def _misplaced(file: str, at: int, number: str) -> Problem:
    todo = f"Take it out; numbers live only in {FOLDER}, and replies may use {{emergency_number}}"
    return Problem(file, at, f"{number!r} looks like a phone number", todo)


def _short_numbers(project: Project) -> Iterator[str]:
    """Emergency and helpline numbers of three to six digits, which by their length could be anything."""
    for root in project.under(FOLDER).values():
        contacts = lines.items(lines.get(root, "emergency", "numbers"))
        for record in lines.items(lines.get(root, "resources")):
            contacts += [node for key in ("phone", "text") if (node := lines.get(record, key)) is not None]
        for contact in contacts:
            yield from (bare for found in _WHOLE.findall(lines.text(contact)) if 3 <= len(bare := _bare(found)) <= 6)


def _phone_like(said: str, known: set[str]) -> list[str]:
    said = _NO_NUMBERS.sub(lambda match: "_" * len(match.group()), said)
    found = [match.group() for pattern in (_GROUPED, _LETTERED) for match in pattern.finditer(said)]
    found += [match.group(1) for match in _CALLED.finditer(said) if len(_bare(match.group(1))) >= 3]
    found += [match.group() for match in _WHOLE.finditer(said) if _bare(match.group()) in known]
    return [number for number in dict.fromkeys(found) if not any(number in other for other in found if other != number)]


def _bare(number: str) -> str:
    return re.sub(r"\D", "", number)


def _scalars(node: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
    if isinstance(node, yaml.ScalarNode):
        yield node
    for inner in [*lines.items(node), *(value for _, value in lines.pairs(node))]:
        yield from _scalars(inner)


def _line_of(project: Project, file: str, node: yaml.Node, said: str) -> int:
    """The line inside a long text on which something begins."""
    written = (project.root / file).read_text(encoding="utf-8").splitlines()
    begins = said.split()[0]
    within = range(node.start_mark.line, node.end_mark.line + 1)
    return next((at + 1 for at in within if at < len(written) and begins in written[at]), lines.line(node))
