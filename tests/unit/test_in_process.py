import asyncio
import logging

import pytest
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk import Action

from mutual.in_process import TROUBLE, InProcessActions


class Malformed(Action):
    def name(self) -> str:
        return "action_malformed"

    def run(self, dispatcher, tracker, domain):  # type: ignore[no-untyped-def]
        return [{"event": "slot", "no name": "at all"}]


class Broken(Action):
    def name(self) -> str:
        return "action_broken"

    def run(self, dispatcher, tracker, domain):  # type: ignore[no-untyped-def]
        raise RuntimeError("secret words somebody wrote")


CALL = {"next_action": "action_broken", "tracker": {"sender_id": "x", "slots": {}, "latest_message": {}, "events": []}}


def test_an_action_that_breaks_says_the_static_safety_text_and_logs_no_words(caplog: pytest.LogCaptureFixture) -> None:
    endpoint = InProcessActions()
    with caplog.at_level(logging.DEBUG):
        result = asyncio.run(endpoint.request(json=CALL))
    assert result == {"events": [], "responses": [{"response": TROUBLE}]}
    assert "RuntimeError" in caplog.text
    assert "secret" not in caplog.text


def test_an_action_nobody_registered_says_the_static_safety_text() -> None:
    result = asyncio.run(InProcessActions().request(json={**CALL, "next_action": "action_unknown"}))
    assert result["responses"] == [{"response": TROUBLE}]


def test_an_action_that_gives_events_rasa_cannot_read_says_the_static_safety_text() -> None:
    endpoint = InProcessActions()
    endpoint._executor.register_action(Malformed)
    result = asyncio.run(endpoint.request(json={**CALL, "next_action": "action_malformed"}))
    assert result == {"events": [], "responses": [{"response": TROUBLE}]}


def test_results_of_an_action_server_elsewhere_are_still_checked_by_rasa() -> None:
    action = RemoteAction("action_answer", EndpointConfig("http://localhost:1"))
    with pytest.raises(ValidationError):
        action._validate_action_result({"events": "none"})
