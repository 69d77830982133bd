"""The conversation store: opening the one that is configured, and forgetting a conversation for good."""

from __future__ import annotations

from pathlib import Path

from rasa.core.tracker_store import FailSafeTrackerStore, InMemoryTrackerStore, SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain


def open_sqlite(database: Path) -> SQLTrackerStore:
    """Opens the embedded store.

    Args:
        database: The SQLite file; made if it is not there.

    Returns:
        The store, its tables ready.

    Raises:
        OSError: The folder is missing or the file cannot be written.
    """
    database.parent.mkdir(parents=True, exist_ok=True)
    with database.open("ab"):  # fails with a clear message where SQLAlchemy's would be obscure
        pass
    return SQLTrackerStore(domain=Domain.empty(), dialect="sqlite", db=str(database))


async def forget(store: TrackerStore, conversation: str) -> None:
    """Erases a conversation from the store; afterwards it has never been.

    Args:
        store: The agent's store.
        conversation: Id of the conversation; nothing happens if there is none.

    Raises:
        NotImplementedError: The store is of a kind whose conversations cannot be erased here.
    """
    # An agent wraps its store in one that falls back to memory when saving fails.
    inner = store._tracker_store if isinstance(store, FailSafeTrackerStore) else store
    if isinstance(inner, SQLTrackerStore):
        with inner.session_scope() as session:
            session.query(inner.SQLEvent).filter_by(sender_id=conversation).delete()
            session.commit()
    elif isinstance(inner, InMemoryTrackerStore):
        inner.store.pop(conversation, None)
    else:
        raise NotImplementedError(f"Conversations of a {type(inner).__name__} cannot be erased.")
