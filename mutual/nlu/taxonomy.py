"""The safety categories and tiers, read from `data/safety/taxonomy.yml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from mutual import paths
from mutual.content import read_yaml

TIERS = ("none", "check_in", "support", "crisis", "emergency")
"""Levels at which a turn is handled, lowest first."""

NO_CATEGORY = "none"
VOICES = ("self", "other", "perpetrator", "question")


class TaxonomyError(ValueError):
    """The taxonomy file is unusable; the message says where and what to do."""


@dataclass(frozen=True)
class Category:
    """One safety category.

    Attributes:
        id: Its stable name, also the intent of its training messages.
        title: What a person calls it.
        tier: Its level, one of `TIERS` above "none".
        needs: The kinds of help it needs, best first.
    """

    id: str
    title: str
    tier: str
    needs: tuple[str, ...]


@dataclass(frozen=True)
class Taxonomy:
    """All categories, and the kind under which each need is shown.

    Attributes:
        categories: Category by id, in the file's order.
        kinds: Resource kind by need.
    """

    categories: dict[str, Category]
    kinds: dict[str, str]

    def tier(self, category: str) -> str:
        """The level of a category; "none" for anything that is not one."""
        found = self.categories.get(category)
        return found.tier if found else "none"


def is_own_doing(category: str) -> bool:
    """Whether a category is of somebody who says what they themselves do or did."""
    return category.startswith("perp_")


def rank(tier: str) -> int:
    """Position of a tier, 0 for "none" to 4 for "emergency"."""
    return TIERS.index(tier)


@lru_cache(maxsize=4)
def load(path: Path = paths.TAXONOMY) -> Taxonomy:
    """Reads and checks the taxonomy.

    Args:
        path: The YAML file.

    Returns:
        The taxonomy.

    Raises:
        TaxonomyError: A category is incomplete, double, or has an unknown tier or need.
    """
    content = read_yaml(path)
    kinds: dict[str, str] = dict(content["kinds"])
    categories: dict[str, Category] = {}
    for row in content["categories"]:
        where = f"{path.name}: category {row.get('id', '?')}"
        missing = {"id", "title", "definition", "tier", "needs"} - row.keys()
        if missing:
            raise TaxonomyError(f"{where} lacks {', '.join(sorted(missing))}.")
        if row["id"] in categories:
            raise TaxonomyError(f"{where} stands twice.")
        if row["tier"] not in TIERS[1:]:
            raise TaxonomyError(f"{where} has tier {row['tier']!r}: use one of {', '.join(TIERS[1:])}.")
        unknown = [need for need in row["needs"] if need not in kinds]
        if unknown:
            raise TaxonomyError(f"{where} needs {', '.join(unknown)}: add it under kinds or correct it.")
        categories[row["id"]] = Category(row["id"], row["title"], row["tier"], tuple(row["needs"]))
    return Taxonomy(categories, kinds)
