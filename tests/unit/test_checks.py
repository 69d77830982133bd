import textwrap
from pathlib import Path

import pytest

from mutual import paths
from mutual.checks import Problem, run

FILES = {
    "domain.yml": """
        intents:
        - closeness:
            use_entities: []
        - weather
        - danger
        - followup_safe
        actions:
        - action_answer
        responses:
          utter_weather:
          - text: I don't know about the weather.
          utter_trouble:
          - text: >-
              Something went wrong here,
              please write again.
        """,
    "data/rules.yml": """
        rules:
        - rule: Topics are answered
          steps:
          - intent: closeness
          - action: action_answer
        - rule: Weather is small talk
          steps:
          - intent: weather
          - action: utter_weather
        - rule: Danger comes first
          steps:
          - or:
            - intent: danger
            - intent: followup_safe
          - action: utter_safety_danger
        """,
    "data/safety/taxonomy.yml": """
        kinds:
          violence: domestic_violence
          crisis: suicide
        categories:
        - id: danger
          title: Danger
          definition: Somebody is in danger.
          tier: crisis
          needs: [violence]
        """,
    "data/safety/answers.yml": """
        said:
          i'm safe: followup_safe
        to:
          utter_safety_danger: {affirm: followup_safe, deny: danger}
        raises:
          followup_safe: danger
        never:
          followup_safe: [danger]
        """,
    "data/safety/patterns.yml": """
        patterns:
        - id: knife
          category: danger
          words: ["he|she has a? knife"]
          unless: ["kitchen"]
        - id: hits
          category: danger
          event: {who: other, verb: hit|punch, whom: i}
        """,
    "data/safety/replies.yml": """
        responses:
          utter_safety_danger:
          - text: >-
              Thank you for telling me, it matters
              a lot. Are you safe now?
            buttons:
            - title: I'm safe
              payload: I'm safe
          - text: You are believed here. Are you somewhere safe?
        """,
    "data/resources/int.yml": """
        country: INT
        name: International
        emergency: {}
        resources:
        - id: int-finder
          name: Finder
          finder: true
          needs: [violence, crisis]
          url: https://finder.example
          checked: {how: stored_page, date: '2026-11-22'}
        """,
    "data/resources/au.yml": """
        country: AU
        name: Australia
        emergency:
          numbers: ['000']
        resources:
        - id: au-line
          name: Line
          needs: [violence]
          phone: '1800 000 111'
          checked: {how: stored_page, date: '2026-11-22'}
        """,
    "data/documents/closeness.md": """
        ---
        id: closeness
        title: On closeness
        author: A. Writer
        publisher: Press
        url: https://press.example/closeness
        reviewed: 2026-11-22
        updated: unknown
        ---

        ## What is closeness? {#what}

        Closeness is being known, say 120 hours of talk.

        Source: WHO, Closeness <https://who.example/closeness>
        """,
    "data/topics/closeness.yml": """
        nlu:
        - intent: closeness
          metadata:
            passage: closeness/what
          examples: |
        """
    + "".join(f"    - what does closeness number {n} mean\n        " for n in range(10)),
    "data/smalltalk.yml": """
        nlu:
        - intent: weather
          examples: |
            - lovely sunshine over the harbour today
        """,
    "data/safety/categories/danger.yml": """
        nlu:
        - intent: danger
          examples: |
        """
    + "".join(f"    - somebody came to my door {n} times\n        " for n in range(80)),
    "actions/action_answer.py": 'TROUBLE = "utter_trouble"\n',
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project without problems."""
    for file, text in FILES.items():
        path = tmp_path / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
    return tmp_path


def change(project: Path, file: str, old: str, new: str) -> None:
    path = project / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def reported(project: Path) -> list[str]:
    return [str(problem) for problem in run(project)]


def one(project: Path, start: str) -> str:
    """The one problem whose text starts so."""
    problems = reported(project)
    assert [problem for problem in problems if problem.startswith(start)], problems
    (found,) = (problem for problem in problems if problem.startswith(start))
    return found


def test_a_sound_project_has_no_problems(project: Path) -> None:
    assert reported(project) == []


def test_a_problem_reads_as_file_line_problem_and_what_to_do() -> None:
    assert str(Problem("data/rules.yml", 3, "It is wrong", "Mend it")) == "data/rules.yml:3: It is wrong. Mend it."


# Files.


def test_a_missing_file_is_named(project: Path) -> None:
    (project / "data/rules.yml").unlink()
    assert reported(project) == ["data/rules.yml:1: The file is missing. Add it."]


def test_broken_yaml_is_named_with_its_line_and_nothing_else_is(project: Path) -> None:
    change(project, "data/safety/patterns.yml", "words: [", "words: [[")
    assert one(project, "data/safety/patterns.yml:5: The file is not YAML") == reported(project)[0]
    assert len(reported(project)) == 1


def test_a_file_in_another_encoding_is_named(project: Path) -> None:
    (project / "data/smalltalk.yml").write_bytes("nlu: café".encode("latin-1"))
    assert reported(project) == ["data/smalltalk.yml:1: The file is not UTF-8 text. Save it as UTF-8."]


def test_a_forbidden_character_is_named_with_its_line(project: Path) -> None:
    change(project, "data/smalltalk.yml", "harbour", "har\x07bour")
    assert one(project, "data/smalltalk.yml:4: A character stands here that YAML forbids")


# Documents.


def test_an_unreadable_document_is_named_with_the_readers_line(project: Path) -> None:
    change(project, "data/documents/closeness.md", " {#what}", "")
    assert one(project, "data/documents/closeness.md:11: Write the heading as")


def test_two_documents_of_one_id_are_named(project: Path) -> None:
    text = (project / "data/documents/closeness.md").read_text(encoding="utf-8")
    (project / "data/documents/other.md").write_text(text.replace("What is", "What might be"), encoding="utf-8")
    assert one(project, "data/documents/other.md:2: Another document has the id closeness")


def test_a_question_for_an_unknown_passage_is_named(project: Path) -> None:
    change(project, "data/topics/closeness.yml", "closeness/what", "closeness/wat")
    assert one(project, "data/topics/closeness.yml:4: There is no passage closeness/wat")


def test_a_passage_with_too_few_questions_is_named_at_its_heading(project: Path) -> None:
    change(project, "data/topics/closeness.yml", "    - what does closeness number 3 mean\n", "")
    assert one(project, "data/documents/closeness.md:11: The passage closeness/what has 9 training questions")


def test_a_heading_that_stands_twice_is_named(project: Path) -> None:
    change(project, "data/documents/closeness.md", "Source:", "## What is Closeness? {#again}\n\nIt is.\n\nSource:")
    assert one(project, "data/documents/closeness.md:15: The heading of closeness/again is that of closeness/what too")


def test_a_heading_too_long_for_a_button_is_named(project: Path) -> None:
    change(project, "data/documents/closeness.md", "What is", f"What {'really ' * 8}is")
    assert one(project, "data/documents/closeness.md:11: The heading of closeness/what has 74 characters")


def test_a_documents_address_that_is_not_https_is_named(project: Path) -> None:
    change(project, "data/documents/closeness.md", "url: https", "url: http")
    assert one(
        project, "data/documents/closeness.md:6: The source's address http://press.example/closeness is not https"
    )


def test_a_passages_address_that_is_not_https_is_named(project: Path) -> None:
    change(project, "data/documents/closeness.md", "<https", "<http")
    assert one(project, "data/documents/closeness.md:15: The source line has no https address")


# Helplines.


def test_a_need_the_taxonomy_lacks_is_named(project: Path) -> None:
    change(project, "data/resources/au.yml", "[violence]", "[violence, legal]")
    assert one(project, "data/resources/au.yml:8: au-line serves 'legal', an unknown need")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("  name: Line\n", "", "au.yml:6: The record au-line lacks name"),
        ("  needs: [violence]\n", "", "au.yml:6: The record au-line lacks needs"),
        (", date: '2026-11-22'", "", "au.yml:6: The record au-line lacks checked: date"),
        ("how: stored_page", "how: hearsay", "au.yml:10: The record au-line was checked by 'hearsay'"),
        ("  phone: '1800 000 111'\n", "", "au.yml:6: The record au-line has no way to reach it"),
        ("'1800 000 111'", "1800000111", "au.yml:9: A contact of au-line is not text"),
        (
            "  phone:",
            "  area: [sydney]\n  phone:",
            "au.yml:9: The record au-line serves an area the country does not have",
        ),
        ("name: Australia\n", "", "au.yml:1: The file has no usable name"),
        ("country: AU", "country: NO", "au.yml:1: The file has no usable country"),
        ("numbers: ['000']", "numbers: []", "au.yml:4: The country has no emergency number"),
        ("'000'", "0", "au.yml:4: The emergency number is not text"),
        ("id: au-line", "id: int-finder", "int.yml:5: The id int-finder stands in data/resources/au.yml:6 too"),
        ("country: AU", "country: INT", "int.yml:1: The country code INT"),
        ("country: AU", "country: XQ", "au.yml:1: au.yml: 'XQ' is not an ISO 3166"),
    ],
)
def test_an_incomplete_helpline_is_named(project: Path, old: str, new: str, problem: str) -> None:
    change(project, "data/resources/au.yml", old, new)
    assert one(project, f"data/resources/{problem}")


def test_a_category_nobody_can_be_shown_for_is_named_in_each_country(project: Path) -> None:
    change(project, "data/resources/int.yml", "  finder: true\n  needs: [violence, crisis]", "  needs: [crisis]")
    change(project, "data/resources/au.yml", "needs: [violence]", "needs: [crisis]")
    assert one(project, "data/resources/au.yml:6: Australia has nobody to show for danger")
    assert one(project, "data/resources/int.yml:5: International has nobody to show for danger")


@pytest.mark.parametrize("number", ["000", "1800 000 111", "+61 2 5550 1234", "1800RESPECT", "(02) 5550-1234"])
def test_a_phone_number_in_a_reply_is_named_on_its_line(project: Path, number: str) -> None:
    change(project, "data/safety/replies.yml", "a lot.", f"a lot, {number}.")
    assert one(project, "data/safety/replies.yml:5:").startswith(f"data/safety/replies.yml:5: {number!r} looks like")


def test_a_phone_number_in_the_domain_is_named_on_its_line(project: Path) -> None:
    change(project, "domain.yml", "please write", "please call 13 11 14 or write")
    assert one(project, "domain.yml:15: '13 11 14' looks like a phone number")


def test_a_phone_number_in_a_document_is_named_on_its_line(project: Path) -> None:
    change(project, "data/documents/closeness.md", "say 120 hours", "say 1800 000 111")
    assert one(project, "data/documents/closeness.md:13: '1800 000 111' looks like a phone number")


def test_figures_dates_and_addresses_are_no_phone_numbers(project: Path) -> None:
    said = "in 2019-2021, of 10,000 people, on 2024-07-04, see https://a.example/18000001112, 25 %, 000 couples,"
    change(project, "data/documents/closeness.md", "say 120 hours", said)
    assert reported(project) == []


# Safety.


def test_a_malformed_category_is_named(project: Path) -> None:
    change(project, "data/safety/taxonomy.yml", "tier: crisis", "tier: high")
    assert one(project, "data/safety/taxonomy.yml:5: category danger has tier 'high'")


def test_a_category_without_a_list_of_needs_is_named(project: Path) -> None:
    change(project, "data/safety/taxonomy.yml", "[violence]", "violence")
    assert one(project, "data/safety/taxonomy.yml:5: The category has no id or no list of needs")


def test_a_category_without_messages_is_named(project: Path) -> None:
    (project / "data/safety/categories/danger.yml").unlink()
    assert one(project, "data/safety/taxonomy.yml:5: The category danger has no messages")


def test_a_category_with_too_few_messages_is_named(project: Path) -> None:
    change(project, "data/safety/categories/danger.yml", "    - somebody came to my door 7 times\n", "")
    assert one(project, "data/safety/categories/danger.yml:1: The category danger has 79 messages")


def test_an_empty_message_is_named(project: Path) -> None:
    change(project, "data/safety/categories/danger.yml", "times\n", "times\n    -\n")
    assert one(project, "data/safety/categories/danger.yml:5: The message is empty")


def test_messages_in_another_categorys_file_are_named(project: Path) -> None:
    change(project, "data/safety/categories/danger.yml", "intent: danger", "intent: weather")
    assert one(project, "data/safety/categories/danger.yml:2: weather is not the category this file is named after")


def test_a_category_without_a_rule_is_named(project: Path) -> None:
    change(project, "data/rules.yml", "    - intent: danger\n", "")
    assert one(project, "data/safety/taxonomy.yml:5: The category danger has no rule")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("safe: followup_safe", "safe: followup_save", "2: There is no intent 'followup_save'"),
        ("utter_safety_danger:", "utter_danger:", "4: There is no response 'utter_danger'"),
        ("deny: danger", "deny: dangre", "4: There is no intent 'dangre'"),
        ("followup_safe: danger", "followup_safe: weather", "6: There is no category 'weather'"),
        ("followup_safe: danger", "followup_save: danger", "6: There is no intent 'followup_save'"),
        ("[danger]", "[weather]", "8: There is no category 'weather'"),
    ],
)
def test_an_unknown_name_in_the_answers_is_named(project: Path, old: str, new: str, problem: str) -> None:
    change(project, "data/safety/answers.yml", old, new)
    assert one(project, f"data/safety/answers.yml:{problem}")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("category: danger", "category: weather", "3: The pattern knife routes to 'weather', which is no category"),
        ("he|she has", "he||she has", "2: Pattern knife: The slot 'he||she' has an empty alternative"),
        ('["kitchen"]', '"kitchen"', "5: The pattern knife is malformed"),
        ("who: other, ", "", "8: The pattern hits is malformed"),
        ("id: hits", "id: knife", "6: The pattern has the id of another"),
        ("  category: danger\n", "", "2: Pattern knife: 'category'"),
    ],
)
def test_a_pattern_that_cannot_work_is_named(project: Path, old: str, new: str, problem: str) -> None:
    change(project, "data/safety/patterns.yml", old, new)
    assert one(project, f"data/safety/patterns.yml:{problem}")


@pytest.mark.parametrize("word", ["should", "Why", "abused", "rape", "victims", "must", "shouldn’t"])
def test_a_word_no_safe_reply_says_is_named(project: Path, word: str) -> None:
    change(project, "data/safety/replies.yml", "You are believed", f"{word} are believed")
    said = word.lower().replace("’", "'")
    assert one(project, "data/safety/replies.yml:9:").startswith(
        f"data/safety/replies.yml:9: utter_safety_danger says {said!r}. "
    )


def test_words_that_only_look_alike_are_allowed(project: Path) -> None:
    change(
        project,
        "data/safety/replies.yml",
        "You are believed",
        "Grapes, shoulders, mustard and drapery, you are believed",
    )
    assert reported(project) == []


def test_an_exclamation_mark_is_named(project: Path) -> None:
    change(project, "data/safety/replies.yml", "believed here.", "believed here!")
    assert one(project, "data/safety/replies.yml:9: utter_safety_danger says '!'")


def test_a_second_question_is_named(project: Path) -> None:
    change(project, "data/safety/replies.yml", "believed here.", "believed here. All right?")
    assert one(project, "data/safety/replies.yml:9: A wording of utter_safety_danger asks more than one question")


def test_a_question_before_the_end_is_named(project: Path) -> None:
    change(project, "data/safety/replies.yml", "somewhere safe?", "somewhere safe? I stay here.")
    assert one(project, "data/safety/replies.yml:9: A wording of utter_safety_danger goes on after its question")


def test_a_reply_with_one_wording_is_named(project: Path) -> None:
    change(project, "data/safety/replies.yml", "  - text: You are believed here. Are you somewhere safe?\n", "")
    assert one(project, "data/safety/replies.yml:2: utter_safety_danger has 1 wording. Write at least 2")


def test_a_wording_without_text_is_named(project: Path) -> None:
    change(project, "data/safety/replies.yml", "You are believed here. Are you somewhere safe?", "")
    assert one(project, "data/safety/replies.yml:9: A wording of utter_safety_danger has no text")


def test_a_button_that_sends_another_text_is_named(project: Path) -> None:
    change(project, "data/safety/replies.yml", "payload: I'm safe", "payload: /safe")
    assert one(project, "data/safety/replies.yml:7:").startswith(
        "data/safety/replies.yml:7: A button of utter_safety_danger shows \"I'm safe\" and sends '/safe'"
    )


# Dialogue.


def test_an_intent_without_a_rule_is_named(project: Path) -> None:
    change(project, "domain.yml", "- weather\n", "- weather\n- season\n")
    assert one(project, "domain.yml:5: The intent season has no rule")


def test_a_rule_for_an_unknown_intent_is_named(project: Path) -> None:
    change(project, "data/rules.yml", "intent: followup_safe", "intent: followup_save")
    assert one(project, "data/rules.yml:14: The domain has no intent followup_save")


def test_a_rule_for_an_unknown_action_is_named(project: Path) -> None:
    change(project, "data/rules.yml", "action: action_answer", "action: action_anser")
    assert one(project, "data/rules.yml:5: There is no action or response action_anser")


def test_a_rule_for_an_unknown_response_is_named(project: Path) -> None:
    change(project, "data/rules.yml", "action: utter_weather", "action: utter_wether")
    assert one(project, "data/rules.yml:9: There is no action or response utter_wether")


def test_rasas_own_actions_are_known(project: Path) -> None:
    change(
        project, "data/rules.yml", "  - action: utter_weather", "  - action: utter_weather\n  - action: action_listen"
    )
    assert reported(project) == []


def test_a_response_nothing_says_is_named_in_either_file(project: Path) -> None:
    change(project, "domain.yml", "utter_weather:", "utter_season:\n  - text: Spring.\n  utter_weather:")
    change(project, "data/safety/replies.yml", "utter_safety_danger:", "utter_safety_dang: []\n  utter_safety_danger:")
    assert one(project, "domain.yml:10: Nothing says utter_season")
    assert one(project, "data/safety/replies.yml:2: Nothing says utter_safety_dang.")


def test_an_action_without_a_file_is_named(project: Path) -> None:
    change(project, "domain.yml", "- action_answer\n", "- action_answer\n- action_sing\n")
    assert one(project, "domain.yml:9: The action action_sing has no file")


def test_training_data_for_an_unknown_intent_is_named(project: Path) -> None:
    change(project, "data/smalltalk.yml", "intent: weather", "intent: wether")
    assert one(project, "data/smalltalk.yml:2: The domain has no intent wether")


# Twins.


def test_a_message_that_stands_twice_is_named_whatever_its_case_and_quotes(project: Path) -> None:
    change(project, "data/smalltalk.yml", "    - lovely", "    - It's RAINING\n    - it’s raining\n    - lovely")
    assert reported(project) == [
        "data/smalltalk.yml:5: The message stands in data/smalltalk.yml:4 too (weather). Delete the one that fits less."
    ]


def test_a_message_nearly_the_same_as_one_of_another_intent_is_named(project: Path) -> None:
    change(
        project, "data/smalltalk.yml", "lovely sunshine over the harbour today", "number 4 closeness, what does mean"
    )
    assert one(project, "data/topics/closeness.yml:10: The message is 9")


def test_messages_of_one_intent_may_be_alike_and_short_ones_of_two(project: Path) -> None:
    change(project, "data/smalltalk.yml", "    - lovely", "    - it is closeness?\n    - lovely")
    change(project, "data/topics/closeness.yml", "    - what", "    - it is closeness\n    - what")
    assert reported(project) == []


# Last, because it takes longest and says least about the checks themselves.


def test_the_real_content_has_no_problems() -> None:
    assert reported(paths.ROOT) == []
