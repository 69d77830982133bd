"""Answers from the documents, alone or beside a gentle check, or says that they do not cover it."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from mutual.library.documents import read_library
from mutual.nlu.context import tells
from mutual.nlu.taxonomy import NO_CATEGORY
from mutual.replies import answers
from mutual.replies.sentences import nearest_sentences
from mutual.text import plain
from mutual.turn import Turn

ANSWERS = 2
"""Answers given at most to a message of several questions: more could not be read."""

BESIDE_HELP = 2
"""Questions offered beside somebody to talk to, to a person who tells something and asks nothing."""

LOST_AFTER = 2
"""Turns without an answer after which the next one offers everything there is, and a person."""


AS_NEAR = 0.05
"""A passage not given yet that is this near to the one just given is told where that would only be repeated."""

FOR_COUPLES = "utter_followup_for_couples"
"""Said once before an answer that takes two willing partners for granted, after a disclosure."""


class ActionAnswer(Action):  # type: ignore[misc]  # the SDK is untyped to mypy
    """Gives the passage that answers, with its source and next questions."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_answer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Says it (see rasa_sdk.Action)."""
        turn, library = Turn.of(tracker), read_library()
        known = [id_ for id_ in turn.passages if id_ in library.passages]
        if not turn.answered or not known:
            if turn.category != NO_CATEGORY:
                return []  # the safety reply beside it has answered; "not covered" would push the person away
            fresh = [id_ for id_ in turn.near if id_ in library.passages and id_ not in turn.given]
            if tells(plain(turn.text)):
                # Somebody who tells a story in pieces must not hear at each that it is no question.
                offered = [] if turn.disclosed else fresh[:BESIDE_HELP]
                buttons = list(answers.buttons(library, offered, answers.HELP))
                dispatcher.utter_message(response="utter_not_covered_told", buttons=buttons)
            elif turn.disclosed:
                dispatcher.utter_message(response="utter_not_covered_after_disclosure")
            elif turn.leans:
                following = answers.next_questions(library, turn.given[-1], fresh, turn.given, disclosed=False)
                dispatcher.utter_message(response="utter_not_covered_further", buttons=list(following))
            elif turn.missed >= LOST_AFTER:
                dispatcher.utter_message(response="utter_not_covered_again")
            elif fresh:
                dispatcher.utter_message(response="utter_not_covered", buttons=list(answers.buttons(library, fresh)))
            else:
                dispatcher.utter_message(response="utter_not_covered_far")
            return []
        if turn.leans and not turn.asked and known[0] == turn.given[-1]:
            return self._again(dispatcher, turn, known)
        said = [id_ for id_ in turn.asked if id_ in library.passages][:ANSWERS] or known[:1]
        near = [id_ for id_ in known if id_ not in said]
        # Beside a first gentle check nothing was found out yet that would make it unfit.
        unfit = turn.disclosed_before or (turn.disclosed and turn.tier != "check_in")
        if unfit and any(library.document_of(id_).for_couples for id_ in said) and not _warned(tracker):
            dispatcher.utter_message(response=FOR_COUPLES)
        for id_ in said[:-1]:
            dispatcher.utter_message(**answers.answer(library, id_, question=turn.text).for_dispatcher())
        following = answers.next_questions(library, said[-1], near, [*turn.given, *said], disclosed=turn.disclosed)
        last = answers.answer(library, said[-1], following, turn.text)
        dispatcher.utter_message(**last.for_dispatcher())
        return [SlotSet("answered", [*turn.given, *said])]

    def _again(self, dispatcher: CollectingDispatcher, turn: Turn, known: list[str]) -> list[dict[str, Any]]:
        """Answers a question about the passage just given: with its sentences about that, or with one as near."""
        library = read_library()
        sentences = nearest_sentences(library.passages[known[0]].text, turn.text)
        score = dict(zip(turn.passages, turn.scores, strict=True))
        other = next((id_ for id_ in known if id_ not in turn.given and score[id_] >= score[known[0]] - AS_NEAR), None)
        said = known[0] if sentences or other is None else other
        if not sentences and other is None:
            dispatcher.utter_message(response="utter_answer_again")
        given = [*turn.given, *({said} - {*turn.given})]
        near = [id_ for id_ in known if id_ != said]
        following = answers.next_questions(library, said, near, given, disclosed=turn.disclosed)
        dispatcher.utter_message(**answers.answer(library, said, following, turn.text, sentences).for_dispatcher())
        return [SlotSet("answered", [*turn.given, said] if said not in turn.given else list(turn.given))]


def _warned(tracker: Tracker) -> bool:
    said = ((event.get("metadata") or {}).get("utter_action") for event in tracker.events if event["event"] == "bot")
    return FOR_COUPLES in said
