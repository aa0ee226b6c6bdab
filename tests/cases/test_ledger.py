import threading
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import InternalError, ProgrammingError

from bench.stubs import delivery, submission
from cases.balance import books
from cases.bins import ITEMS, Bin, Kind, Placed, place
from cases.chain import FIRST, Tip
from cases.database import Database
from cases.late import enter_late
from cases.ledger import append, tip, verify
from cases.store import Store, admit
from cases.submission import Held, Looked, Submission
from checks.validation import Outcome
from intake.receipt import Delivery, MailKind, Origin
from parsers.reading import PageUse, Role

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
DIGEST = "d" * 64


def laid(file: str) -> PageUse:
    return PageUse(file, 1, 1, 0.9, role=Role.FORM)


def loose(file: str, page: int = 1, role: Role = Role.ATTACHMENT) -> PageUse:
    return PageUse(file, page, None, 0.0, role=role, same_as=("x", 1) if role is Role.DUPLICATE else None)


def read(*pages: PageUse, outcome: Outcome = Outcome.READY) -> Submission:
    one = submission(outcome)
    return replace(one, reading=replace(one.reading, pages=pages))


def bins_of(looked: Looked, *numbers: str) -> list[tuple[str, str, str, str]]:
    return [
        (f"{p.kind} {p.document}/{p.page}", p.bin or "", p.target, p.reason)
        for p in place(looked, DIGEST, "x.eml", numbers)
    ]


def take(database: Database, arrived: Delivery, digest: str = DIGEST) -> int:
    with database.transaction() as session:
        receipt_id = admit(session, arrived, digest, NOW)
    assert receipt_id is not None
    return receipt_id


def do(database: Database, statement: str, **values: object) -> None:
    """Change what nobody may change, as somebody with all rights over the database could."""
    with database.transaction() as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))
        session.execute(text(statement), values)


def filled(database: Database, count: int = 4) -> Tip:
    store = Store(database)
    for number in range(count):
        looked = Looked((submission(),), held=(Held(f"{number}.pdf", DIGEST),))
        store.settle(take(database, delivery(f"fax:{number}")), looked, NOW)
    with database.transaction() as session:
        return tip(session)


# Every item in one bin


def test_a_form_page_is_used_and_a_loose_one_is_an_attachment() -> None:
    use = (PageUse("form.pdf", 1, 1, 0.9, form="CMOR", role=Role.FORM), loose("form.pdf", 2))
    looked = Looked((read(*use),), held=(Held("form.pdf", "a" * 64, (1, 2)), Held("card.pdf", "b" * 64, (1,))))
    looked = replace(looked, submissions=(read(*use, loose("card.pdf")),))
    assert bins_of(looked, "2026/0000001") == [
        ("message 0/0", "used", "2026/0000001", ""),
        ("file 1/0", "used", "2026/0000001", ""),
        ("page 1/1", "used", "2026/0000001", ""),
        ("page 1/2", "attachment", "2026/0000001", ""),
        ("file 2/0", "attachment", "2026/0000001", ""),
        ("page 2/1", "attachment", "2026/0000001", ""),
    ]


def test_each_role_has_its_bin() -> None:
    for role, told in {
        Role.BLANK: ("blank", ""), Role.COVER: ("cover", ""), Role.SEPARATOR: ("cover", "separator"),
        Role.DUPLICATE: ("duplicate", ""), Role.UNSURE: ("attachment", "unsure"),
    }.items():  # fmt: skip
        looked = Looked((read(loose("a.pdf", role=role)),), held=(Held("a.pdf", "a" * 64, (1,)),))
        _, bin_, _, reason = bins_of(looked, "2026/0000001")[-1]
        assert (bin_, reason) == told


def test_a_paper_of_two_cases_names_both() -> None:
    paper = loose("card.pdf")
    looked = Looked((read(paper), read(paper)), held=(Held("card.pdf", "b" * 64, (1,)),))
    assert bins_of(looked, "2026/0000001", "2026/0000002")[-1][2] == "2026/0000001, 2026/0000002"


