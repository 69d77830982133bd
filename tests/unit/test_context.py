import pytest
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from mutual.library.documents import read_library
from mutual.nlu.context import completed, history

PASSAGE = "sympathy-sex/definition"
HEADING = read_library().passages[PASSAGE].heading


def answered() -> DialogueStateTracker:
    """A conversation in which a document question was just answered."""
    tracker = DialogueStateTracker("x", slots=[])
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
        "someone did it to my sister",
        "",
    ],
)
def test_what_names_a_person_or_stands_by_itself_is_read_alone(text: str) -> None:
    assert completed(text, answered()) == text


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
