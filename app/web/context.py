"""What the web's handlers are given. Bootstrap makes it once; nothing here is global."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import HTTPConnection

from app.conversations.house import House
from app.core.ports import Channel, Gateway
from app.engine.contract import Engine
from app.inbox.accept import Acceptor
from app.settings import Settings
from app.web.accounts import AccountBook


@dataclass(frozen=True)
class Context:
    """The house as the web sees it. `gateways` are keyed `pay:<provider>` and `store:<kind>`."""

    settings: Settings
    engine: Engine
    acceptor: Acceptor
    house: House
    accounts: AccountBook
    channels: Mapping[str, Channel]
    gateways: Mapping[str, Gateway]


def context_of(connection: HTTPConnection) -> Context:
    """The context of a request or web socket; also a FastAPI dependency."""
    found: Context = connection.app.state.context
    return found
