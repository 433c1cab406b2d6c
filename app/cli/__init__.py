"""The `dangol` command. Exit code 0 good, 1 a finding, 2 bad usage; `--json` for programs."""

from __future__ import annotations

from app.cli.root import main

__all__ = ["main"]
