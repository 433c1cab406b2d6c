"""The headers that keep our pages to themselves, on every answer that does not bring its own."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

# What a page may do when it says nothing else: our own files only, nothing inline.
SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: https:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "frame-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'self'",
    "base-uri": "'none'",
}
HEADERS = {
    b"x-content-type-options": b"nosniff",
    # The address of a page holds a token: it must not travel on.
    b"referrer-policy": b"no-referrer",
    b"permissions-policy": b"camera=(), microphone=(), geolocation=()",
    b"cross-origin-opener-policy": b"same-origin-allow-popups",
}
POLICY = b"content-security-policy"


def policy(**changes: str) -> str:
    """The content security policy with parts of it changed: `form_action="'self' https:"`."""
    changed = {name.replace("_", "-"): value for name, value in changes.items()}
    return "; ".join(f"{name} {value}" for name, value in (SOURCES | changed).items() if value)


class SecurityHeaders:
    """Adds the headers. Pages below the `own_policy` prefixes say for themselves what they load."""

    def __init__(self, app: ASGIApp, own_policy: tuple[str, ...] = ()) -> None:
        self._app = app
        self._own_policy = own_policy
        self._policy = policy().encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        strict = not scope["path"].startswith(self._own_policy) if self._own_policy else True

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = message.setdefault("headers", [])
                names = {name.lower() for name, _ in given}
                wanted = HEADERS | ({POLICY: self._policy} if strict else {})
                message["headers"] = [
                    *given, *((name, value) for name, value in wanted.items() if name not in names)
                ]  # fmt: skip
            await send(message)

        await self._app(scope, receive, with_headers)
