"""The address of a webhook: what may be told at all, and no machine of the house itself."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final
from urllib.parse import SplitResult, urlsplit

_LONGEST: Final = 500
_CARRIES_IPV4: Final = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"), ip_network("::/96"))
"""Prefixes behind which a translator finds an IPv4 address (RFC 6052, RFC 8215, RFC 4291)."""


class BadAddress(ValueError):
    """The address cannot be a webhook's; the message says why and what to write."""


def check_address(url: str, *, inside: bool) -> str:
    """Give the address when it may be told; ``inside`` allows http and machines of the house. Raises ``BadAddress``."""
    if not url.isascii() or not url.isprintable() or " " in url or len(url) > _LONGEST:
        raise BadAddress(f"write an address of at most {_LONGEST} plain signs, without spaces")
    parts, host = _parted(url)
    if parts.scheme != "https" and not (inside and parts.scheme == "http"):
        raise BadAddress("write an https address: what is told must not be read on its way")
    if parts.username is not None or parts.fragment or not host:
        raise BadAddress("write an address with a host, without user name and fragment")
    literal = _literal(host)
    if literal is not None and not inside and not is_public(literal):
        raise BadAddress("this machine is inside the house: webhooks.allow_inside permits that")
    return url


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Tell whether an address is one of the open internet, however it is written.

    >>> [is_public(ip_address(a)) for a in ("1.1.1.1", "10.0.0.1", "169.254.169.254", "::ffff:127.0.0.1")]
    [True, False, False, False]
    """
    if isinstance(address, IPv6Address):
        hidden = address.ipv4_mapped or address.sixtofour
        if hidden is not None:
            return is_public(hidden)
        if address.teredo or any(address in net for net in _CARRIES_IPV4):
            return False
    return address.is_global and not address.is_multicast


def _parted(url: str) -> tuple[SplitResult, str]:
    try:
        parts = urlsplit(url)
        _ = parts.port  # also the port must be one
    except ValueError as error:
        raise BadAddress("no address: write it like https://example.it/hook") from error
    return parts, parts.hostname or ""


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
