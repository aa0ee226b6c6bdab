"""Files that stand in the text of a mail: uuencoded ones are taken out, yEnc and PGP blocks are told."""

import binascii
import re
from dataclasses import dataclass

_UU_BLOCK = re.compile(
    r"^begin [0-7]{3,4} ([^\r\n]{1,200})\r?\n((?:[ -`]{1,90}\r?\n)*?)(?:[` ]?\r?\n)?end[ \t]*\r?$", re.MULTILINE
)
_YENC = re.compile(r"^=ybegin [^\r\n]{0,300}?name=([^\r\n]{1,200})", re.MULTILINE)
_PGP = re.compile(r"^-----BEGIN PGP MESSAGE-----", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Inlined:
    """The text without the files in it, the files, and the names of blocks that cannot be read, with their reason."""

    text: str
    files: tuple[tuple[str, bytes], ...] = ()
    unreadable: tuple[tuple[str, str], ...] = ()


def take_out(text: str) -> Inlined:
    """Take the files out of the text of a mail."""
    files: list[tuple[str, bytes]] = []
    bad = [(name.strip(), "yenc") for name in _YENC.findall(text)]
    bad += [("messaggio PGP", "pgp")] if _PGP.search(text) else []

    def gone(found: re.Match[str]) -> str:
        content = _uu(found[2])
        if content is None:
            bad.append((found[1].strip(), "damaged"))
        else:
            files.append((found[1].strip(), content))
        return ""

    return Inlined(_UU_BLOCK.sub(gone, text) if "\nend" in text else text, tuple(files), tuple(bad))


def _uu(block: str) -> bytes | None:
    """Decode the lines of a block; some writers count a line too long, which is forgiven as uudecode does."""
    content = bytearray()
    for line in block.splitlines():
        try:
            content += binascii.a2b_uu(line)
        except binascii.Error:
            try:
                length = (((ord(line[0]) - 32) & 63) * 4 + 5) // 3
                content += binascii.a2b_uu(line[:length])
            except (binascii.Error, IndexError):
                return None
        except ValueError:
            return None
    return bytes(content) or None
