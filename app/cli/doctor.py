"""What `dangol doctor` looks at, and how to mend what it finds."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

from app.bootstrap import Dangol, build
from app.core.clock import SystemClock
from app.core.errors import Unavailable
from app.db.migrate import behind
from app.engine.answering import answering
from app.engine.redis_parts import redis_trouble
from app.merchants.read import accounts_of, all_shops
from app.settings import Settings

SKEW = 5.0  # seconds between this machine's clock and the database's before it is said
LOCAL = ("127.0.0.1", "localhost", "::1", "0.0.0.0")  # noqa: S104 - compared, not listened on


@dataclass(frozen=True)
class Line:
    """One thing that was looked at."""

    what: str
    good: bool
    found: str
    mend: str = ""

    def as_dict(self) -> dict[str, object]:
        """For `--json`."""
        return asdict(self)


async def examine(settings: Settings) -> list[Line]:
    """Everything that can be checked from here, in the order in which it should be mended."""
    lines = [_secret(settings), _address(settings)]
    dangol = build(settings)
    try:
        database = await _database(dangol)
        lines.append(database)
        if database.good:
            lines.append(await _migrations(settings))
        if lines[-1].good and database.good:
            lines.append(await _clock(dangol))
            lines.extend(await _accounts(dangol))
        lines.append(await dangol_redis(settings))
    finally:
        await dangol.close()
    return lines


def _secret(settings: Settings) -> Line:
    if settings.secret_key is not None:
        return Line("secret key", True, "set")
    return Line(
        "secret key",
        not settings.production,
        f"kept in {settings.var_dir / 'secret.key'}",
        "Set DANGOL_SECRET_KEY to the output of: openssl rand -base64 32",
    )


def _address(settings: Settings) -> Line:
    parts = urlsplit(settings.public_url)
    reachable = parts.hostname not in LOCAL and parts.scheme == "https"
    return Line(
        "public address",
        reachable or not settings.production,
        settings.public_url + ("" if reachable else " (platforms cannot reach it)"),
        "Set DANGOL_PUBLIC_URL to the https address under which this server is reached.",
    )


async def _database(dangol: Dangol) -> Line:
    try:
        async with answering(dangol.engine):
            await dangol.engine.ping()
    except Unavailable as error:
        return Line(
            "database", False, f"does not answer ({type(error.__cause__).__name__})",
            "Start it, or correct DANGOL_DATABASE_URL.",
        )  # fmt: skip
    return Line("database", True, dangol.engine.name)


async def _migrations(settings: Settings) -> Line:
    current, newest = await behind(settings.database_url)
    return Line(
        "migrations", current == newest, f"at {current}, newest {newest}", "Run: dangol migrate"
    )


async def _clock(dangol: Dangol) -> Line:
    async with dangol.engine.read() as unit:
        apart = abs((SystemClock().now() - unit.now).total_seconds())
    return Line(
        "clock",
        apart <= SKEW,
        f"{apart:.1f} s from the database's",
        "Let this machine keep its time by NTP: signatures and windows depend on it.",
    )


async def _accounts(dangol: Dangol) -> list[Line]:
    lines = []
    async with dangol.engine.read() as unit:
        for shop in await all_shops(unit):
            for account in await accounts_of(unit, shop.id):
                last = account.last_event_at
                heard = f"last event {last:%Y-%m-%d %H:%M} UTC" if last else "no event yet"
                lines.append(
                    Line(
                        f"{shop.slug} {account.channel} {account.external_id}",
                        account.state == "active",
                        f"{account.state}, {heard}",
                        "Its token is gone: put a new access_token into the shop file and run "
                        "`dangol shop apply`, or PATCH /api/v1/accounts/{id}.",
                    )
                )
    return lines


async def dangol_redis(settings: Settings) -> Line:
    """Redis may be away: then everything is slower, nothing is wrong."""
    if settings.redis_url is None:
        return Line("redis", True, "not used")
    trouble = await redis_trouble(settings.redis_url)
    if trouble:
        return Line("redis", False, trouble, "Start it, or unset DANGOL_REDIS_URL.")
    return Line("redis", True, "answers")
