"""The report's pictures, as SVG that stands inside the page."""

from __future__ import annotations

import io
from collections.abc import Sequence

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from mutual.report.measure import Share

_BLUE, _ORANGE, _GREY = "#1f5f8b", "#b5541c", "#6b7280"


def _svg(figure: Figure) -> str:
    written = io.StringIO()
    # Without a date the same figures give the same file.
    figure.savefig(written, format="svg", bbox_inches="tight", metadata={"Date": None})
    plt.close(figure)
    text = written.getvalue()
    return text[text.index("<svg") :]


def shares(found: Sequence[Share], aim: float, higher_is_better: bool = True) -> str:
    """Shares as points with their intervals, one line each.

    Args:
        found: The shares, in the order to draw them from the bottom.
        aim: The aim, drawn as a dashed line, 0 to 1.
        higher_is_better: Whether a share above the aim reaches it.

    Returns:
        The picture.
    """
    figure, axes = plt.subplots(figsize=(7.5, 0.6 + 0.24 * len(found)))
    for line, one in enumerate(reversed(found)):
        low, high = one.interval
        reached = one.value >= aim if higher_is_better else one.value <= aim
        colour = _BLUE if reached else _ORANGE
        axes.plot([low, high], [line, line], color=colour, linewidth=1.5)
        axes.plot([one.value], [line], "o" if reached else "D", color=colour, markersize=5)
    axes.set_yticks(range(len(found)), [f"{one.name} ({one.of})" for one in reversed(found)], fontsize=8)
    axes.axvline(aim, color=_GREY, linestyle="--", linewidth=1)
    axes.set_xlim(-0.01, 1.01)
    axes.set_ylim(-0.7, len(found) - 0.3)
    axes.xaxis.set_major_formatter(matplotlib.ticker.PercentFormatter(1.0))
    axes.tick_params(axis="x", labelsize=8)
    axes.grid(axis="x", color="#e5e7eb")
    axes.set_axisbelow(True)
    return _svg(figure)


def curves(
    found: Sequence[tuple[str, Sequence[tuple[float, float, float]]]],
    points: Sequence[tuple[str, float, float]],
    wanted: str,
    unwanted: str,
) -> str:
    """What is wanted against what is not, for every threshold.

    Args:
        found: (name, [(threshold, share wanted, share unwanted)]) of each classifier.
        points: (name, share unwanted, share wanted) of classifiers as they are used.
        wanted: What the upright axis counts.
        unwanted: What the other axis counts.

    Returns:
        The picture.
    """
    figure, axes = plt.subplots(figsize=(7.5, 4.2))
    for (name, curve), colour, style in zip(found, (_BLUE, _ORANGE), ("-", "--"), strict=False):
        axes.plot([false for _, _, false in curve], [caught for _, caught, _ in curve], style, color=colour, label=name)
    for (name, false, caught), marker in zip(points, "o^Ds", strict=False):
        axes.plot([false], [caught], marker, color="black", markersize=7, label=name)
    axes.set_xlabel(unwanted)
    axes.set_ylabel(wanted)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(matplotlib.ticker.PercentFormatter(1.0))
    axes.set_xlim(-0.01, 1.01)
    axes.set_ylim(0, 1.01)
    axes.grid(color="#e5e7eb")
    axes.legend(loc="lower right", fontsize=8)
    return _svg(figure)


def confusion(counts: Sequence[Sequence[int]], names: Sequence[str]) -> str:
    """Best tier against the tier given.

    Args:
        counts: One row for each best tier, one column for each tier given.
        names: Their names.

    Returns:
        The picture, each row shaded by its own shares.
    """
    figure, axes = plt.subplots(figsize=(5.2, 3.8))
    rows = [[count / max(1, sum(row)) for count in row] for row in counts]
    axes.imshow(rows, cmap="Blues", vmin=0, vmax=1)
    for i, row in enumerate(counts):
        for j, count in enumerate(row):
            axes.text(
                j, i, str(count), ha="center", va="center", fontsize=9, color="white" if rows[i][j] > 0.6 else "black"
            )
    axes.set_xticks(range(len(names)), names, fontsize=8)
    axes.set_yticks(range(len(names)), names, fontsize=8)
    axes.set_xlabel("handled at")
    axes.set_ylabel("best tier")
    return _svg(figure)
