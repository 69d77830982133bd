"""Erasing a conversation while one of its messages is still being answered."""

import asyncio
import socket
from types import SimpleNamespace

import aiohttp
from rasa.core.channels.channel import UserMessage
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Sanic

from mutual import paths
from mutual.channels.web import WebChannel


async def erase_in_the_middle() -> tuple[list[str], bool]:
    """Ids left in the store, and whether erasing waited for the answer."""
    domain = Domain.load(str(paths.DOMAIN))
    store = InMemoryTrackerStore(domain)
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow(message: UserMessage) -> None:
        begun.set()
        await go_on.wait()
        await store.save(DialogueStateTracker(message.sender_id, slots=[]))

    app = Sanic("erasing")
    app.blueprint(WebChannel("secret").blueprint(slow), url_prefix="/webhooks/web")
    app.ctx.agent = SimpleNamespace(domain=domain, tracker_store=store)
    free = socket.create_server(("127.0.0.1", 0))
    port = free.getsockname()[1]
    server = await app.create_server(sock=free, return_asyncio_server=True)
    await server.startup()
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as client:
        session = (await (await client.post("/webhooks/web/session")).json())["session"]
        answer = asyncio.create_task(client.post("/webhooks/web/messages", json={"session": session, "text": "hi"}))
        await begun.wait()
        erased = asyncio.create_task(client.delete("/webhooks/web/conversation", json={"session": session}))
        await asyncio.sleep(0.2)
        waited = not erased.done()
        go_on.set()
        assert (await answer).status == (await erased).status == 200
    server.close()
    return list(await store.keys()), waited


def test_a_conversation_erased_while_it_is_being_answered_stays_erased() -> None:
    left, waited = asyncio.run(erase_in_the_middle())
    assert waited
    assert left == []