def test_a_page_that_no_submission_has_is_astray_and_said_so() -> None:
    looked = Looked((read(),), held=(Held("form.pdf", "a" * 64, (1,)),))
    assert bins_of(looked, "2026/0000001")[-1] == ("page 1/1", "astray", "", "no submission has this page")


def test_what_cannot_be_used_is_refused_and_a_logo_is_left_out() -> None:
    held = (Held("chiuso.pdf", "a" * 64, (), "refused", "encrypted"), Held("logo.png", "", (), "aside", "logo"))
    found = bins_of(Looked((read(),), held=(*held, Held("due.pdf", "", (), "aside", "duplicate"))), "2026/0000001")
    assert [line[1:] for line in found[1:]] == [
        ("refused", "", "encrypted"),
        ("left_out", "", "logo"),
        ("duplicate", "", "duplicate"),
    ]


@pytest.mark.parametrize(
    ("kind", "bin_"),
    [
        (MailKind.RECEIPT, Bin.RECEIPT),
        (MailKind.BOUNCE, Bin.RECEIPT),
        (MailKind.AUTO_REPLY, Bin.RECEIPT),
        (MailKind.LIST, Bin.LEFT_OUT),
    ],
)
def test_a_mail_that_is_no_request_has_its_bin_and_so_have_its_files(kind: MailKind, bin_: Bin) -> None:
    looked = Looked((), kind=kind, about="<lettera@example.org>", held=(Held("x.pdf", "a" * 64),))
    message, file = bins_of(looked)
    assert message[1] == file[1] == bin_
    assert (message[2] == "<lettera@example.org>") == (bin_ is Bin.RECEIPT)


def test_a_look_that_failed_waits_for_a_person() -> None:
    assert bins_of(Looked((), failure="Aprire l'originale."), "2026/0000001") == [
        ("message 0/0", "waiting", "2026/0000001", "look_failed")
    ]
    assert bins_of(Looked(()), "2026/0000001")[0][1] == "waiting"


def test_a_submission_that_is_no_request_is_refused_beside_one_that_is() -> None:
    looked = Looked(
        (read(laid("a.pdf"), outcome=Outcome.NOT_A_REQUEST), read(laid("b.pdf"))),
        held=(Held("a.pdf", "a" * 64, (1,)), Held("b.pdf", "b" * 64, (1,))),
    )
    found = bins_of(looked, "2026/0000007")
    assert found[2] == ("page 1/1", "refused", "", "NOT_A_REQUEST")
    assert found[4] == ("page 2/1", "used", "2026/0000007", "")


_PAGE = st.builds(PageUse, st.sampled_from(["a", "b"]), st.integers(1, 3), st.sampled_from([None, 1, 2]), st.just(0.5))
_HELD = st.builds(
    Held,
    st.sampled_from(["a", "b", "c"]),
    st.just("e" * 64),
    st.sets(st.integers(1, 3)).map(lambda s: tuple(sorted(s))),
    st.sampled_from(["", "refused", "aside"]),
    st.just("why"),
)


@given(
    st.lists(st.lists(_PAGE, max_size=4), max_size=3),
    st.lists(_HELD, max_size=3, unique_by=lambda h: h.name),
    st.sampled_from(list(MailKind)),
)
def test_whatever_was_looked_at_each_item_is_in_exactly_one_bin(
    uses: list[list[PageUse]], held: list[Held], kind: MailKind
) -> None:
    looked = Looked(tuple(read(*pages) for pages in uses), held=tuple(held), kind=kind)
    placed = place(looked, DIGEST, "x.eml", [f"2026/000000{n}" for n in range(1, len(uses) + 1)])
    items = [(p.kind, p.document, p.page) for p in placed]
    assert len(items) == len(set(items))
    assert all(p.bin in Bin and p.kind in ITEMS for p in placed)
    pages = {(at, n) for at, h in enumerate(held, 1) if not h.fate for n in h.pages}
    assert {(d, n) for kind_, d, n in items if kind_ is Kind.PAGE} == pages


# The chain


