"""Only one answer of a real clamd counts as scanned; everything else is a find, a failure, or a wait."""

import socket
import threading
import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.scanner import NotScanned, Scanner, ScannerDown
from tests.intake.clamd import FINDING, MALWARE, Clamd, clamd, clamd_server

__all__ = ["clamd", "clamd_server"]


def zipped(content: bytes, times: int) -> bytes:
    for number in range(times):
        out = BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{number}.bin", content)
        content = out.getvalue()
    return content


@pytest.mark.parametrize("raw", [b"x", b"%PDF-1.7 nothing", b"y" * 900_000], ids=["byte", "pdf", "large"])
def test_what_is_clean_has_no_name(clamd: Clamd, raw: bytes) -> None:
    assert clamd.scanner.scan(raw) == ""


@pytest.mark.parametrize("raw", [MALWARE, zipped(MALWARE, 1), zipped(MALWARE, 4)], ids=["plain", "zip", "zip in zip"])
def test_what_is_found_is_named(clamd: Clamd, raw: bytes) -> None:
    assert clamd.scanner.scan(raw) == FINDING


def test_bytes_that_are_too_many_are_not_taken_for_clean(clamd: Clamd) -> None:
    with pytest.raises(NotScanned):
        clamd.scanner.scan(bytes(4_000_000))


def test_a_scanner_that_is_down_says_how_to_mend_it(clamd: Clamd) -> None:
    clamd.stop()
    with pytest.raises(ScannerDown, match="Start clamd"):
        clamd.scanner.scan(b"x")


def _served(*answers: bytes) -> Scanner:
    """Give a scanner whose server gives these answers, one a connection, whatever it is asked."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with listener:
            for answer in answers:
                link, _ = listener.accept()
                with link:
                    link.recv(65_536)
                    link.sendall(answer)

    threading.Thread(target=serve, daemon=True).start()
    return Scanner(f"127.0.0.1:{listener.getsockname()[1]}", timeout_s=5)


@given(st.binary(max_size=80).filter(lambda raw: raw.split(b"\0")[0].strip() != b"stream: OK"))
def test_nothing_but_the_one_answer_is_clean(answer: bytes) -> None:
    try:
        assert _served(answer, b"PONG\0").scan(b"x") != ""
    except NotScanned:
        return
