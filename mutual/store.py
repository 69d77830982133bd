"""The conversation store: opening the one that is configured, and forgetting a conversation for good."""

from __future__ import annotations

from pathlib import Path

from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
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
        store: An SQL store.
        conversation: Id of the conversation; nothing happens if there is none.
    """
    if isinstance(store, SQLTrackerStore):
        with store.session_scope() as session:
            session.query(store.SQLEvent).filter_by(sender_id=conversation).delete()
            session.commit()
