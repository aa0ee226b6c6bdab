import fcntl
import io
import json
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from intake.fax import FaxTray
from intake.headers import handed_over
from intake.maildrop import MailDrop
from intake.receipt import Channel, Delivery
from intake.scans import ScanFolder
from intake.sidecar import read_sidecar
from intake.source import HEADERS_ONLY, NotSettled, SourceDown
from intake.tray import TrayOptions
from intake.whole import flaw, tiff_pages

PDF = b"%PDF-1.7\nstartxref\n9\n%%EOF\n"
ROME = ZoneInfo("Europe/Rome")


def tiff(pages: int = 3, compression: str = "group4") -> bytes:
    sheets = [Image.new("1", (200, 100), number % 2) for number in range(pages)]
    buffer = io.BytesIO()
    sheets[0].save(buffer, "TIFF", save_all=True, append_images=sheets[1:], compression=compression)
    return buffer.getvalue()


def picture(kind: str) -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise((60, 40), 50).save(buffer, kind)
    return buffer.getvalue()


def put(folder: Path, name: str, raw: bytes, age: float = 60.0) -> Path:
    path = folder / name
    path.write_bytes(raw)
    os.utime(path, (time.time() - age, time.time() - age))
    return path


def names(deliveries: Iterator[Delivery]) -> list[str]:
    return [delivery.name for delivery in deliveries]


def test_scans_of_all_kinds_are_taken_oldest_first_and_moved(tmp_path: Path) -> None:
    put(tmp_path, "b.pdf", PDF, age=50)
    put(tmp_path, "a.png", picture("PNG"), age=40)
    put(tmp_path, "z.jpg", picture("JPEG"), age=90)
    put(tmp_path, "c.tif", tiff(), age=30)
    folder = ScanFolder(TrayOptions(tmp_path, name="sala"))
    deliveries = list(folder.waiting())
    assert names(iter(deliveries)) == ["z.jpg", "b.pdf", "a.png", "c.tif"]
    assert {delivery.channel for delivery in deliveries} == {Channel.POST}
    assert deliveries[1].origin == f"scans:sala/b.pdf/{deliveries[1].digest}"
    for delivery in deliveries:
        folder.settle(delivery)
    assert not list(folder.waiting())
    assert {path.name for path in (tmp_path / "done").iterdir()} == {"z.jpg", "b.pdf", "a.png", "c.tif"}
    assert (tmp_path / "done" / "b.pdf").read_bytes() == PDF
    assert not folder.problems()


