"""Runs migrations on the connection it is given, or on the database of the settings."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection, create_engine
from sqlalchemy.engine import make_url

from app.bootstrap import load_tables
from app.db.base import metadata
from app.settings import Settings

load_tables()


def run(connection: Connection) -> None:
    """On this connection, in one transaction where the database can."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        # SQLite cannot alter most things in place: tables are made anew and filled.
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        user_module_prefix="types.",  # as the template imports our column types
        compare_server_default=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    url = make_url(Settings().database_url)
    driver = "postgresql+asyncpg" if url.get_backend_name() == "postgresql" else "sqlite"
    with create_engine(url.set(drivername=driver)).connect() as made:
        run(made)
