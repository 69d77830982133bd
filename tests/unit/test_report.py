import math
from itertools import pairwise
from pathlib import Path

import pytest

from mutual.report import measure, page, peers, questions
from mutual.report.measure import Handled, Share
from mutual.report.questions import Answered, Question
from mutual.report.sealed import Sealed, sealed


def message(id_: str, tier: str, given: str, alarm: float, text: str = "…") -> Handled:
    category = "none" if tier == "none" else "force_or_threat"
    row = Sealed(id_, text, (tier,), category, "self", "plain")
    return Handled(row, given, "none" if given == "none" else "force_or_threat", "self", alarm)


HANDLED = [
    message("a", "support", "support", 0.9),
    message("b", "emergency", "crisis", 0.8),
    message("c", "support", "none", 0.3, "he leans on the door <script>"),
    message("d", "none", "none", 0.1),
    message("e", "none", "check_in", 0.6, "a boring film about pressure cookers"),
]

ANSWERED = [
    Answered(Question("q", "what is it", "plain", ("d/a",)), ("d/a",), "d/a", 0.2),
    Answered(Question("r", "why is it <so>", "typo", ("d/a", "d/b")), ("d/c",), "d/c", 0.1),
    Answered(Question("s", "is it in rome", "plain", ()), (), "d/b", -0.3),
    Answered(Question("t", "is it blue", "plain", ()), ("d/a",), "d/a", 0.05),
    Answered(Question("u", "why", "follow_up", ("d/a",), ("what is it",)), ("d/a",), "d/a", 0.6),
    Answered(Question("v", "since when", "follow_up", (), ("what is it",)), (), "d/a", 0.1),
]


def test_the_interval_is_wilsons() -> None:
    low, high = Share("", 8, 10).interval
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)
    assert Share("", 0, 20).interval[0] == 0.0
    assert math.isnan(Share("", 0, 0).value)


def test_groups_come_with_the_worst_first() -> None:
    assert [one.name for one in measure.by(HANDLED, lambda one: one.row.id, lambda one: one.routed)][:2] == ["c", "d"]


def test_a_higher_threshold_catches_less_and_alarms_less() -> None:
    points = measure.curve(HANDLED)
    assert points[0] == (0.0, 1.0, 1.0)
    assert all(after <= before for (_, before, _), (_, after, _) in pairwise(points))
    assert measure.recall_at(HANDLED, 0.0) == pytest.approx(2 / 3)


def test_the_list_of_key_words_misses_what_has_no_telling_word() -> None:
    rows = [one.row for one in HANDLED]
    assert [one.routed for one in peers.keyword_list(rows)] == [False, False, False, False, True]


def test_the_report_is_one_page_with_its_pictures_and_every_miss(tmp_path: Path) -> None:
    model, output = tmp_path / "model.tar.gz", tmp_path / "report.html"
    model.write_bytes(b"model")
    page.write(HANDLED, HANDLED[:4], ANSWERED, output, model)
    written = output.read_text(encoding="utf-8")
    assert written.count("<svg") == 8
    assert "he leans on the door &lt;script&gt;" in written
    assert "a boring film about pressure cookers" in written
    assert "66.7%" in written
    assert "An earlier set of 4 messages" in written
    assert "why is it &lt;so&gt;" in written and "right: d/a or d/b" in written
    assert 'src="' not in written and 'href="http' not in written.replace("xlink:href", "")


def test_guesses_of_the_stock_classifier_are_used_only_if_none_is_missing(tmp_path: Path) -> None:
    rows = [one.row for one in HANDLED[:2]]
    results = tmp_path / "diet.jsonl"
    assert peers.diet(rows, results) is None
    results.write_text('{"id": "a", "intent": "force_or_threat", "alarm": 0.7}\n', encoding="utf-8")
    assert peers.diet(rows, results) is None
    with results.open("a", encoding="utf-8") as out:
        out.write('{"id": "b", "intent": "near_domain", "alarm": 0.2}\n')
    guesses = peers.diet(rows, results)
    assert guesses is not None
    assert [(one.tier, one.alarm) for one in guesses] == [("crisis", 0.7), ("none", 0.2)]


def test_every_sealed_message_has_an_id_of_its_own() -> None:
    rows = sealed()
    assert len({row.id for row in rows}) == len(rows)


def test_an_answer_is_right_if_it_gives_a_passage_that_holds_the_fact_or_none_where_none_does() -> None:
    assert [one.right for one in ANSWERED] == [True, False, True, False, True, True]
    assert [share.value for share in questions.summary(ANSWERED).values()] == [0.5, 0.5, 1.0, 1.0]


def test_a_higher_threshold_gives_fewer_right_and_fewer_wrong_passages() -> None:
    points = questions.curve(ANSWERED)
    assert points[0] == (-0.3, 0.5, 1.0)
    assert points[-1] == (0.2, 0.5, 0.0)
    assert all(after[1] <= before[1] and after[2] <= before[2] for before, after in pairwise(points))