def test_a_file_that_grows_is_taken_when_it_is_whole(tmp_path: Path) -> None:
    raw, path = tiff(), tmp_path / "grows.tif"
    folder = ScanFolder(TrayOptions(tmp_path, quiet_seconds=0.0))
    for end in range(0, len(raw), max(1, len(raw) // 40)):
        path.write_bytes(raw[:end])
        assert not list(folder.waiting()), f"taken with {end} of {len(raw)} bytes"
    path.write_bytes(raw)
    assert [delivery.raw for delivery in folder.waiting()] == [raw]
    assert not folder.problems()


def test_a_fresh_file_waits_for_its_quiet_time(tmp_path: Path) -> None:
    put(tmp_path, "a.pdf", PDF, age=0.0)
    folder = ScanFolder(TrayOptions(tmp_path, quiet_seconds=0.3))
    assert not list(folder.waiting())
    time.sleep(0.35)
    assert names(folder.waiting()) == ["a.pdf"]


def test_a_file_from_the_future_is_taken_once_it_rests(tmp_path: Path) -> None:
    put(tmp_path, "a.pdf", PDF, age=-5000.0)
    folder = ScanFolder(TrayOptions(tmp_path, quiet_seconds=0.1))
    assert not list(folder.waiting())
    time.sleep(0.15)
    assert names(folder.waiting()) == ["a.pdf"]


def test_a_file_under_the_writers_lock_waits(tmp_path: Path) -> None:
    path = put(tmp_path, "fax.tif", tiff())
    tray = FaxTray(TrayOptions(tmp_path))
    with path.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert not list(tray.waiting())
    assert names(tray.waiting()) == ["fax.tif"]


def test_a_truncated_tiff_is_a_problem_and_never_taken(tmp_path: Path) -> None:
    raw = tiff(3, "raw")
    for part in (10, 50, 90, 99):
        put(tmp_path, f"cut{part}.tif", raw[: len(raw) * part // 100], age=7200)
    put(tmp_path, "whole.tif", raw)
    tray = FaxTray(TrayOptions(tmp_path))
    assert names(tray.waiting()) == ["whole.tif"]
    assert {problem.name for problem in tray.problems()} == {"cut10.tif", "cut50.tif", "cut90.tif", "cut99.tif"}
    assert all("incomplete" in problem.reason for problem in tray.problems())


def test_links_pipes_and_folders_are_reported_and_stop_nothing(tmp_path: Path) -> None:
    secret = put(tmp_path.parent, "secret.pdf", PDF)
    (tmp_path / "link.pdf").symlink_to(secret)
    os.mkfifo(tmp_path / "pipe.pdf")
    (tmp_path / "folder").mkdir()
    put(tmp_path, "good.pdf", PDF)
    put(tmp_path, "letter.txt", b"just words")
    put(tmp_path, ".hidden.pdf", PDF)
    put(tmp_path, "half.pdf.part", PDF)
    folder = ScanFolder(TrayOptions(tmp_path))
    assert names(folder.waiting()) == ["good.pdf"]
    reasons = {problem.name: problem.reason for problem in folder.problems()}
    assert "symbolic link" in reasons["link.pdf"]
    assert "pipe" in reasons["pipe.pdf"]
    assert "folder" in reasons["folder"]
    assert "not a PDF" in reasons["letter.txt"]
    assert len(reasons) == 4


def test_a_file_over_the_limit_is_a_problem(tmp_path: Path) -> None:
    put(tmp_path, "big.pdf", PDF * 10)
    folder = ScanFolder(TrayOptions(tmp_path, size_limit=100))
    assert not list(folder.waiting())
    assert "larger than 100 bytes" in folder.problems()[0].reason


def test_the_same_name_again_overwrites_nothing(tmp_path: Path) -> None:
    folder = ScanFolder(TrayOptions(tmp_path))
    origins = set()
    for number in range(3):
        put(tmp_path, "0001.pdf", PDF + b"%d" % number)
        for delivery in folder.waiting():
            origins.add(delivery.origin)
            folder.settle(delivery)
    assert len(origins) == 3
    kept = {path.name: path.read_bytes() for path in (tmp_path / "done").iterdir()}
    assert kept == {"0001.pdf": PDF + b"0", "0001-2.pdf": PDF + b"1", "0001-3.pdf": PDF + b"2"}


def test_a_file_replaced_before_settling_stays_for_the_next_round(tmp_path: Path) -> None:
    put(tmp_path, "0001.pdf", PDF)
    folder = ScanFolder(TrayOptions(tmp_path))
    (delivery,) = folder.waiting()
    put(tmp_path, "0001.pdf", PDF + b"new")
    with pytest.raises(NotSettled, match="replaced"):
        folder.settle(delivery)
    assert [delivery.raw for delivery in folder.waiting()] == [PDF + b"new"]


def test_a_crash_in_the_middle_of_a_move_leaves_one_file(tmp_path: Path) -> None:
    path = put(tmp_path, "0001.pdf", PDF)
    (tmp_path / "done").mkdir()
    os.link(path, tmp_path / "done" / "0001.pdf")
    folder = ScanFolder(TrayOptions(tmp_path))
    for delivery in folder.waiting():
        folder.settle(delivery)
    assert [p.name for p in (tmp_path / "done").iterdir()] == ["0001.pdf"]
    assert not path.exists()


def test_settling_what_was_not_read_here_is_refused(tmp_path: Path) -> None:
    put(tmp_path, "0001.pdf", PDF)
    (delivery,) = ScanFolder(TrayOptions(tmp_path)).waiting()
    with pytest.raises(NotSettled):
        ScanFolder(TrayOptions(tmp_path)).settle(delivery)


def test_a_tray_that_is_not_there_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SourceDown, match="Create the folder"):
        list(ScanFolder(TrayOptions(tmp_path / "missing")).waiting())


@pytest.mark.parametrize(
    ("name", "note"),
    [
        ("0042.json", json.dumps({"sender": "+390612345", "received_at": "2026-10-25T02:30:00", "pages": 3})),
        ("0042.txt", "Sender = +390612345\nreceived_at=2026-10-25 02:30:00\npages=3\nother=x\n"),
        ("0042.tif.info", "mittente: +390612345\nricevuto: 2026-10-25T00:30:00Z\npagine: 3\n"),
    ],
)
def test_the_note_beside_a_fax_says_who_and_when(tmp_path: Path, name: str, note: str) -> None:
    put(tmp_path, "0042.tif", tiff())
    put(tmp_path, name, note.encode())
    tray = FaxTray(TrayOptions(tmp_path))
    (delivery,) = tray.waiting()
    assert delivery.channel is Channel.FAX
    assert delivery.sender == "+390612345"
    assert delivery.received_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert delivery.facts == {"pages": "3"}
    tray.settle(delivery)
    assert {path.name for path in (tmp_path / "done").iterdir()} == {"0042.tif", name}
    assert not tray.problems()


def test_a_fax_without_note_was_received_when_its_file_was_finished(tmp_path: Path) -> None:
    path = put(tmp_path, "0042.tif", tiff(), age=600)
    (delivery,) = FaxTray(TrayOptions(tmp_path)).waiting()
    assert delivery.received_at == datetime.fromtimestamp(path.stat().st_mtime, UTC)
    assert delivery.sender == ""


def hylafax(sender: str, at: str) -> bytes:
    buffer = io.BytesIO()
    tags = {270: sender, 305: "HylaFAX (tm) Version 6.0.7", 306: at}
    Image.new("1", (1728, 100), 1).save(buffer, "TIFF", compression="group3", tiffinfo=tags)
    return buffer.getvalue()


def test_a_hylafax_tray_says_in_its_files_who_and_when(tmp_path: Path) -> None:
    put(tmp_path, "fax000000042.tif", hylafax("+39 011 5550 9922", "2026:10:16 15:58:03"))
    put(tmp_path, "seqf", b"43")
    with (tmp_path / "fax000000043.tif").open("wb") as receiving:  # made under its final name, and locked meanwhile
        receiving.write(hylafax("+39 06 1", "2026:10:16 16:00:00"))
        receiving.flush()
        os.utime(receiving.name, (time.time() - 60, time.time() - 60))
        fcntl.flock(receiving, fcntl.LOCK_EX)
        tray = FaxTray(TrayOptions(tmp_path))
        (delivery,) = tray.waiting()
        assert (delivery.name, delivery.sender) == ("fax000000042.tif", "+39 011 5550 9922")
        assert delivery.received_at == datetime(2026, 10, 16, 13, 58, 3, tzinfo=UTC)
        assert not tray.problems()
        tray.settle(delivery)
        assert tray.census().waiting == 1
    assert names(FaxTray(TrayOptions(tmp_path)).waiting()) == ["fax000000043.tif"]
    assert (tmp_path / "seqf").read_bytes() == b"43"


@pytest.mark.parametrize("at", ["", "2026:13:45 99:00:00", "ieri", "0001:01:01 00:00:00"])
def test_a_hylafax_time_that_is_none_is_that_of_the_file(tmp_path: Path, at: str) -> None:
    path = put(tmp_path, "fax1.tif", hylafax("X", at))
    (delivery,) = FaxTray(TrayOptions(tmp_path)).waiting()
    assert delivery.received_at == datetime.fromtimestamp(path.stat().st_mtime, UTC)


def test_a_bad_note_is_reported_and_the_fax_is_taken(tmp_path: Path) -> None:
    put(tmp_path, "0042.tif", tiff())
    put(tmp_path, "0042.json", b'{"sender": ')
    put(tmp_path, "0099.json", b'{"sender": "1"}', age=7200)
    tray = FaxTray(TrayOptions(tmp_path))
    assert names(tray.waiting()) == ["0042.tif"]
    assert {problem.name for problem in tray.problems()} == {"0042.json", "0099.json"}


def test_a_note_that_is_being_written_holds_its_fax_back(tmp_path: Path) -> None:
    put(tmp_path, "0042.tif", tiff())
    put(tmp_path, "0042.json", b'{"sender": ', age=0.0)
    tray = FaxTray(TrayOptions(tmp_path, quiet_seconds=30.0))
    assert not list(tray.waiting())
    assert not tray.problems()


def test_a_folder_of_mails(tmp_path: Path) -> None:
    put(tmp_path, "uno.eml", b"From: a@example.com\n\nciao\n")
    drop = MailDrop(TrayOptions(tmp_path), Channel.PEC)
    (delivery,) = drop.waiting()
    assert (delivery.name, delivery.channel) == ("uno.eml", Channel.PEC)
    drop.settle(delivery)
    assert (tmp_path / "done" / "uno.eml").exists()


def test_a_maildir_is_read_in_new_and_cur_whatever_its_flags(tmp_path: Path) -> None:
    for name in ("new", "cur", "tmp"):
        (tmp_path / name).mkdir()
    put(tmp_path / "new", "1700.M1P1.host", b"From: a@example.com\n\nuno\n", age=0.0)
    put(tmp_path / "cur", "1600.M1P1.host:2,S", b"From: b@example.com\n\ndue\n", age=0.0)
    put(tmp_path / "tmp", "1800.M1P1.host", b"From: c@example.com\n\ntre\n", age=0.0)
    drop = MailDrop(TrayOptions(tmp_path))
    deliveries = list(drop.waiting())
    assert [delivery.name for delivery in deliveries] == ["1700.M1P1.host.eml", "1600.M1P1.host.eml"]
    assert "host/" in deliveries[1].origin
    for delivery in deliveries:
        drop.settle(delivery)
    assert not list(drop.waiting())
    assert len(list((tmp_path / "done").iterdir())) == 2


def test_a_mail_over_the_limit_is_taken_with_its_headers(tmp_path: Path) -> None:
    put(tmp_path, "big.eml", b"From: a@example.com\r\nSubject: x\r\n\r\n" + b"x" * 5000)
    drop = MailDrop(TrayOptions(tmp_path, size_limit=1000))
    (delivery,) = drop.waiting()
    assert delivery.name == "big" + HEADERS_ONLY
    assert delivery.raw == b"From: a@example.com\r\nSubject: x\r\n\r\n"
    assert delivery.facts == {"too_big": "5035"}
    drop.settle(delivery)
    assert (tmp_path / "done" / "big.eml").stat().st_size == 5035


@pytest.mark.parametrize("compression", ["group3", "group4", "raw", "tiff_lzw"])
def test_a_tiff_cut_anywhere_is_seen(compression: str) -> None:
    raw = tiff(3, compression)
    assert flaw(raw) == ""
    assert tiff_pages(raw) == 3
    # The library that writes the sample pads it with up to 16 zeros.
    assert all(flaw(raw[:end]) for end in range(4, len(raw)) if raw[end:].strip(b"\0") or len(raw) - end > 16)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_cut_anywhere_is_seen(kind: str) -> None:
    raw = picture(kind)
    assert flaw(raw) == ""
    assert all(flaw(raw[:end]) for end in range(12, len(raw) - 1))


def test_a_tiff_whose_pages_go_round_is_seen() -> None:
    raw = b"II*\0\x08\0\0\0\0\0\x08\0\0\0"
    assert flaw(raw)
    assert tiff_pages(raw) == 0


@settings(max_examples=300)
@given(
    st.binary(max_size=200), st.sampled_from([b"II*\0", b"MM\0*", b"II+\0\x08\0\0\0", b"%PDF-", b"\xff\xd8\xff", b""])
)
def test_no_bytes_raise(raw: bytes, start: bytes) -> None:
    assert isinstance(flaw(start + raw), str)
    assert tiff_pages(start + raw) >= 0


@settings(max_examples=200)
@given(
    st.one_of(st.binary(max_size=200), st.text(max_size=100).map(str.encode)), st.sampled_from([b"", b"{", b"date="])
)
def test_no_note_raises_anything_but_value_error(raw: bytes, start: bytes) -> None:
    try:
        note = read_sidecar(start + raw, ROME)
    except ValueError:
        return
    assert note.received_at is None or note.received_at.tzinfo is UTC


def test_a_letters_note_tells_when_it_arrived(tmp_path: Path) -> None:
    put(tmp_path, "letter.png", picture("PNG"))
    put(tmp_path, "letter.png.json", b'{"received_at": "2026-10-05T09:00:00+02:00"}')
    (delivery,) = ScanFolder(TrayOptions(tmp_path, quiet_seconds=0)).waiting()
    assert delivery.received_at == datetime(2026, 10, 5, 7, tzinfo=UTC)
    assert delivery.channel is Channel.POST


RECEIVED = (
    b"Received: from a by b;\r\n\tMon, 5 Oct 2026 09:00:00 +0200\r\n"
    b"Received: from c by a; Sun, 4 Oct 2026 09:00:00 +0200\r\n"
)


def test_a_mail_was_received_when_our_server_took_it(tmp_path: Path) -> None:
    put(tmp_path, "a.eml", RECEIVED + b"Subject: x\r\n\r\nciao")
    (delivery,) = MailDrop(TrayOptions(tmp_path, quiet_seconds=0)).waiting()
    assert delivery.received_at == datetime(2026, 10, 5, 7, tzinfo=UTC)


@given(st.binary(max_size=300))
def test_no_header_stops_the_clock(junk: bytes) -> None:
    found = handed_over(b"Received: x; " + junk)
    assert found is None or found.tzinfo is not None
