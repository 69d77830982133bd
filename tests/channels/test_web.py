"""The web channel, spoken to over HTTP."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.live_server import Server


def texts(answer: requests.Response) -> str:
    assert answer.status_code == 200, answer.text
    return "\n".join(message["text"] for message in answer.json()["messages"])


def test_a_question_is_answered_with_its_source(server: Server) -> None:
    answer = server.say(server.session(), "what does sympathy sex mean?")
    message = answer.json()["messages"][0]
    assert message["kind"] == "answer"
    assert message["sources"][0]["publisher"] == "Psychology Today"


def test_a_disclosure_gets_the_lines_of_the_country_said_before(server: Server) -> None:
    session = server.session()
    server.say(session, "I'm in Australia")
    assert "1800 737 732" in texts(server.say(session, "he keeps on at me until i give in and i hate it"))


def test_the_page_comes_with_a_strict_policy_and_is_never_stored(server: Server) -> None:
    page = requests.get(f"{server.address}/", timeout=10)
    assert page.status_code == 200
    assert "<title>" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "http://" not in page.text.replace("http://www.w3.org", "")


def test_the_same_message_id_gives_the_same_reply_once(server: Server) -> None:
    session = server.session()
    first = server.say(session, "hello there", id="one")
    again = server.say(session, "hello there", id="one")
    assert first.json() == again.json()
    rows = sqlite3.connect(server.database).execute("select count(*) from events where data like '%hello there%'")
    assert rows.fetchone()[0] == 1


def test_a_retry_that_comes_before_the_answer_gets_the_same_answer_once(server: Server) -> None:
    session = server.session()
    with ThreadPoolExecutor(4) as at_once:
        answers = list(at_once.map(lambda _: texts(server.say(session, "good evening to you", id="one")), range(4)))
    assert len(set(answers)) == 1
    rows = sqlite3.connect(server.database).execute("select count(*) from events where data like '%good evening to%'")
    assert rows.fetchone()[0] == 1


@pytest.mark.parametrize("text", ["/restart", '/inform_country{"country": "US"}', "/session_start", "  /back"])
def test_a_leading_slash_is_text_and_injects_nothing(server: Server, text: str) -> None:
    session = server.session()
    assert texts(server.say(session, text))
    stored = sqlite3.connect(server.database).execute(
        "select data from events where type_name in ('slot', 'restart') and data like '%\"US\"%'"
    )
    assert stored.fetchall() == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"not json", 400),
        (b"[1]", 400),
        (b'{"text": "hi"}', 400),
        (b'{"session": "forged", "text": "hi"}', 401),
        (b"\xff\xfe\x00", 400),
        (b'{"text": "' + b"a" * 150_000 + b'"}', 400),
    ],
)
def test_bad_requests_get_a_clear_json_error(server: Server, body: bytes, status: int) -> None:
    answer = requests.post(f"{server.address}/messages", data=body, timeout=10)
    assert answer.status_code == status
    assert answer.json()["error"]


def test_a_session_signed_by_somebody_else_is_refused(server: Server) -> None:
    head, body, _ = server.session().split(".")
    assert server.say(f"{head}.{body}.AAAA", "hi").status_code == 401


@pytest.mark.parametrize("text", ["", "   ", "\u200b", "🙃🙃🙃", "a" * 20_000, "\x00\x01", "<script>alert(1)</script>"])
def test_whatever_is_typed_gets_a_reply(server: Server, text: str) -> None:
    assert texts(server.say(server.session(), text))


def test_wrong_types_are_refused_kindly(server: Server) -> None:
    session = server.session()
    for wrong in ({"text": 5}, {"text": None}, {"text": "hi", "id": 7}, {"text": "hi", "country": "Narnia"}):
        answer = requests.post(f"{server.address}/messages", json={"session": session, **wrong}, timeout=10)
        assert answer.status_code == 400
        assert answer.json()["error"]


def test_forgetting_erases_the_conversation_from_the_store(server: Server) -> None:
    session = server.session()
    server.say(session, "my very particular words about mangosteens")
    database = sqlite3.connect(server.database)
    count = "select count(*) from events where data like '%mangosteens%'"
    assert database.execute(count).fetchone()[0] > 0
    assert requests.delete(f"{server.address}/conversation", json={"session": session}, timeout=10).status_code == 200
    assert database.execute(count).fetchone()[0] == 0


def test_rasas_own_interfaces_are_off(server: Server) -> None:
    root = server.address.removesuffix("/webhooks/web")
    for path in ("/model", "/conversations/default/tracker", "/webhooks/rest/webhook", "/status"):
        assert requests.get(root + path, timeout=10).status_code == 404
    assert requests.get(f"{root}/ready", timeout=10).json() == {"ready": True}


def test_what_people_write_does_not_reach_the_log(server: Server) -> None:
    server.say(server.session(), "a secret about rhododendrons")
    assert "rhododendrons" not in server.log.read_text()
