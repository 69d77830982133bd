"""Counts of how a set of messages was handled, with the uncertainty that so few messages leave."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from mutual.report.sealed import Sealed

One = TypeVar("One")


@dataclass(frozen=True)
class Handled:
    """A sealed message and what a classifier made of it.

    Attributes:
        row: The message.
        tier: Tier it was handled at.
        category: Category it was given.
        voice: Voice that was heard; "" if the classifier hears none.
        alarm: Probability that it must be routed, 0 to 1; NaN if the classifier gives none.
    """

    row: Sealed
    tier: str
    category: str
    voice: str
    alarm: float

    @property
    def routed(self) -> bool:
        """Whether it left the articles, at whatever tier."""
        return self.tier != "none"


@dataclass(frozen=True)
class Share:
    """A share of messages with its 95 % interval.

    Attributes:
        name: What was counted.
        hits: How many of them.
        of: Of how many.
    """

    name: str
    hits: int
    of: int

    @property
    def value(self) -> float:
        """The share, 0 to 1; NaN of nothing."""
        return self.hits / self.of if self.of else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's score interval at 95 % (E. B. Wilson, 1927), which holds for few messages and near 0 and 1."""
        if not self.of:
            return math.nan, math.nan
        z, n, p = 1.96, self.of, self.value
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return max(0.0, middle - half), min(1.0, middle + half)


def share(name: str, handled: Iterable[One], holds: Callable[[One], bool]) -> Share:
    """Counts one thing.

    Args:
        name: What is counted.
        handled: The messages to count among.
        holds: Whether it holds for a message.

    Returns:
        The share.
    """
    of = list(handled)
    return Share(name, sum(map(holds, of)), len(of))


def by(handled: Sequence[One], key: Callable[[One], str], holds: Callable[[One], bool]) -> list[Share]:
    """Counts one thing in groups.

    Args:
        handled: The messages.
        key: The group of a message.
        holds: Whether it holds for a message.

    Returns:
        A share for each group, the lowest first.
    """
    groups = sorted({key(one) for one in handled})
    found = [share(group, (one for one in handled if key(one) == group), holds) for group in groups]
    return sorted(found, key=lambda one: one.value)


def curve(handled: Sequence[Handled]) -> list[tuple[float, float, float]]:
    """What another threshold on the alarm would do.

    Args:
        handled: Messages with alarms.

    Returns:
        (threshold, share of must-route messages above it, share of ordinary ones above it), thresholds ascending in
        steps of 0.01.
    """
    must = [one.alarm for one in handled if not one.row.ordinary]
    ordinary = [one.alarm for one in handled if one.row.ordinary]
    points = []
    for step in range(101):
        limit = step / 100
        points.append(
            (limit, sum(a >= limit for a in must) / len(must), sum(a >= limit for a in ordinary) / len(ordinary))
        )
    return points


def recall_at(handled: Sequence[Handled], false_alarms: float) -> float:
    """The largest share of must-route messages caught while at most a given share of ordinary ones is.

    Args:
        handled: Messages with alarms.
        false_alarms: Highest share of ordinary messages above the threshold, 0 to 1.

    Returns:
        The share of must-route messages, 0 to 1.
    """
    return max((recall for _, recall, false in curve(handled) if false <= false_alarms), default=0.0)


def confusion(handled: Sequence[Handled], tiers: Sequence[str]) -> list[list[int]]:
    """Best acceptable tier against the tier given.

    Args:
        handled: The messages.
        tiers: The tiers, in the order of rows and columns.

    Returns:
        Counts, one row for each best tier, one column for each tier given.
    """
    return [[sum(h.row.tier[0] == best and h.tier == given for h in handled) for given in tiers] for best in tiers]
