"""The second reader: what it refuses to load and what it makes of any text."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mutual.library.documents import read_library
from mutual.nlu import taxonomy
from mutual.nlu.encoder import EncoderError
from mutual.nlu.second_reader import WEIGHTS, WEIGHTS_SHA256, SecondReader, shared_second_reader
from mutual.text import plain


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="nowhere"):
        SecondReader(tmp_path / "nowhere.onnx", WEIGHTS_SHA256)


def test_half_a_file_is_refused(tmp_path: Path) -> None:
    half = tmp_path / "half.onnx"
    half.write_bytes(WEIGHTS.read_bytes()[:1_000_000])
    with pytest.raises(EncoderError, match="checksum"):
        SecondReader(half, WEIGHTS_SHA256)


def test_a_category_it_was_not_trained_for_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    known = taxonomy.load()
    new = replace(known.categories["stalking"], id="cult")
    monkeypatch.setattr(taxonomy, "load", lambda: replace(known, categories={**known.categories, "cult": new}))
    with pytest.raises(EncoderError, match="cult"):
        SecondReader(WEIGHTS, WEIGHTS_SHA256)


def test_it_knows_the_categories_of_the_taxonomy_and_the_passages() -> None:
    read = shared_second_reader().read(plain("he won't let me leave the flat"))
    assert taxonomy.load().categories.keys() <= read.keys()
    assert read_library().passages.keys() <= read.keys()


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=400))
def test_any_text_has_a_share_for_every_label_that_together_make_one(text: str) -> None:
    read = shared_second_reader().read(plain(text))
    assert tuple(read) == shared_second_reader().labels
    assert np.isclose(sum(read.values()), 1, atol=1e-3)
    assert min(read.values()) >= 0


def test_a_very_long_text_is_read_from_its_beginning() -> None:
    assert np.isclose(sum(shared_second_reader().read("and then we talked " * 5_000).values()), 1, atol=1e-3)
