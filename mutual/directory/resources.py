"""Reads, checks and searches the directory of `data/resources/`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pycountry
import yaml

from mutual import paths
from mutual.content import read_yaml

INTERNATIONAL = "INT"
EUROPE = "EU"
YOUR_LOCAL_NUMBER = "your local emergency number"
"""What is said instead of a number while the country is unknown: a wrong country's number is the commonest fault of
bots, so none is ever guessed."""

EU_MEMBERS = frozenset(
    """
    AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE
    """.split()
)

SURENESS = ("stored_page", "stored_page_in_part", "long_stable", "unconfirmed", "weak")
"""How a contact was checked, surest first; `weak` is never shown."""

MEN, LGBTQ, TEEN = "men", "lgbtq", "teen"
"""Needs that say for whom a record is made, where the person says they are that."""

WOMEN = "women"
"""`audience` of a line that turns men away."""

_TRUSTED = 3  # the first three of SURENESS may be shown freely
_CONTACTS = ("phone", "text", "whatsapp", "chat", "email", "url")


class DirectoryError(ValueError):
    """A directory file is unusable; the message gives file, record and what to do."""


@dataclass(frozen=True)
class Resource:
    """One helpline, service or finder.

    Attributes:
        id: Its stable name.
        country: Code of the file it stands in: ISO 3166 alpha-2, "EU" or "INT".
        name: Its name.
        needs: What it helps with, in the taxonomy's words.
        checked: How its contact was checked, one of `SURENESS`.
        contacts: Of phone, text, whatsapp, chat, email and url those it has.
        hours: When it answers, empty if unknown.
        hours_uncertain: Whether the hours may have changed.
        audience: Whom it is for, where not for everyone.
        areas: Parts of the country it serves, empty for all of it.
        finder: Whether it is a directory by which to find a service of one's own country.
    """

    id: str
    country: str
    name: str
    needs: tuple[str, ...]
    checked: str
    contacts: dict[str, str]
    hours: str
    hours_uncertain: bool
    audience: str
    areas: tuple[str, ...]
    finder: bool

    @property
    def sureness(self) -> int:
        """Position in `SURENESS`, 0 for the surest."""
        return SURENESS.index(self.checked)


@dataclass(frozen=True)
class Country:
    """One file of the directory.

    Attributes:
        code: ISO 3166 alpha-2, "EU" or "INT".
        name: English name.
        emergency: Numbers, the main one first, as shown ("110 (police)").
        silent: How to call without speaking, where that exists.
        text: How to reach emergency services by text, where that exists.
        said_as: Names and demonyms people use for it, lower case.
        places: Its cities and regions, lower case.
        areas: For parts with services of their own, the place names that mean them.
        resources: Its records.
    """

    code: str
    name: str
    emergency: tuple[str, ...]
    silent: str
    text: str
    said_as: tuple[str, ...]
    places: tuple[str, ...]
    areas: dict[str, tuple[str, ...]]
    resources: tuple[Resource, ...]


@dataclass(frozen=True)
class Directory:
    """The whole directory, by country code."""

    countries: dict[str, Country]

    def has(self, code: str | None) -> bool:
        """Whether there is a file for a country."""
        return code in self.countries and code not in (EUROPE, INTERNATIONAL)

    def emergency(self, code: str | None) -> str:
        """The number to call in danger.

        Args:
            code: ISO 3166 alpha-2 code, or None while the country is unknown.

        Returns:
            "999 or 112", numbers for mobiles only left out; "112" in EU countries without a file;
            `YOUR_LOCAL_NUMBER` elsewhere.
        """
        for key in self._files(code):
            numbers = self.countries[key].emergency
            if numbers:
                return " or ".join(number for number in numbers if not number.endswith("(mobile)"))
        return YOUR_LOCAL_NUMBER

    def find(
        self,
        needs: Sequence[str],
        country: str | None,
        area: str | None = None,
        most: int = 3,
        skip: Sequence[str] = (),
        audience: Sequence[str] = (),
        finder: bool = True,
    ) -> list[tuple[Resource, str]]:
        """The best-fitting resources for needs.

        Args:
            needs: What is needed, best first, in the taxonomy's words.
            country: ISO 3166 alpha-2 code, or None while unknown.
            area: Part of the country, where said.
            most: Greatest number of resources.
            skip: Ids not to return (already shown).
            audience: Extra needs that describe the person ("men", "lgbtq", "teen"); records for them come first.
            finder: Whether the international finder of helplines may stand in where too little is found.

        Returns:
            (resource, need it serves) pairs, one of each need before a second of any; records of the person's country
            before those of the EU before the international ones; surely checked before less sure; round the clock
            before office hours. A record that is not surely checked appears only where nothing else of its country
            serves the need, and never when its check is "weak".
        """
        own = self._pick(self._files(country)[:-1], needs, area, most, frozenset(skip), audience)
        # Somebody whose country has nobody for what matters most still gets a way to find someone.
        if any(need == needs[0] for _, need in own) or len(own) >= 2:
            return own
        world = self._pick([INTERNATIONAL], needs, area, most - len(own), frozenset(skip), audience)
        found = own + world
        finders = [r for r in self.countries[INTERNATIONAL].resources if r.finder and r.id not in skip]
        if finder and finders and finders[0] not in [resource for resource, _ in found]:
            found = [*found[: most - 1], (finders[0], "general_crisis")]
        return found

    def _files(self, code: str | None) -> list[str]:
        files = [code] if code is not None and self.has(code) else []
        if code in EU_MEMBERS:
            files.append(EUROPE)
        return [*files, INTERNATIONAL]

    def _pick(
        self,
        files: Sequence[str],
        needs: Sequence[str],
        area: str | None,
        most: int,
        skip: frozenset[str],
        audience: Sequence[str],
    ) -> list[tuple[Resource, str]]:
        """One resource of each need, then a second of each, and so on."""
        by_need = [self._serving(files, need, area, skip, audience) for need in needs]
        found: list[tuple[Resource, str]] = []
        for depth in range(most):
            for need, serving in zip(needs, by_need, strict=True):
                if depth < len(serving) and serving[depth] not in [r for r, _ in found] and len(found) < most:
                    found.append((serving[depth], need))
        return found

    def _serving(
        self, files: Sequence[str], need: str, area: str | None, skip: frozenset[str], audience: Sequence[str]
    ) -> list[Resource]:
        """Resources of some files for one need, best first."""
        serving: list[Resource] = []
        for code in files:
            here = [r for r in self.countries[code].resources if need in r.needs and r.checked != "weak"]
            here = [r for r in here if r.id not in skip and (not r.areas or area is None or area in r.areas)]
            here = [r for r in here if not (r.audience == WOMEN and MEN in audience)]
            made_for = [r for r in here if set(audience) & set(r.needs)]
            # A man's line that may have changed still comes before a sure one that turns men away.
            here = made_for + [r for r in here if r.sureness < _TRUSTED and r not in made_for] or here
            here = [r for r in here if not _for_others(r, need, audience)] or here
            if area is None:
                # A regional line may be the wrong one: none where a national one answers, else only the first.
                # The areas of a country stand in its file with the most people's first.
                order = list(self.countries[code].areas)
                regional = sorted((r for r in here if r.areas), key=lambda r: order.index(r.areas[0]))
                national = [r for r in here if not r.areas]
                here = national if any(_answers(r) for r in national) else national + regional[:1]
            # Without the area said, what answers everywhere stands before what may be the wrong region's.
            serving.extend(sorted(here, key=lambda r: (area is None and bool(r.areas), *_fit(r, need, audience))))
        return serving


def _for_others(resource: Resource, need: str, audience: Sequence[str]) -> bool:
    """Whether a record is made for a group the person is not known to belong to."""
    if set(audience) & set(resource.needs):
        return False
    # What serves the young names their ages; that excludes nobody who needs a child line. Most who need a women's line
    # are women, and few say so.
    limited = resource.audience not in ("", WOMEN) and need not in ("child", "teen", "image_abuse", "sextortion")
    return limited or (resource.needs[0] in (MEN, LGBTQ) and need != resource.needs[0])


def _answers(resource: Resource) -> bool:
    return bool({"phone", "chat", "text"} & resource.contacts.keys())


def _fit(resource: Resource, need: str, audience: Sequence[str]) -> tuple[Any, ...]:
    if resource.country == INTERNATIONAL:
        # Worldwide there is no line to call: the finder of a line nearby comes first.
        return (not resource.finder, resource.sureness)
    return (
        not set(audience) & set(resource.needs),
        not _answers(resource),
        not resource.hours.startswith("24/7"),
        resource.needs.index(need),
        resource.sureness,
    )


def read_country(path: Path) -> Country:
    """Reads one file of the directory.

    Args:
        path: The YAML file.

    Returns:
        The country.

    Raises:
        DirectoryError: The file or one of its records is incomplete or malformed.
    """
    try:
        content = read_yaml(path)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DirectoryError(f"{path.name}: not readable as YAML: {error}") from error
    if not isinstance(content, dict) or not {"country", "name", "emergency", "resources"} <= content.keys():
        raise DirectoryError(f"{path.name}: give country, name, emergency and resources.")
    code = content["country"]
    if code not in (EUROPE, INTERNATIONAL) and pycountry.countries.get(alpha_2=code) is None:
        raise DirectoryError(f"{path.name}: {code!r} is not an ISO 3166 alpha-2 code.")
    emergency = content["emergency"]
    return Country(
        code=code,
        name=content["name"],
        emergency=tuple(emergency.get("numbers", [])),
        silent=emergency.get("silent", ""),
        text=emergency.get("text", ""),
        said_as=tuple(content.get("said_as", [])),
        places=tuple(content.get("places", [])),
        areas={area: tuple(names) for area, names in content.get("areas", {}).items()},
        resources=tuple(_resource(path, code, row) for row in content["resources"]),
    )


@lru_cache(maxsize=2)
def read_directory(folder: Path = paths.RESOURCES) -> Directory:
    """Reads all files of the directory.

    Args:
        folder: Folder of YAML files, one of which is the international one.

    Returns:
        The directory.

    Raises:
        DirectoryError: A file is malformed, two share a code or a record id, or the international file is missing.
    """
    countries: dict[str, Country] = {}
    ids: set[str] = set()
    for path in sorted(folder.glob("*.yml")):
        country = read_country(path)
        if country.code in countries:
            raise DirectoryError(f"{path.name}: another file is for {country.code} too.")
        for resource in country.resources:
            if resource.id in ids:
                raise DirectoryError(f"{path.name}: the id {resource.id} stands twice in the directory.")
            ids.add(resource.id)
        countries[country.code] = country
    if INTERNATIONAL not in countries:
        raise DirectoryError(f"{folder}: the international file (country: INT) is missing.")
    return Directory(countries)


def _resource(path: Path, country: str, row: dict[str, Any]) -> Resource:
    where = f"{path.name}: record {row.get('id', '?')}"
    missing = [key for key in ("id", "name", "needs", "checked") if not row.get(key)]
    if missing:
        raise DirectoryError(f"{where} lacks {', '.join(missing)}.")
    contacts = {key: row[key] for key in _CONTACTS if row.get(key)}
    if not contacts:
        raise DirectoryError(f"{where} has no way to reach it: give one of {', '.join(_CONTACTS)}.")
    unquoted = [key for key, value in contacts.items() if not isinstance(value, str)]
    if unquoted:
        raise DirectoryError(f"{where}: put quotes around {', '.join(unquoted)}; YAML drops leading zeros.")
    if row["checked"].get("how") not in SURENESS or not row["checked"].get("date"):
        raise DirectoryError(f"{where}: checked needs a date and how, one of {', '.join(SURENESS)}.")
    return Resource(
        id=row["id"],
        country=country,
        name=row["name"],
        needs=tuple(row["needs"]),
        checked=row["checked"]["how"],
        contacts=contacts,
        hours=str(row.get("hours", "")),
        hours_uncertain=bool(row.get("hours_uncertain", False)),
        audience=str(row.get("audience", "")),
        areas=tuple(row.get("area", [])),
        finder=bool(row.get("finder", False)),
    )
