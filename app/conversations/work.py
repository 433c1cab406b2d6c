"""One event being worked on: where, for whom, and what came of it so far."""

from __future__ import annotations

from dataclasses import dataclass

from app.conversations.house import House
from app.conversations.store import Chat
from app.core.catalogue import Shop
from app.db.unit import Unit
from app.members.contact import Contact


@dataclass
class Work:
    """Made once per event; `said` numbers its messages, `outcome` answers a waiting request."""

    unit: Unit
    house: House
    shop: Shop
    chat: Chat
    contact: Contact
    inbox_id: int
    said: int = 0
    outcome: dict[str, str] | None = None
    person_changed: bool = False
