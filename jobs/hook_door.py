"""The door to the receivers of webhooks: one signed POST over HTTPS, to the open internet only.

The name is resolved here, every address that it has must be a public one, and the connection goes to the very address
that was looked at: a name that answers otherwise the second time gains nothing. Redirects are not followed, proxies of
the environment not asked, and of the answer only the status is read.
"""

import asyncio
import json
import socket
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Final

import httpx
from standardwebhooks import Webhook

from cases.hook_address import is_public
from cases.hooks import Message

_AGENT: Final = "sportello-gateway-webhooks/1"
_MOST_WAIT_S: Final = 3600.0
_NO_KEY: Final = "its secret is encrypted with a key that is not at hand: add the key, then 'gateway webhooks replay'"


@dataclass(frozen=True, slots=True)
class HookOptions:
    """``inside`` allows http and machines of the house; ``timeout_s`` is for one delivery in all, however it drips."""

    inside: bool = False
    timeout_s: float = 10.0


@dataclass(frozen=True, slots=True)
class Told:
    """What came of telling: taken, or why not. ``gone``: the receiver wants nothing more. ``wait_s``: it says when."""

    taken: bool
    failure: str = ""
    gone: bool = False
    wait_s: float = 0.0


class _Inside(Exception):
    """The name leads to a machine of the house."""


def body_of(message: Message) -> str:
    """Write what is told: number and state, the same bytes at every repeat, and nothing of the person."""
    data = {"number": str(message.number), "state": message.state, "event": message.event}
    told = {"type": f"case.{message.event}", "timestamp": message.at.astimezone(UTC).isoformat(), "data": data}
    return json.dumps(told, separators=(",", ":"))


def headers_of(message: Message, body: str, now: datetime) -> dict[str, str]:
    """Sign a body by the Standard Webhooks specification, with every secret that counts."""
    name = message_id(message)
    signed = (Webhook(secret).sign(name, now, body) for secret in message.secrets)
    return {
        "content-type": "application/json",
        "user-agent": _AGENT,
        "webhook-id": name,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signed),
    }


def message_id(message: Message) -> str:
    """Name a message for its receiver: the same at every repeat, so that it can be told."""
    return f"step_{message.step}"


async def tell(message: Message, options: HookOptions, now: datetime) -> Told:
    """Tell one message. Never raises for what a receiver or the net may do."""
    if not message.secrets:
        return Told(taken=False, failure=_NO_KEY)
    body = body_of(message)
    try:
        async with asyncio.timeout(options.timeout_s):
            return await _post(message, body, options, now)
    except TimeoutError:
        return Told(taken=False, failure="no answer in time")
    except _Inside:
        return Told(taken=False, failure="the name leads inside the house: webhooks.allow_inside would permit it")
    except (httpx.HTTPError, OSError, UnicodeError, ValueError) as error:
        return Told(taken=False, failure=type(error).__name__)


async def _post(message: Message, body: str, options: HookOptions, now: datetime) -> Told:
    url = httpx.URL(message.url)
    address = await _address(url.host, url.port or (443 if url.scheme == "https" else 80), options)
    head = {**headers_of(message, body, now), "host": url.netloc.decode("ascii")}
    async with httpx.AsyncClient(trust_env=False, timeout=options.timeout_s) as client:
        request = client.build_request(
            "POST",
            url.copy_with(host=address),
            content=body.encode(),
            headers=head,
            extensions={"sni_hostname": url.host},
        )
        answer = await client.send(request, stream=True)
        await answer.aclose()
    return _told(answer)


async def _address(host: str, port: int, options: HookOptions) -> str:
    """Resolve a name, and give its first address if all of them may be told."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    if not options.inside and not all(is_public(ip_address(address.partition("%")[0])) for address in addresses):
        raise _Inside
    return addresses[0]


def _told(answer: httpx.Response) -> Told:
    if answer.is_success:
        return Told(taken=True)
    said = answer.headers.get("retry-after", "")
    wait = min(float(said), _MOST_WAIT_S) if said.isascii() and said.isdigit() else 0.0
    return Told(taken=False, failure=f"status {answer.status_code}", gone=answer.status_code == 410, wait_s=wait)
