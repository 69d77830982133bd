"""What the model keeps of a trained component: plain arrays in one file, which load at once and need no pickle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, get_type_hints

import numpy as np
import numpy.typing as npt
from typing_extensions import Self

_Array = npt.NDArray[Any]


class Stored:
    """Base of dataclasses whose fields are arrays, tuples of strings, or such dataclasses again.

    Floating-point arrays are kept in half precision: encodings come from int8 weights and hold no more than that.
    """

    def save(self, path: Path) -> None:
        """Writes everything to one .npz file.

        Args:
            path: File to write.
        """
        np.savez(path, **self._arrays())

    @classmethod
    def load(cls, path: Path) -> Self:
        """Reads what `save` wrote.

        Args:
            path: The file.

        Returns:
            The same content, floating-point arrays in single precision.
        """
        with np.load(path, allow_pickle=False) as arrays:
            return cls._of(dict(arrays))

    def _arrays(self) -> dict[str, _Array]:
        found: dict[str, _Array] = {}
        for field in fields(self):  # type: ignore[arg-type]  # every subclass is a dataclass
            value = getattr(self, field.name)
            if isinstance(value, Stored):
                found |= {f"{field.name}.{name}": array for name, array in value._arrays().items()}
            else:
                array = np.asarray(value)
                found[field.name] = array.astype(np.float16) if array.dtype.kind == "f" else array
        return found

    @classmethod
    def _of(cls, arrays: Mapping[str, _Array]) -> Self:
        values: dict[str, Any] = {}
        for name, kind in get_type_hints(cls).items():
            if isinstance(kind, type) and issubclass(kind, Stored):
                own = {key: array for key, array in arrays.items() if key.startswith(f"{name}.")}
                values[name] = kind._of({key.removeprefix(f"{name}."): array for key, array in own.items()})
            elif name in arrays:
                array = arrays[name]
                if array.dtype.kind == "U":
                    values[name] = tuple(str(text) for text in array)
                else:
                    values[name] = array.astype(np.float32) if array.dtype.kind == "f" else array
        return cls(**values)
