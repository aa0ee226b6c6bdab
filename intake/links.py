"""Links to files that lie somewhere else: they are told, never followed."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

_URL = re.compile(r"https?://[^\s<>\"']{4,2000}", re.IGNORECASE)
_HOSTS = (
    "wetransfer.com", "we.tl", "drive.google.com", "docs.google.com", "photos.app.goo.gl", "dropbox.com",
    "dropboxusercontent.com", "1drv.ms", "onedrive.live.com", "sharepoint.com", "icloud.com", "mega.nz", "mega.co.nz",
    "box.com", "transfernow.net", "swisstransfer.com", "fromsmash.com", "filemail.com", "mediafire.com", "pcloud.com",
    "transferxl.com", "sendgb.com", "myairbridge.com", "jumbomail.me", "terabox.com", "send.tresorit.com",
)  # fmt: skip
"""Where people leave files for others; of other links nobody can tell without following them."""
_MOST = 200


_ENDINGS = tuple(f".{host}" for host in _HOSTS)


def cloud_hosts(text: str, links: Iterable[str] = ()) -> tuple[str, ...]:
    """Give the hosts of file-sharing services that a text or its links lead to, each once.

    >>> cloud_hosts("Ecco i documenti: https://we.tl/t-abc")
    ('we.tl',)
    """
    urls = [*_URL.findall(text)[:_MOST], *list(links)[:_MOST]]
    hosts = (_host(url) for url in urls)
    return tuple(dict.fromkeys(host for host in hosts if f".{host}".endswith(_ENDINGS)))


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()[:200]
    except ValueError:
        return ""
