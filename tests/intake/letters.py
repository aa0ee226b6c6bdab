"""Small mails and files for the tests of this room."""

import io
import zipfile
from email.message import EmailMessage

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\nstartxref\n9\n%%EOF\n"
TIFF = b"II*\0\x08\0\0\0\0\0\0\0\0\0"


def png(width: int, height: int) -> bytes:
    header = b"\0\0\0\rIHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\0\0\0\0"
    return b"\x89PNG\r\n\x1a\n" + header + b"\0" * 40


def mail(**headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Rosa Prova <rosa@Example.COM>"
    message["To"] = "sportello@example.org"
    message["Subject"] = "Richiesta Bonus sociale – è urgente"
    message["Message-ID"] = "<a1@example.com>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content("Buongiorno,\nallego il modulo.\n")
    return message


def zipped(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()
