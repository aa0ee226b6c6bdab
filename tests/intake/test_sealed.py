"""Encryption at rest: what goes in comes out, and nothing else does."""

import os
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake import sealed
from intake.originals import Damaged, Originals
from intake.sealed import BadKey, Broken, KeyMissing, Keyring, ids, new_key, read_keys, seal, unseal

OLD, NEW = (read_keys(new_key())[0] for _ in range(2))
RING = Keyring((NEW, OLD))


def store(path: Path, *keys: bytes) -> Originals:
    return Originals(path / "originals", ring=Keyring(keys))


@given(st.binary(max_size=300), st.integers(1, 40))
def test_what_is_sealed_comes_back(raw: bytes, chunk: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealed, "_CHUNK", chunk)
        assert unseal(seal(raw, "a" * 64, OLD), "a" * 64, RING) == raw


def test_a_large_original_comes_back() -> None:
    raw = os.urandom(3_000_000)
    assert unseal(seal(raw, "a", NEW), "a", RING) == raw


@given(st.binary(min_size=1, max_size=120), st.data())
def test_any_changed_byte_or_cut_is_seen(raw: bytes, data: st.DataObject) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealed, "_CHUNK", 16)
        whole = seal(raw, "name", OLD)
        at = data.draw(st.integers(0, len(whole) - 1))
        changed = whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :]
        for wrong in (changed, whole[:at], whole + b"x", whole + whole[-17:]):
            with pytest.raises((Broken, KeyMissing)):
                unseal(wrong, "name", RING)
        with pytest.raises(Broken):
            unseal(whole, "other", RING)


def test_chunks_cannot_be_exchanged_or_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed, "_CHUNK", 16)
    whole = seal(b"a" * 16 + b"b" * 16 + b"c" * 16, "name", OLD)
    head, one, two, three = whole[:32], whole[32:64], whole[64:96], whole[96:]
    for wrong in (head + two + one + three, head + one + two, head + one + three, head):
        with pytest.raises(Broken):
            unseal(wrong, "name", RING)


@given(st.binary(max_size=100))
def test_no_bytes_raise_anything_else(junk: bytes) -> None:
    for raw in (junk, sealed.MAGIC + junk):
        with suppress(Broken, KeyMissing):
            unseal(raw, "name", RING)


@given(st.text(max_size=60))
def test_any_text_is_keys_or_a_plain_refusal_that_quotes_nothing(text: str) -> None:
    with suppress(BadKey):
        assert all(len(key) == 32 for key in read_keys(text))


def test_keys_are_read_from_lines_or_commas_and_told_by_their_ids() -> None:
    one, two = new_key(), new_key()
    assert read_keys(f"# made today\n{one}\n\n{two}\n") == read_keys(f"{one},{two}")
    assert len(set(ids(read_keys(f"{one},{two}")))) == 2
    assert one not in repr(Keyring(read_keys(one)))


def test_originals_are_sealed_under_the_digest_of_their_plain_bytes(tmp_path: Path) -> None:
    kept = store(tmp_path, NEW)
    digest = kept.keep(b"codice fiscale RSSMRA80A01H501U")
    (path,) = kept.files()
    assert b"RSSMRA" not in path.read_bytes()
    assert kept.read(digest) == b"codice fiscale RSSMRA80A01H501U"
    assert list(kept.digests()) == [digest]
    assert kept.keep(b"codice fiscale RSSMRA80A01H501U") == digest
    assert kept.verify_all() == ()


def test_what_lies_in_plain_stays_readable_and_can_be_sealed(tmp_path: Path) -> None:
    digest = store(tmp_path).keep(b"raw")
    kept = store(tmp_path, NEW)
    assert kept.read(digest) == b"raw"
    assert kept.keep(b"raw") == digest
    assert kept.sealed_with() == {"": 1}
    assert kept.seal_again(digest)
    assert not kept.seal_again(digest)
    assert kept.sealed_with() == {ids([NEW])[0]: 1}
    assert [p.name for p in kept.files()] == [f"{digest}.sealed"]
    assert kept.read(digest) == b"raw"


def test_a_key_is_rotated_and_the_old_one_no_longer_needed(tmp_path: Path) -> None:
    digest = store(tmp_path, OLD).keep(b"raw")
    assert store(tmp_path, NEW, OLD).seal_again(digest)
    assert store(tmp_path, NEW).read(digest) == b"raw"
    with pytest.raises(KeyMissing, match="not among the keys given"):
        store(tmp_path, OLD).read(digest)


def test_a_missing_key_is_said_plainly_and_is_no_damage(tmp_path: Path) -> None:
    digest = store(tmp_path, OLD).keep(b"raw")
    with pytest.raises(KeyMissing, match="key file"):
        store(tmp_path).read(digest)


def test_a_sealed_original_that_was_changed_is_damaged(tmp_path: Path) -> None:
    kept = store(tmp_path, NEW)
    digest = kept.keep(b"raw")
    (path,) = kept.files()
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(Damaged, match="cannot be decrypted"):
        kept.read(digest)
    assert kept.verify_all() == (digest,)


# Erasing


def test_an_original_is_erased_unless_somebody_needs_it(tmp_path: Path) -> None:
    kept = store(tmp_path, NEW)
    digest = kept.keep(b"raw")
    assert not kept.erase(digest, lambda: True)
    assert kept.read(digest) == b"raw"
    assert kept.erase(digest, lambda: False)
    assert not kept.has(digest)
    assert not kept.erase(digest, lambda: False)
    assert [p for p in kept.root.rglob("*") if p.is_file()] == []


@pytest.mark.parametrize("needed", [True, False])
def test_an_erasure_cut_short_is_finished_either_way(tmp_path: Path, needed: bool) -> None:  # noqa: FBT001
    kept = store(tmp_path, NEW)
    digest = kept.keep(b"raw")

    def die() -> bool:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        kept.erase(digest, die)
    assert kept.undecided() == (digest,)
    assert kept.decide(digest, lambda: needed) is not needed
    assert kept.has(digest) is needed
    assert kept.undecided() == ()


@settings(max_examples=20)
@given(st.lists(st.binary(max_size=20), max_size=5, unique=True))
def test_plain_and_sealed_live_side_by_side(tmp_path_factory: pytest.TempPathFactory, raws: list[bytes]) -> None:
    path = tmp_path_factory.mktemp("o")
    digests = [store(path, *([NEW] if at % 2 else [])).keep(raw) for at, raw in enumerate(raws)]
    assert sorted(digests) == list(store(path, NEW).digests())
    assert [store(path, NEW).read(d) for d in digests] == raws
