import pytest
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered
from rasa.shared.core.slots import ListSlot
from rasa.shared.core.trackers import DialogueStateTracker

from mutual.library.documents import read_library
from mutual.nlu.context import completed, history

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
    ],
)
def test_an_item_of_a_list_is_asked_for_by_its_number(text: str, passage: str) -> None:
    tracker = DialogueStateTracker("x", slots=[ListSlot("answered", [{}])])
    tracker.update(SlotSet("answered", ["avoiding-intimacy/eight-strategies", "sympathy-sex/definition"]))
    assert completed(text, tracker) == read_library().passages[f"avoiding-intimacy/{passage}"].heading


@pytest.mark.parametrize(
    "text", ["he was my first", "the ninth one", "the second time he hit me", "first of all thanks"]
)
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
