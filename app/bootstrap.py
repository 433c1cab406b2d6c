"""The composition root: settings in, a whole house out. Only this file names bots and gateways."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module

import httpx

from app.conversations.house import House, Pages
from app.conversations.render import Renderer
from app.core.clock import EPOCH, Clock
from app.core.ids import Chance, Ids, SystemChance
from app.core.ports import Asgi, Channel, Faults, Gateway
from app.edge.http import make_client
from app.edge.vault import AesVault
from app.engine.choose import engine_for
from app.engine.contract import Engine
from app.engine.faults import faults_from
from app.gateways.sandbox import SandboxGateway
from app.gateways.sandbox.fake import SandboxProvider
from app.gateways.webhook import GATEWAY as WEBHOOK
from app.inbox.accept import Acceptor
from app.settings import Settings
from app.web.accounts import AccountBook
from app.web.context import Context
from app.web.play.courier import Courier
from app.web.play.stage import Stage
from app.worker.deliver import Deliver, Plugs
from app.worker.drain import Drain
from app.worker.run import Worker
from app.worker.switch import Switch
from app.worker.tick import Retention, Tick
from bots.instagram import CHANNEL as INSTAGRAM
from bots.instagram.fake import FakeInstagram
from bots.webchat import WebChat

TABLES = (
    "inbox.models", "outbox.models", "timers.models", "journal.models", "merchants.models",
    "merchants.idempotency_models", "catalog.models", "members.models", "orders.models",
    "payments.models", "conversations.models",
)  # fmt: skip


@dataclass(frozen=True)
class DemoAccount:
    """The credentials of an account at a platform that is played on this machine."""

    account: str = "17841400000000001"
    app_secret: str = "demo-app-secret"  # noqa: S105 - opens nothing but the playground
    verify_token: str = "demo-verify"  # noqa: S105
    access_token: str = "demo-token"  # noqa: S105


DEMO_INSTAGRAM = DemoAccount()
DEMO_PATH = "/play/instagram"
DEMO_SHOP = "hanok"
DEMO_NAME = "hanok.coffee"


def load_tables() -> None:
    """Brings every slice's tables into the one metadata."""
    for name in TABLES:
        import_module(f"app.{name}")


@dataclass(frozen=True)
class Dangol:
    """A whole house, wired. `parts` are further ASGI applications by the path they live under."""

    context: Context
    client: httpx.AsyncClient
    drain: Drain
    deliver: Deliver
    tick: Tick
    worker: Switch
    parts: dict[str, Asgi]
    stage: Stage | None = None

    @property
    def settings(self) -> Settings:
        """What was set."""
        return self.context.settings

    @property
    def engine(self) -> Engine:
        """Where truth lives."""
        return self.context.engine

    async def close(self) -> None:
        """Lets go of every connection."""
        await self.client.aclose()
        await self.engine.close()


def build(
    settings: Settings,
    *,
    clock: Clock | None = None,
    chance: Chance | None = None,
    faults: Faults | None = None,
    client: httpx.AsyncClient | None = None,
) -> Dangol:
    """Wires a whole house. Clock, chance, faults and client are given by tests and simulator."""
    load_tables()
    engine = _engine(settings, chance or SystemChance(), clock, faults)
    channels = channels_on(engine.clock)
    gateways = _gateways(settings)
    limits = {name: plug.limits for name, plug in channels.items()}
    house = House(limits, Renderer.load(), Pages(settings.public_url))
    client = client or make_client()
    drain = Drain(engine, house)
    deliver = Deliver(engine, Plugs(channels, gateways), client)
    tick = Tick(engine, _retention(settings))
    worker = Switch(Worker(engine, drain, deliver, tick))
    parts = {} if settings.production else _trial_parts(settings, engine, client)
    context = Context(
        settings=settings,
        engine=engine,
        acceptor=Acceptor(engine),
        house=house,
        accounts=AccountBook(engine),
        channels=channels,
        gateways=gateways,
    )
    stage = _stage(settings, engine, client, worker, parts)
    return Dangol(context, client, drain, deliver, tick, worker, parts, stage)


def _engine(
    settings: Settings, chance: Chance, clock: Clock | None, faults: Faults | None
) -> Engine:
    return engine_for(
        settings.database_url,
        Ids(chance),
        AesVault(settings.secret_keys(), chance),
        redis_url=settings.redis_url,
        processes=settings.processes,
        writers=settings.flush_writers,
        clock=clock,
        faults=faults or faults_from(settings.faults),
    )


def channels_on(clock: Clock) -> dict[str, Channel]:
    """Every channel plug by its name."""
    plugs: tuple[Channel, ...] = (INSTAGRAM, WebChat(clock))
    return {plug.name: plug for plug in plugs}


def _retention(settings: Settings) -> Retention:
    return Retention(timedelta(days=settings.raw_days), timedelta(days=settings.journal_days))


def _gateways(settings: Settings) -> dict[str, Gateway]:
    found: dict[str, Gateway] = {"store:webhook": WEBHOOK}
    if not settings.production:
        found["pay:sandbox"] = SandboxGateway(f"{settings.public_url}/sandbox/api")
    return found


def _trial_parts(settings: Settings, engine: Engine, client: httpx.AsyncClient) -> dict[str, Asgi]:
    """What is only played: the sandbox provider, and in a demo the platform too."""
    parts: dict[str, Asgi] = {
        "/sandbox": SandboxProvider(
            settings.var_dir / "sandbox.jsonl",
            engine.clock,
            engine.ids,
            client,
            public_url=settings.public_url,
        )
    }
    if settings.environment == "demo":
        demo = DEMO_INSTAGRAM
        platform = FakeInstagram(
            engine.clock, demo.app_secret, demo.account, demo.access_token, username=DEMO_NAME
        )
        # The database outlives the played platform: an id must not come a second time.
        platform.count_from(int((engine.clock.now() - EPOCH).total_seconds()))
        parts[DEMO_PATH] = platform
    return parts


def _stage(
    settings: Settings,
    engine: Engine,
    client: httpx.AsyncClient,
    worker: Switch,
    parts: dict[str, Asgi],
) -> Stage | None:
    """The playground around the played platform, which posts its webhooks over real HTTP."""
    platform, provider = parts.get(DEMO_PATH), parts.get("/sandbox")
    if not isinstance(platform, FakeInstagram) or not isinstance(provider, SandboxProvider):
        return None
    url = f"{settings.public_url}/hooks/instagram/{DEMO_INSTAGRAM.account}"
    courier = Courier(client, url, engine.ids.chance)
    platform.listener = courier.soon
    return Stage(platform, courier, provider, worker.kill, DEMO_SHOP, DEMO_INSTAGRAM.account)
