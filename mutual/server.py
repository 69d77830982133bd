"""One process that serves everything: Rasa, the actions, the web channel and the chat page."""

from __future__ import annotations

import asyncio
from pathlib import Path

from rasa.core.channels.channel import InputChannel
from rasa.core.run import configure_app, create_http_input_channels
from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from mutual import paths, store
from mutual.assistant import load_agent
from mutual.channels.web import MAX_BODY
from mutual.settings import Settings

PAGE = "/webhooks/web/"


def build(settings: Settings, model: Path | None = None) -> Sanic:
    """Builds the server; everything that can be missing is found missing here, before it listens.

    Args:
        settings: Host, port and store.
        model: Model file; the newest if None.

    Returns:
        The application, ready to run.

    Raises:
        ModelMissing: There is no model that loads.
        OSError: The store cannot be opened.
    """
    trackers = store.open_sqlite(settings.database)
    agent = load_agent(model, trackers)
    trackers.domain = agent.domain
    channels: list[InputChannel] = create_http_input_channels(None, str(paths.CREDENTIALS))
    # Rasa's HTTP API stays off: it would hand out conversations and take models.
    app: Sanic = configure_app(channels, enable_api=False, port=settings.port)
    app.config.REQUEST_MAX_SIZE = 2 * MAX_BODY
    app.config.FALLBACK_ERROR_FORMAT = "json"
    app.config.MOTD = False
    app.ctx.agent = agent

    async def ready(request: Request) -> HTTPResponse:
        """Whether a model is loaded; the server does not start without one."""
        return response.json({"ready": agent.is_ready()}, status=200 if agent.is_ready() else 503)

    app.add_route(ready, "/ready")
    return app


def serve(settings: Settings, model: Path | None = None) -> None:
    """Serves until interrupted.

    Args:
        settings: Host, port and store.
        model: Model file; the newest if None.

    Raises:
        ModelMissing: There is no model that loads.
        OSError: The store cannot be opened or the port is taken.
    """
    app = build(settings, model)
    address = f"http://{settings.host}:{settings.port}{PAGE}"

    async def announce(_app: Sanic, _loop: asyncio.AbstractEventLoop) -> None:
        """Prints the one address to open, once the server answers."""
        print(f"Mutual is ready. Open {address}  (Ctrl-C stops it)", flush=True)

    app.register_listener(announce, "after_server_start")
    app.run(host=settings.host, port=settings.port, access_log=False, motd=False)
