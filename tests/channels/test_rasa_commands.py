"""Rasa's own commands work in the folder as anybody who knows Rasa expects."""

import os
import subprocess
import sys
from pathlib import Path

from mutual import paths

RASA = str(Path(sys.executable).parent / "rasa")


def test_rasa_finds_nothing_wrong_with_domain_and_data() -> None:
    done = subprocess.run(
        [RASA, "data", "validate", "--fail-on-warnings"],
        cwd=paths.ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        # Once Mutual has been imported it keeps Rasa quiet; here its report is wanted.
        env={**os.environ, "LOG_LEVEL": "INFO"},
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    # Rasa says nothing when there was nothing to validate, too.
    assert "No story structure conflicts found" in done.stderr + done.stdout


def test_rasas_own_story_tests_pass_and_leave_a_report(tmp_path: Path) -> None:
    done = subprocess.run(
        [RASA, "test", "core", "--stories", "tests/test_stories.yml", "--fail-on-prediction-errors", "--out", tmp_path],
        cwd=paths.ROOT, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    # Rasa exits 0 even when it found no model or no story: the report says what really ran.
    report = (tmp_path / "story_report.json").read_text(encoding="utf-8")
    assert '"accuracy": 1.0' in report
