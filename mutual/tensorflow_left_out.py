"""Leaves TensorFlow out of the `mutual` commands.

Rasa imports TensorFlow for its neural components even when the pipeline has none. A stand-in that answers to every name
saves 4 to 7 seconds a start and some 300 MB; whatever really calls into TensorFlow fails loudly.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

_LEFT_OUT = frozenset({"tensorflow", "tensorflow_addons", "tensorflow_hub", "tensorflow_text", "keras"})


class TensorFlowNeeded(RuntimeError):
    """Something configured needs TensorFlow, which was left out."""


class _StandInClass(type):
    """A class that can be named, subclassed and asked for any attribute, but not called."""

    def __getattr__(cls, name: str) -> _StandInClass:
        return _stand_in(name, f"{cls.__module__}.{cls.__qualname__}")

    def __call__(cls, *_: object, **__: object) -> None:
        raise TensorFlowNeeded(
            f"{cls.__module__}.{cls.__qualname__} needs TensorFlow, which `mutual` leaves out to start faster. "
            "Set MUTUAL_TENSORFLOW=1 to use components that need it."
        )


def _stand_in(name: str, module: str) -> _StandInClass:
    if name.startswith("__"):
        raise AttributeError(name)
    return _StandInClass(name, (), {"__module__": module})


class _StandInModule(ModuleType):
    def __getattr__(self, name: str) -> _StandInClass:
        found = _stand_in(name, self.__name__)
        # The same name is the same class each time: annotations and isinstance compare them.
        setattr(self, name, found)
        return found


class _StandIns(MetaPathFinder, Loader):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Claims every module below the names left out."""
        return ModuleSpec(fullname, self, is_package=True) if fullname.split(".")[0] in _LEFT_OUT else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Makes a module that answers to every name."""
        return _StandInModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Runs nothing."""


def leave_out_tensorflow() -> None:
    """Call before Rasa is imported; does nothing where TensorFlow is imported already or the stand-in is in place."""
    in_place = any(isinstance(finder, _StandIns) for finder in sys.meta_path)
    if "tensorflow" not in sys.modules and not in_place:
        sys.meta_path.insert(0, _StandIns())
