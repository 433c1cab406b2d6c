"""Everything that can be set, read from the environment (`DANGOL_*`) or `.env`, checked whole.

`docs/settings.md` lists each one; a test keeps the two the same.
"""

from __future__ import annotations

import base64
import secrets
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """One process's settings. Frozen: whoever needs one is given it."""

    model_config = SettingsConfigDict(
        env_prefix="DANGOL_", env_file=".env", extra="ignore", env_ignore_empty=True, frozen=True
    )

    database_url: str = Field(
        default="sqlite:///var/dangol.db",
        description="Where truth lives: a SQLite file or a PostgreSQL address.",
    )
    redis_url: str | None = Field(
        default=None, description="Redis for bell and rate limits; unset on one machine."
    )
    secret_key: SecretStr | None = Field(
        default=None,
        description="Seals secrets and signs links; several, blank-separated, while rotating "
        "(the first seals). Made and kept under `var/` when unset outside production.",
    )
    public_url: str = Field(
        default="http://127.0.0.1:8000", description="How platforms and phones reach this server."
    )
    environment: Literal["development", "demo", "production"] = Field(
        default="development",
        description="`production` refuses everything that only belongs in a trial.",
    )
    var_dir: Path = Field(default=Path("var"), description="Where files are kept.")
    flush_writers: int = Field(
        default=1,
        ge=1,
        le=4,
        description="Group-commit writers on PostgreSQL; more pays on slow disks.",
    )
    processes: int = Field(
        default=1,
        ge=1,
        description="How many worker processes share an account's rate without Redis.",
    )
    body_limit: int = Field(
        default=3 * 1024 * 1024, ge=1024, description="Largest webhook body taken, in bytes."
    )
    wait_seconds: float = Field(
        default=8.0,
        gt=0,
        description="How long a page or a merchant's write waits for its outcome.",
    )
    raw_days: int = Field(default=30, ge=1, description="Days that raw webhook bodies are kept.")
    journal_days: int = Field(default=90, ge=1, description="Days that the journal is kept.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="How much is logged."
    )
    faults: str | None = Field(
        default=None, description="Fault points armed for tests: `point:hit:action[,…]`."
    )

    @field_validator("public_url")
    @classmethod
    def _no_slash(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _fit_for_production(self) -> Settings:
        if self.environment != "production":
            return self
        if self.secret_key is None:
            raise ValueError(
                "DANGOL_SECRET_KEY must be set in production (dangol doctor tells how)"
            )
        if not self.public_url.startswith("https://"):
            raise ValueError("DANGOL_PUBLIC_URL must be https in production")
        if self.faults:
            raise ValueError("DANGOL_FAULTS has no place in production")
        return self

    @property
    def production(self) -> bool:
        """Is this the real thing?"""
        return self.environment == "production"

    def secret_keys(self) -> list[str]:
        """The keys, the sealing one first; one is made and kept when none is set."""
        if self.secret_key is not None:
            return self.secret_key.get_secret_value().split()
        kept = self.var_dir / "secret.key"
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            made = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
            kept.touch(mode=0o600)
            kept.write_text(made)
        return kept.read_text().split()
