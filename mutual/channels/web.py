"""The web channel: the chat page and the small API it talks to.

The server issues the session, so nobody can name another's conversation; text that starts with "/" is text; bodies are
capped; errors are JSON and a failure inside still answers with the static safety text.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
import uuid
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

import jwt
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.exceptions import InvalidUsage
from sanic.request import Request
from sanic.response import HTTPResponse

from mutual import paths, settings
from mutual.assistant import Collector, as_text, trouble
from mutual.directory.places import find_code
from mutual.directory.resources import read_directory
from mutual.store import forget as forget_conversation

logger = logging.getLogger(__name__)

MAX_BODY = 100_000
"""Longest request body, in bytes; room for a message of `mutual.text.MAX_CHARACTERS` in any script."""

SESSION_SECONDS = 12 * 3600
"""How long a session may be used; Rasa starts a new conversation inside it after 30 idle minutes."""

_REMEMBERED = 2_000
"""Answers kept so that a repeated message id gives the same reply once, over all conversations."""

_PAGES = {"": "chat.html", "chat.js": "chat.js", "chat.css": "chat.css", "help.html": "help.html"}
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


class BadRequest(ValueError):
    """What the client sent cannot be used; the text is for the client."""


class WebChannel(InputChannel):  # type: ignore[misc]  # Rasa is untyped to mypy
    """Serves the chat page and its API under /webhooks/web/."""

    def __init__(self, secret: str) -> None:
        """Keeps the key that signs sessions.

        Args:
            secret: The key; a fresh random one if empty, so that open chats begin anew after a restart.
        """
        self._secret = secret or secrets.token_hex(32)
        # Answers by conversation and message id, running ones too: a retry gets the same one, however early it comes.
        self._answers: OrderedDict[tuple[str, str], asyncio.Task[list[dict[str, Any]]]] = OrderedDict()

    @classmethod
    def name(cls) -> str:
        """The channel's name, part of its address."""
        return "web"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WebChannel:
        """Makes the channel; its settings come from the environment (see `.env.example`)."""
        return cls(settings.read().secret)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The channel's routes.

        Args:
            on_new_message: Rasa's handler.

        Returns:
            A Sanic blueprint.
        """
        routes = Blueprint("web_channel", __name__)

        async def page(request: Request, name: str = "") -> HTTPResponse:
            if not name and not request.path.endswith("/"):
                # The page's own addresses are relative.
                return response.redirect(f"{request.path}/")
            if name not in _PAGES:
                return _error("There is no such page.", 404)
            return await response.file(paths.ROOT / "web" / _PAGES[name], headers=_HEADERS)

        async def session(request: Request) -> HTTPResponse:
            return response.json({"session": self._sign(uuid.uuid4().hex)}, headers=_HEADERS)

        async def messages(request: Request) -> HTTPResponse:
            try:
                body = _body(request)
                conversation = self._conversation(body)
                text, id_ = body.get("text"), body.get("id", uuid.uuid4().hex)
                if not isinstance(text, str) or not isinstance(id_, str) or len(id_) > 64:
                    raise BadRequest("Give text, and id if any, as strings.")
                country = _country(body)
            except jwt.InvalidTokenError:
                return _error("This session has ended. Please start a new one.", 401)
            except BadRequest as error:
                return _error(str(error), 400)
            answer = self._answers.get((conversation, id_))
            if answer is None:
                answer = asyncio.create_task(self._answer(request, on_new_message, conversation, text, country))
                self._remember((conversation, id_), answer)
            # Whoever closes the page in the middle does not stop an answer that a retry may still fetch.
            return response.json({"messages": await asyncio.shield(answer)}, headers=_HEADERS)

        async def forget(request: Request) -> HTTPResponse:
            try:
                conversation = self._conversation(_body(request))
            except jwt.InvalidTokenError:
                return response.json({}, headers=_HEADERS)
            except BadRequest as error:
                return _error(str(error), 400)
            keys = [key for key in self._answers if key[0] == conversation]
            # A message still being answered would store the conversation again.
            await asyncio.gather(*(self._answers.pop(key) for key in keys))
            await forget_conversation(request.app.ctx.agent.tracker_store, conversation)
            return response.json({}, headers=_HEADERS)

        routes.add_route(page, "/", methods=["GET"], name="chat")
        routes.add_route(page, "/<name>", methods=["GET"], name="page")
        routes.add_route(session, "/session", methods=["POST"])
        routes.add_route(messages, "/messages", methods=["POST"])
        routes.add_route(forget, "/conversation", methods=["DELETE"])
        return routes

    async def _answer(
        self,
        request: Request,
        on_new_message: Callable[[UserMessage], Awaitable[Any]],
        conversation: str,
        text: str,
        country: str | None,
    ) -> list[dict[str, Any]]:
        """Answers one message.

        This is the error boundary of the channel: whatever fails inside Rasa, its store or its lock, the person gets
        the static safety text. The error is logged by its type alone.
        """
        output = Collector()
        metadata = {"country": country} if country else {}
        message = UserMessage(as_text(text), output, conversation, input_channel=self.name(), metadata=metadata)
        try:
            await on_new_message(message)
        except Exception as error:  # noqa: BLE001  # the boundary described above, tested in tests/channels
            logger.error("A web message failed with %s.", type(error).__name__)
        said = output.said or [trouble(request.app.ctx.agent)]
        return [bubble.as_dict() for bubble in said]

    def _remember(self, key: tuple[str, str], answer: asyncio.Task[list[dict[str, Any]]]) -> None:
        self._answers[key] = answer
        while len(self._answers) > _REMEMBERED:
            self._answers.popitem(last=False)

    def _sign(self, conversation: str) -> str:
        claims = {"sub": conversation, "exp": int(time.time()) + SESSION_SECONDS}
        return str(jwt.encode(claims, self._secret, algorithm="HS256"))

    def _conversation(self, body: dict[str, Any]) -> str:
        token = body.get("session")
        if not isinstance(token, str):
            raise BadRequest("Give the session you were issued.")
        claims = jwt.decode(token, self._secret, algorithms=["HS256"], options={"require": ["exp", "sub"]})
        return str(claims["sub"])


def _country(body: dict[str, Any]) -> str | None:
    """The country an operator fixed for its page, if any."""
    given = body.get("country")
    if given is None or given == "":
        return None
    code = find_code(given) if isinstance(given, str) else None
    if code is None:
        raise BadRequest("country is not an ISO 3166 code of two letters.")
    return code if read_directory().has(code) else None


def _body(request: Request) -> dict[str, Any]:
    if len(request.body) > MAX_BODY:
        raise BadRequest("That is too long. Please send it in smaller parts.")
    try:
        body = request.json
    except InvalidUsage as error:
        raise BadRequest("Send JSON.") from error
    if not isinstance(body, dict):
        raise BadRequest("Send a JSON object.")
    return body


def _error(text: str, status: int) -> HTTPResponse:
    return response.json({"error": text}, status=status, headers=_HEADERS)
