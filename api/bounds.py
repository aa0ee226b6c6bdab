"""Bounds: how large a request may be, and what every answer says of itself. Plain ASGI, before anything is parsed."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problem import TOO_LARGE, Problem

_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)


class _TooLarge(Exception):
    """More came than was allowed."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Refuses what is larger than ``most(path)`` bytes: at once when it says so, else as soon as it shows."""

    app: ASGIApp
    most: Callable[[str], int]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, within its bound."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most = self.most(scope["path"])
        body = _Counted(receive, most)
        answer = _Answer(send, body)
        with suppress(_TooLarge):  # told below, also when the application makes something else of it
            body.expect(_told(scope))
            await self.app(scope, body, answer)
        if body.over and not answer.begun:
            told = f"The body has more than {most} bytes: send less at a time."
            await Problem(TOO_LARGE, told).response()(scope, receive, _Answer(send))


class _Counted:
    """Counts what comes. ``over`` tells that more came than was allowed."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive, self._left = receive, most
        self.over = False

    def expect(self, size: int) -> None:
        """Refuse a size that is too large, without waiting for it."""
        if size > self._left:
            self.over = True
            raise _TooLarge

    async def __call__(self) -> Message:
        message = await self._receive()
        size = len(message.get("body", b""))
        self.expect(size)
        self._left -= size
        return message


class _Answer:
    """Adds the headers, and notes whether an answer has begun. What is answered to too large a body is held back."""

    def __init__(self, send: Send, body: _Counted | None = None) -> None:
        self._send, self._body = send, body
        self.begun = False

    async def __call__(self, message: Message) -> None:
        if self._body is not None and self._body.over and not self.begun:
            return
        if message["type"] == "http.response.start":
            self.begun = True
            given = {name.lower() for name, _ in message.get("headers", ())}
            more = [pair for pair in _HEADERS if pair[0] not in given]
            message = {**message, "headers": [*message.get("headers", ()), *more]}
        await self._send(message)


def _told(scope: Scope) -> int:
    """Give what Content-Length says, 0 when it says nothing that can be read."""
    said = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
    return int(said[:18]) if said.isdigit() else 0
