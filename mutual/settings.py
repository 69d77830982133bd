"""The one module that reads the environment. Each variable stands in `.env.example` with its default."""

import os
from dataclasses import dataclass
from pathlib import Path

from mutual import paths


class SettingsError(ValueError):
    """An environment variable has a value Mutual cannot use."""


@dataclass(frozen=True)
class Settings:
    """What an operator may set without editing a file.

    Attributes:
        host: Address the server listens on.
        port: TCP port the server listens on, 1 to 65535.
        database: SQLite file of the embedded conversation store.
        secret: Key that signs web sessions; empty means a fresh random one at each start.
        encoder: ONNX sentence encoder to use instead of the packaged one; None for the packaged one.
        encoder_sha256: Checksum the file in `encoder` must have; required with it.
        tensorflow: Whether TensorFlow is imported, which only other components than Mutual's own need.
    """

    host: str
    port: int
    database: Path
    secret: str
    encoder: Path | None
    encoder_sha256: str | None
    tensorflow: bool


def read() -> Settings:
    """Reads the settings from the environment.

    Returns:
        The settings, defaults filled in.

    Raises:
        SettingsError: A value is unusable; the message names the variable.
    """
    port = os.environ.get("MUTUAL_PORT", "5005")
    if not port.isdecimal() or not 1 <= int(port) <= 65535:
        raise SettingsError(f"MUTUAL_PORT is {port!r}: give a number from 1 to 65535.")
    encoder = os.environ.get("MUTUAL_ENCODER") or None
    encoder_sha256 = os.environ.get("MUTUAL_ENCODER_SHA256") or None
    if encoder and not encoder_sha256:
        raise SettingsError("MUTUAL_ENCODER is set without MUTUAL_ENCODER_SHA256: give the file's checksum as well.")
    tensorflow = os.environ.get("MUTUAL_TENSORFLOW", "0")
    if tensorflow not in ("0", "1"):
        raise SettingsError(f"MUTUAL_TENSORFLOW is {tensorflow!r}: give 1 to import TensorFlow, 0 to leave it out.")
    return Settings(
        host=os.environ.get("MUTUAL_HOST", "127.0.0.1"),
        port=int(port),
        database=Path(os.environ.get("MUTUAL_DATABASE", str(paths.ROOT / "conversations.db"))),
        secret=os.environ.get("MUTUAL_SECRET", ""),
        encoder=Path(encoder) if encoder else None,
        encoder_sha256=encoder_sha256,
        tensorflow=tensorflow == "1",
    )
