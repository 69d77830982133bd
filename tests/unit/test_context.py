import pytest
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered
from rasa.shared.core.slots import ListSlot
from rasa.shared.core.trackers import DialogueStateTracker

from mutual.library.documents import read_library
from mutual.nlu.context import completed, history, tells, told_in_pieces

PASSAGE = "sympathy-sex/definition"
HEADING = read_library().passages[PASSAGE].heading


def answered() -> DialogueStateTracker:
    """A conversation in which a document question was just answered."""
    tracker = DialogueStateTracker("x", slots=[ListSlot("answered", [{}])])
    for event in (UserUttered("what is sympathy sex"), BotUttered("It is …"), SlotSet("answered", [PASSAGE])):
        tracker.update(event)
    return tracker


@pytest.mark.parametrize("text", ["why?", "why is it bad", "and for women?", "like what?", "is that common", "how so"])
def test_a_question_that_leans_on_the_answer_is_read_with_it(text: str) -> None:
    assert completed(text, answered()) == f"{HEADING} {text}"


@pytest.mark.parametrize(
    "text",
    [
        "he did that to me",
        "i said no and it went on",
        "what does consent mean when people have been married for years",
        "thanks",
        "this is really helpful",
        "so helpful!",
        "someone did it to my sister",
        "",
    ],
)
def test_what_names_a_person_or_stands_by_itself_is_read_alone(text: str) -> None:
    assert completed(text, answered()) == text


@pytest.mark.parametrize(
    ("text", "passage"),
    [
        ("how do i do the third one?", "strategy-vulnerability"),
        ("tell me about number 5", "strategy-quality-time"),
        ("the last one please", "strategy-self-awareness"),
        ("and the 2nd?", "strategy-questions"),
        ("what does strategy 7 mean", "strategy-touch"),
        ("the ninth one", "eight-strategies"),
        ("number 9", "eight-strategies"),
    ],
)
def test_an_item_of_a_list_is_asked_for_by_its_number(text: str, passage: str) -> None:
    tracker = DialogueStateTracker("x", slots=[ListSlot("answered", [{}])])
    tracker.update(SlotSet("answered", ["avoiding-intimacy/eight-strategies", "sympathy-sex/definition"]))
    assert completed(text, tracker) == read_library().passages[f"avoiding-intimacy/{passage}"].heading


@pytest.mark.parametrize("text", ["he was my first", "the second time he hit me", "first of all thanks"])
def test_a_number_that_means_no_item_changes_nothing(text: str) -> None:
    tracker = DialogueStateTracker("x", slots=[ListSlot("answered", [{}])])
    assert completed("the third one", tracker) == "the third one"
    tracker.update(SlotSet("answered", ["avoiding-intimacy/eight-strategies"]))
    tracker.update(UserUttered("ok"))
    assert completed(text, tracker) == text


def test_a_question_long_after_the_answer_is_read_alone() -> None:
    tracker = answered()
    for event in (UserUttered("hello"), BotUttered("Hello.")):
        tracker.update(event)
    assert completed("why?", tracker) == "why?"


def test_only_a_wording_that_asks_something_counts_as_asked() -> None:
    tracker = DialogueStateTracker("x", slots=[])
    tracker.update(UserUttered("my friend wants to die"))
    tracker.update(BotUttered("You can ask them plainly.", metadata={"utter_action": "utter_safety_suicide"}))
    assert history(tracker).asked == ()
    tracker.update(BotUttered("Is it now?", metadata={"utter_action": "utter_safety_suicide"}))
    assert history(tracker).asked == ("utter_safety_suicide",)


def test_short_messages_that_tell_are_joined_to_the_one_at_hand() -> None:
    tracker = DialogueStateTracker("x", slots=[])
    for text in ("what is sympathy sex?", "we were at his place", "i fell asleep"):
        tracker.update(UserUttered(text))
    assert told_in_pieces("woke up sore", tracker) == "we were at his place. i fell asleep. woke up sore"
    assert told_in_pieces("is that ok?", tracker).endswith("i fell asleep. is that ok?")


@pytest.mark.parametrize("text", ["", "what does the article say about married men and cheating?", "word " * 26])
def test_a_long_message_or_question_is_read_without_what_was_told_before(text: str) -> None:
    tracker = DialogueStateTracker("x", slots=[])
    tracker.update(UserUttered("we were at his place"))
    assert told_in_pieces(text, tracker) == ""


def test_nothing_is_joined_where_nothing_was_told() -> None:
    assert told_in_pieces("woke up sore", DialogueStateTracker("x", slots=[])) == ""


@pytest.mark.parametrize(
    "text", ["we never talk", "he's my manager", "my sister and I had a row on friday.", "we'd had a row"]
)
def test_a_statement_about_people_tells_something(text: str) -> None:
    assert tells(text)


@pytest.mark.parametrize(
    "text",
    ["tell me about football", "why is he like that", "i need a recipe", "the weather is nice", "can you sing", ""],
)
def test_a_request_a_question_and_the_weather_tell_nothing(text: str) -> None:
    assert not tells(text)
