"""The sandbox provider itself: an API, a hosted page and signed webhooks, over one book.

`SandboxProvider` is a plain ASGI callable. Its book is an append-only file of JSON lines, so that
several processes and restarts agree; it is also the independent witness of what was paid.
"""

from __future__ import annotations

from app.gateways.sandbox.fake.provider import SandboxProvider

__all__ = ["SandboxProvider"]
