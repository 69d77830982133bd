from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutual.library.documents import DocumentError, read_document, read_library
from mutual.replies import answers

FRONT = "---\nid: d\ntitle: T\nauthor: A\npublisher: P\nurl: ''\nreviewed: 2026-11-22\nupdated: unknown\n---\n"


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "d.md"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_passage_is_read_with_its_authority(tmp_path: Path) -> None:
    path = write(tmp_path, FRONT + "\n## What? {#what}\n\nThis is it.\n\nSource: WHO, Page <https://who.int/x>\n")
    passage = read_document(path).passages["d/what"]
    assert (passage.heading, passage.text, passage.authority, passage.authority_url) == (
        "What?",
        "This is it.",
        "WHO, Page",
        "https://who.int/x",
    )


def test_other_ways_of_asking_are_searched_and_never_shown(tmp_path: Path) -> None:
    path = write(tmp_path, FRONT + "\n## What? {#what}\n\nThis is it.\n\nAsked as:\n- whats this\n- is it that?\n")
    passage = read_document(path).passages["d/what"]
    assert passage.questions == ("whats this", "is it that?")
    assert passage.text == "This is it."


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("no front matter", 1, "must start with front matter"),
        ("---\nid: d\n---\n## A {#a}\nx", 2, "lacks title"),
        (FRONT, 9, "no passages"),
        (FRONT + "## No id\ntext", 10, "Write the heading"),
        (FRONT + "## A {#a}\ntext\n## B {#a}\ntext", 12, "stands twice"),
        (FRONT + "## A {#a}\n\n## B {#b}\ntext", 10, "has 0 words"),
        (FRONT + "## A {#a}\n" + "word " * 91, 10, "has 91 words"),
        (FRONT + "## A {#a}\ntext\n\nAsked as:\n- why?\nmore text", 15, "'- question' lines"),
        (FRONT + "stray\n## A {#a}\ntext", 10, "before the first heading"),
    ],
)
def test_a_broken_document_is_refused_with_its_line(tmp_path: Path, text: str, line: int, problem: str) -> None:
    with pytest.raises(DocumentError, match=problem) as refused:
        read_document(write(tmp_path, text))
    assert f"d.md:{line}:" in str(refused.value)


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "d.md"
    path.write_bytes(b"\xff\xfe\x00binary")
    with pytest.raises(DocumentError, match="not UTF-8"):
        read_document(path)


@given(st.text(max_size=300))
def test_any_text_is_a_document_or_refused_politely(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("documents") / "d.md"
    path.write_text(FRONT + text, encoding="utf-8", errors="replace")
    try:
        assert read_document(path).passages
    except DocumentError as refused:
        assert "d.md:" in str(refused)


@pytest.mark.parametrize("passage", read_library().passages)
def test_every_answer_is_short_and_names_its_document_and_publisher(passage: str) -> None:
    library = read_library()
    reply = answers.answer(library, passage, answers.next_questions(library, passage, (), (), disclosed=False))
    document = library.document_of(passage)
    assert len(reply.text.split()) <= 95
    assert document.title in reply.text
    assert document.publisher in reply.text
    assert reply.sources[0].passage == passage
    assert 1 <= len(reply.buttons) <= 3


@pytest.mark.parametrize(
    ("passage", "facts"),
    [
        ("sympathy-sex/good-stress", ["COVID", "endorphins"]),
        ("sympathy-sex/bad-coping", ["younger women", "unprotected"]),
        ("sympathy-sex/ugly-consent", ["2022"]),
        ("avoiding-intimacy/effect-infidelity", ["25", "20", "married men", "married women"]),
        ("avoiding-intimacy/online-therapy-study", ["2021", "Frontiers in Psychology"]),
        ("avoiding-intimacy/online-therapy", ["BetterHelp", "sells"]),
        (
            "avoiding-intimacy/eight-strategies",
            ["listen", "question", "appreciation", "time", "values", "touch", "get to know your own"],
        ),
    ],
)
def test_the_facts_and_figures_of_the_sources_are_in_their_passages(passage: str, facts: list[str]) -> None:
    text = read_library().passages[passage].text
    assert [fact for fact in facts if fact.lower() not in text.lower()] == []


def test_a_question_for_a_number_gets_the_number_first() -> None:
    passage = "avoiding-intimacy/effect-infidelity"
    told = answers.answer(read_library(), passage, question="how many married men cheat").text
    assert told.startswith("According to research, 25%")
    plain = answers.answer(read_library(), passage, question="does distance lead to affairs").text
    assert plain.startswith("Research suggests")
    assert sorted(told.split()) == sorted(plain.split())
