"""Finds the trained model, tells whether it is fresh, and trains it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from mutual import paths

FINGERPRINT = "fingerprint.json"


class ModelMissing(RuntimeError):
    """There is no trained model where one is needed."""


def latest(folder: Path = paths.MODELS) -> Path:
    """The newest trained model.

    Args:
        folder: Folder of `.tar.gz` models.

    Returns:
        Its path.

    Raises:
        ModelMissing: There is none.
    """
    models = sorted(folder.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not models:
        raise ModelMissing(f"No trained model in {folder}. Run `mutual train`.")
    return models[-1]


def fingerprint(root: Path = paths.ROOT) -> str:
    """Checksum of everything the model is made from: configuration, domain, data and the components' code.

    Args:
        root: The project's folder.

    Returns:
        SHA-256 in hexadecimal.
    """
    digest = hashlib.sha256()
    files = [root / name for name in ("config.yml", "domain.yml", "requirements.lock")]
    files += [root / "mutual" / name for name in ("text.py", "disguise.py")]
    files += sorted((root / "data").rglob("*.yml")) + sorted((root / "data").rglob("*.md"))
    files += sorted((root / "mutual" / "nlu").rglob("*.*"))
    for file in files:
        if "__pycache__" not in file.parts and file.is_file():
            digest.update(str(file.relative_to(root)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def is_fresh(folder: Path = paths.MODELS, root: Path = paths.ROOT) -> bool:
    """Whether the newest model was trained from the files as they are.

    Args:
        folder: Folder of models.
        root: The project's folder.

    Returns:
        True if nothing changed since.
    """
    record = folder / FINGERPRINT
    try:
        known = json.loads(record.read_text(encoding="utf-8"))
        return bool(known["fingerprint"] == fingerprint(root) and (folder / known["model"]).is_file())
    except (OSError, json.JSONDecodeError, KeyError):
        return False


def train(folder: Path = paths.MODELS, root: Path = paths.ROOT) -> Path:
    """Trains a model and notes what it was made from.

    Args:
        folder: Folder the model goes to.
        root: The project's folder.

    Returns:
        The model's path.

    Raises:
        RuntimeError: Rasa could not train; its own messages say why.
    """
    from rasa.model_training import train as rasa_train

    made_from = fingerprint(root)
    result = rasa_train(
        domain=str(root / "domain.yml"),
        config=str(root / "config.yml"),
        training_files=[str(root / "data")],
        output=str(folder),
        fixed_model_name="mutual",
        force_training=True,
    )
    if result.code != 0 or result.model is None:
        raise RuntimeError("Training failed; the messages above say why.")
    model = Path(result.model)
    (folder / FINGERPRINT).write_text(json.dumps({"fingerprint": made_from, "model": model.name}), encoding="utf-8")
    return model
