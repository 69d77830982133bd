"""`mutual route`, run as everybody else runs it."""

import json
import subprocess
import sys
from pathlib import Path

MUTUAL = str(Path(sys.executable).parent / "mutual")


def route(lines: str, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([MUTUAL, "route", *options], input=lines, capture_output=True, text=True, timeout=180)


def test_messages_come_back_in_order_with_how_they_were_handled() -> None:
    rows = [
        {"id": "a", "text": "what is emotional intimacy?"},
        {"id": "b", "text": "he has a knife and he is at my door", "country": "GB"},
        {"id": "c1", "text": "she says she will leave me if i don't sleep with her", "conversation": "c"},
        {"id": "c2", "text": "what should i do now", "conversation": "c"},
        {"id": "d", "text": "what should i do now"},
    ]
    done = route("\n".join(map(json.dumps, rows)), "--country", "AU")
    assert done.returncode == 0, done.stderr
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert [result["id"] for result in results] == ["a", "b", "c1", "c2", "d"]
    assert {"intent", "confidence", "tier", "category", "voice", "messages", "ms"} < results[0].keys()
    assert results[0]["messages"][0]["sources"][0]["document"] == "avoiding-intimacy"
    assert results[1]["tier"] == "emergency"
    assert "999" in results[1]["messages"][0]["text"]
    assert results[2]["tier"] == "support"
    assert any(card["country"] == "AU" for card in results[2]["messages"][1]["resources"])
    assert results[3]["tier"] == "support"
    assert results[4]["tier"] == "none"


def test_a_bad_line_gets_an_error_and_the_run_goes_on() -> None:
    rows = [
        '{"id": 1, "text": "hi"}',
        "not json",
        '{"id": 2}',
        '{"id": 3, "text": "hi", "country": "ZZ"}',
        "",
        '{"id": 4, "text": ""}',
    ]
    lines = "\n".join(rows)
    done = route(lines)
    assert done.returncode == 1
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert [("error" in result) for result in results] == [False, True, True, True, False]
    assert "line 2" in results[1]["error"]
    assert results[2]["id"] == 2
    assert results[4]["messages"]


def test_a_missing_file_and_an_unknown_country_are_said_plainly(tmp_path: Path) -> None:
    missing = route("", "--input", str(tmp_path / "none.jsonl"))
    assert missing.returncode == 1
    assert "No such file" in " ".join(missing.stderr.split())
    unknown = route('{"id": 1, "text": "hi"}', "--country", "Atlantis")
    assert unknown.returncode == 1
    assert "two letters" in unknown.stderr


def test_without_a_model_it_says_what_to_run(tmp_path: Path) -> None:
    done = route("", "--model", str(tmp_path / "none.tar.gz"))
    assert done.returncode == 1
    assert "mutual train" in done.stderr