def test_the_lines_of_a_receipt_come_with_its_case_and_its_register_line(database: Database) -> None:
    end = filled(database, 1)
    with database.transaction() as session:
        rows = session.execute(text("SELECT kind, bin, target FROM ledger_entry ORDER BY seq")).all()
    assert [tuple(row) for row in rows] == [
        ("message", "used", "2026/0000001"),
        ("file", "used", "2026/0000001"),
        ("registered", "", "2026/0000001"),
    ]
    assert end.count == 3
    assert verify(database) == ()
    assert books(database).discrepancies == ()


def test_an_empty_ledger_is_whole(database: Database) -> None:
    assert verify(database) == ()
    with database.transaction() as session:
        assert tip(session) == Tip(0, FIRST)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("UPDATE ledger_entry SET bin = 'blank' WHERE seq = 4", "line 4 was changed"),
        ("UPDATE ledger_entry SET name = 'other.pdf' WHERE seq = 4", "seal does not fit"),
        ("DELETE FROM ledger_entry WHERE seq = 4", "line 4 is missing"),
        ("DELETE FROM ledger_entry WHERE seq = (SELECT max(seq) FROM ledger_entry)", "cut off or added"),
        (
            "UPDATE ledger_entry SET seq = CASE seq WHEN 4 THEN 99 ELSE 4 END WHERE seq IN (4, 7)",
            "line 4 does not follow",
        ),
        ("UPDATE register_line SET sender = 'another' WHERE number = 2", "register's line 2026/0000002 was changed"),
        ("DELETE FROM register_line WHERE number = 2", "the register has no number 2026/0000002"),
    ],
)
def test_whatever_is_changed_behind_our_back_is_seen(database: Database, change: str, words: str) -> None:
    filled(database)
    do(database, change)
    assert any(words in sentence for sentence in verify(database)), verify(database)


def test_a_tail_cut_off_together_with_the_tip_is_seen_by_the_tip_noted_elsewhere(database: Database) -> None:
    end = filled(database)
    do(database, "DELETE FROM ledger_entry WHERE seq > 6")
    do(database, "UPDATE ledger_tip SET count = 6, hash = (SELECT hash FROM ledger_entry WHERE seq = 6)")
    assert verify(database) == ()
    assert verify(database, [end]) == (f"line {end.count} was noted and is missing: the ledger was cut off",)


def test_a_ledger_written_anew_is_seen_by_the_tip_noted_elsewhere(database: Database) -> None:
    end = filled(database)
    assert verify(database, [end]) == ()
    (wrong,) = verify(database, [Tip(5, "a" * 64)])
    assert "written anew" in wrong


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger_entry SET bin = 'blank'",
        "UPDATE ledger_entry SET name = 'x', salt = ''",
        "UPDATE ledger_entry SET name = '', salt = '', bin = 'blank'",
        "DELETE FROM ledger_entry",
        "TRUNCATE ledger_entry",
    ],
)
def test_the_database_itself_lets_nobody_change_a_line(database: Database, change: str) -> None:
    filled(database, 1)
    with pytest.raises((InternalError, ProgrammingError), match="append-only"), database.transaction() as session:
        session.execute(text(change))


def test_erasing_a_name_leaves_the_chain_whole(database: Database) -> None:
    end = filled(database)
    with database.transaction() as session:
        session.execute(text("UPDATE ledger_entry SET name = '', salt = '' WHERE seq > 1"))
        session.execute(text("UPDATE register_line SET sender = '', subject = '', salt = ''"))
    assert verify(database, [end]) == ()


