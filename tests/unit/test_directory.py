from pathlib import Path

import pytest

from mutual.directory.resources import YOUR_LOCAL_NUMBER, DirectoryError, read_country, read_directory
from mutual.nlu import taxonomy

COUNTRIES = [code for code in read_directory().countries if code not in ("EU", "INT")]
RECORD = "{id: x, name: X, needs: [therapy], phone: '1', checked: {how: stored_page, date: '2026-11-22'}}"


@pytest.mark.parametrize("code", COUNTRIES)
@pytest.mark.parametrize("category", taxonomy.load().categories)
def test_every_category_finds_help_in_every_country_and_none_of_another(code: str, category: str) -> None:
    found = read_directory().find(taxonomy.load().categories[category].needs, code)
    assert 1 <= len(found) <= 3
    assert {resource.country for resource, _ in found} <= {code, "EU", "INT"}
    assert all(resource.checked != "weak" for resource, _ in found)


@pytest.mark.parametrize("category", taxonomy.load().categories)
def test_without_a_country_only_international_resources_are_shown(category: str) -> None:
    found = read_directory().find(taxonomy.load().categories[category].needs, None)
    assert {resource.country for resource, _ in found} == {"INT"}
    assert any(resource.finder for resource, _ in found)


@pytest.mark.parametrize(
    ("code", "number"),
    [
        ("AU", "000"),
        ("GB", "999 or 112"),
        ("US", "911"),
        ("PL", "112"),
        ("PE", YOUR_LOCAL_NUMBER),
        (None, YOUR_LOCAL_NUMBER),
    ],
)
def test_the_emergency_number_is_the_countrys_or_not_a_number(code: str | None, number: str) -> None:
    assert read_directory().emergency(code) == number


def test_an_unsure_number_stays_hidden_where_a_sure_one_serves() -> None:
    shown = [resource.id for resource, _ in read_directory().find(("general_crisis", "suicide_crisis"), "US")]
    assert "us-ctl" in shown
    assert "us-translifeline" not in shown


def test_a_regional_line_is_first_for_somebody_of_the_region() -> None:
    found = [resource.id for resource, _ in read_directory().find(("domestic_violence",), "GB", "Scotland")]
    assert found[0] == "gb-sdafmh"
    assert "gb-ndah" not in found


def test_a_line_for_men_comes_first_for_a_man_only() -> None:
    needs = ("sexual_assault", "domestic_violence")
    assert "us-1in6" in [r.id for r, _ in read_directory().find(needs, "US", audience=("men",))]
    assert "us-1in6" not in [r.id for r, _ in read_directory().find(needs, "US")]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("country: [", "not readable as YAML"),
        ("country: AU", "give country, name, emergency and resources"),
        ("{country: XX, name: X, emergency: {}, resources: []}", "not an ISO 3166"),
        ("{country: AU, name: A, emergency: {}, resources: [{id: x}]}", "lacks name, needs, checked"),
        (
            f"{{country: AU, name: A, emergency: {{}}, resources: [{RECORD.replace(chr(39) + '1' + chr(39), '016')}]}}",
            "quotes around phone",
        ),
        (
            f"{{country: AU, name: A, emergency: {{}}, resources: [{RECORD.replace('stored_page', 'guess')}]}}",
            "checked needs a date and how",
        ),
    ],
)
def test_a_broken_file_is_refused_with_its_name_and_what_to_do(tmp_path: Path, content: str, problem: str) -> None:
    path = tmp_path / "au.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DirectoryError, match=problem) as refused:
        read_country(path)
    assert "au.yml" in str(refused.value)


def test_two_records_of_one_id_are_refused(tmp_path: Path) -> None:
    (tmp_path / "int.yml").write_text(f"{{country: INT, name: I, emergency: {{}}, resources: [{RECORD}]}}")
    (tmp_path / "au.yml").write_text(f"{{country: AU, name: A, emergency: {{}}, resources: [{RECORD}]}}")
    with pytest.raises(DirectoryError, match="stands twice"):
        read_directory(tmp_path)


def test_a_man_is_shown_a_mans_line_first_and_no_line_that_turns_men_away() -> None:
    found = [r for r, _ in read_directory().find(["sexual_assault", "domestic_violence"], "IE", audience=["men"])]
    assert found[0].id == "ie-drcc"
    assert {"ie-mensaid", "ie-maleadvice"} & {r.id for r in found}
    assert "ie-womensaid" not in {r.id for r in found}


def test_where_only_womens_lines_answer_a_man_gets_the_worldwide_finder() -> None:
    found = [r for r, _ in read_directory().find(["domestic_violence"], "IN", audience=["men"])]
    assert all(r.audience != "women" for r in found)
    assert any(r.finder for r in found)


def test_someone_who_has_not_said_who_they_are_is_shown_the_womens_line() -> None:
    found = [r for r, _ in read_directory().find(["domestic_violence"], "IE")]
    assert found[0].id == "ie-womensaid"
