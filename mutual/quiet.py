"""Turns off the pages of warnings that Rasa's dependencies print; errors stay."""

from __future__ import annotations

import logging
import os
import warnings


def quiet(level: str = "WARNING") -> None:
    """Call before importing Rasa.

    Args:
        level: Log level of Rasa and Mutual; INFO would write message text to the log in several places of Rasa.
    """
    os.environ.setdefault("LOG_LEVEL", level)
    # Filters would not hold: TensorFlow's and matplotlib's imports reset them.
    warnings.showwarning = _say_nothing
    import rasa.utils.common  # imported late: it pulls in TensorFlow, whose own switches must be set first
    from rasa.utils.log_utils import configure_structlog

    rasa.utils.common.configure_logging_and_warnings(
        log_level=getattr(logging, level), warn_only_once=True, filter_repeated_logs=True
    )
    configure_structlog(getattr(logging, level))
    for name in ("tensorflow", "matplotlib", "rasa_sdk", "apscheduler", "sanic.access", "sanic.root", "absl"):
        logging.getLogger(name).setLevel(logging.ERROR)


def _say_nothing(*_: object, **__: object) -> None:
    """Takes the place of `warnings.showwarning`."""