def test_eight_at_once_chain_without_a_gap(database: Database) -> None:
    store = Store(database)
    receipts = [take(database, delivery(f"fax:{number}")) for number in range(48)]
    kinds = [Looked((submission(),)), Looked((), kind=MailKind.BOUNCE), Looked((submission(), submission()))]

    def work(mine: list[int]) -> None:
        for receipt_id in mine:
            store.settle(receipt_id, kinds[receipt_id % 3], NOW)

    threads = [threading.Thread(target=work, args=(receipts[at::8],)) for at in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert verify(database) == ()
    stated = books(database)
    assert stated.discrepancies == ()
    assert sum(stated.bins.values()) == 48


def test_a_rollback_leaves_no_gap(database: Database) -> None:
    def tear() -> None:
        with database.transaction() as session:
            append(session, None, [Placed(Kind.NOTED, None, "", reason="x")], NOW)
            raise InterruptedError

    filled(database, 1)
    with pytest.raises(InterruptedError):
        tear()
    filled_end = Store(database).settle(take(database, delivery("fax:x")), Looked(()), NOW)
    assert len(filled_end) == 1
    assert verify(database) == ()


@given(st.text(max_size=80))
def test_any_text_is_a_tip_or_a_value_error(words: str) -> None:
    with suppress(ValueError):
        assert Tip.parse(words).count >= 0


def test_what_was_settled_before_the_ledger_is_entered_once(database: Database) -> None:
    filled(database)
    Store(database).settle(take(database, delivery("fax:ad")), Looked((), kind=MailKind.LIST), NOW)
    for table in ("ledger_entry", "ledger_tip"):
        do(database, f"DELETE FROM {table}")  # noqa: S608  our own words
    assert len(books(database).discrepancies) == 5
    assert enter_late(database, NOW) == 5
    assert enter_late(database, NOW) == 0
    assert books(database).discrepancies == ()
    assert verify(database) == ()


# The books


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("DELETE FROM ledger_entry WHERE kind = 'message' AND receipt_id = :first", "has no line in the ledger"),
        ("DELETE FROM case_ WHERE number = 1", "has no case and no reason"),
        ("DELETE FROM case_ WHERE number = 2", "number 2026/2 of the register has no case"),
        ("DELETE FROM case_ WHERE number = 2", "names a case that is not there"),
        ("DELETE FROM register_line WHERE number = 2", "case 2026/2 is not in the register"),
        ("DELETE FROM register_line WHERE number = 2", "number 2026/2 of the register is missing"),
        ("UPDATE ledger_entry SET bin = 'astray' WHERE seq = 2", "read and put nowhere"),
        ("UPDATE ledger_entry SET document = 0, kind = 'message' WHERE seq = 2", "in more than one bin"),
    ],
)
def test_what_does_not_fit_is_a_discrepancy_with_a_remedy(database: Database, change: str, words: str) -> None:
    filled(database)
    do(database, "DELETE FROM case_step")
    with database.transaction() as session:
        first = session.execute(text("SELECT min(id) FROM receipt")).scalar_one()
    do(database, change, **({"first": first} if ":first" in change else {}))
    found = books(database).discrepancies
    assert any(words in d.wrong for d in found), found
    assert all(d.remedy for d in found)


# A mailbox that is numbered anew


def mail(validity: int, uid: int, box: str = "imap:u@h/INBOX") -> Delivery:
    return replace(delivery(), origin=Origin(f"{box}/{validity}/{uid}"))


def test_a_mailbox_numbered_anew_doubles_no_case_and_the_ledger_notes_it(database: Database) -> None:
    first = take(database, mail(1, 7))
    Store(database).settle(first, Looked((submission(),)), NOW)
    with database.transaction() as session:
        assert admit(session, mail(2, 1), DIGEST, NOW) is None
    with database.transaction() as session:
        assert admit(session, mail(2, 1), DIGEST, NOW) is None  # again, after a crash before it was settled
    with database.transaction() as session:
        bins = session.execute(text("SELECT target, reason FROM ledger_entry WHERE bin = 'duplicate'")).all()
    assert [tuple(row) for row in bins] == [(f"receipt {first}", "mailbox_numbered_anew")]
    assert books(database).discrepancies == ()
    assert verify(database) == ()


def test_two_mails_of_the_same_bytes_stay_two_and_a_third_is_new(database: Database) -> None:
    take(database, mail(1, 1))
    take(database, mail(1, 2))
    with database.transaction() as session:
        assert [admit(session, mail(9, uid), DIGEST, NOW) is None for uid in (1, 2, 3)] == [True, True, False]


def test_another_mailbox_or_a_folder_below_is_another_place(database: Database) -> None:
    take(database, mail(1, 1))
    take(database, mail(2, 1, "imap:u@h/INBOX/Sotto"))
    take(database, mail(2, 1, "imap:v@h/INBOX"))
