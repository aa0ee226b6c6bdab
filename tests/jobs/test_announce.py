"""Webhooks over a real server: signed, repeated until taken, in order for each case, and never into the house."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from bench.stubs import delivery, submission
from cases import hooks, lease
from cases.hook_address import BadAddress, check_address
from cases.hook_secrets import at_rest, in_plain, in_plain_at_rest, seal_secrets
from cases.hook_tables import EndpointRow
from cases.hooks import Message
from cases.register import RegisterNumber
from cases.store import admit
from cases.submission import Looked
from intake.originals import Originals
from intake.sealed import Broken, Keyring, new_key, read_keys
from jobs.announce import MOST_ATTEMPTS, announce_round, wait_s
from jobs.app import Wiring
from jobs.hook_door import HookOptions, headers_of, tell
from tests.jobs.receiver import Receiver, receiving


class Clock:
    """A clock that is set by hand, as retries take days."""

    def __init__(self, start: datetime) -> None:
        self.at = start

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as at:
        yield at


@pytest.fixture
def house(wiring: Wiring) -> Wiring:
    return replace(wiring, hooks=HookOptions(inside=True, timeout_s=5), now=Clock(wiring.now()))


def later(house: Wiring, seconds: float) -> None:
    assert isinstance(house.now, Clock)
    house.now.at += timedelta(seconds=seconds)


def listen(house: Wiring, url: str, *events: str) -> tuple[int, str]:
    with house.database.transaction() as session:
        endpoint, secret = hooks.add_endpoint(session, url, events, house.now(), house.originals.ring, inside=True)
    return endpoint.id, secret


def born(house: Wiring, origin: str = "1") -> None:
    with house.database.transaction() as session:
        receipt = admit(session, delivery(origin), "d" * 64, house.now())
    assert receipt is not None
    house.store.settle(receipt, Looked((submission(),)), house.now())


def finish(house: Wiring) -> None:
    """Take the oldest case and close it: two more steps."""
    with house.database.transaction() as session:
        (taken,) = lease.claim(session, "one", house.now(), 60)
        lease.complete(session, lease.Hold("one", RegisterNumber.parse(taken.case.number), taken.token), house.now())


def rounds(house: Wiring, most: int = 20) -> None:
    async def run() -> None:
        for _ in range(most):
            if not await announce_round(house):
                return

    asyncio.run(run())


def test_every_step_is_told_once_in_order_and_signed(house: Wiring, receiver: Receiver) -> None:
    _, secret = listen(house, receiver.url)
    born(house)
    finish(house)
    rounds(house)
    rounds(house)
    assert receiver.told() == [("2026/0000001", event) for event in ("born", "taken", "closed")]
    for headers, body in receiver.came:
        assert Webhook(secret).verify(body, headers)["type"].startswith("case.")
        with pytest.raises(WebhookVerificationError):
            Webhook(hooks.new_secret()).verify(body, headers)


def test_nothing_but_number_and_state_is_told(house: Wiring, receiver: Receiver) -> None:
    listen(house, receiver.url)
    born(house)
    rounds(house)
    ((_, body),) = receiver.came
    assert b'"data":{"number":"2026/0000001","state":"queued","event":"born"}' in body


def test_what_is_not_taken_comes_again_under_the_same_id(house: Wiring, receiver: Receiver) -> None:
    listen(house, receiver.url)
    born(house)
    finish(house)
    receiver.statuses = [500, 302, 429]
    for wait in (0, 7, 30, 120, 600):
        later(house, wait)
        rounds(house)
    names = [headers["webhook-id"] for headers, _ in receiver.came]
    assert [event for _, event in receiver.told()] == ["born", "born", "born", "born", "taken", "closed"]
    assert len(set(names)) == 3
    assert len({body for _, body in receiver.came[:4]}) == 1


def test_another_case_does_not_wait_for_one_that_fails(house: Wiring, receiver: Receiver) -> None:
    listen(house, receiver.url)
    born(house, "1")
    born(house, "2")
    receiver.statuses = [500]
    rounds(house)
    assert receiver.told() == [("2026/0000001", "born")]
    later(house, 6.5)
    rounds(house)
    assert sorted(receiver.told()[1:]) == [("2026/0000001", "born"), ("2026/0000002", "born")]


def test_what_nobody_takes_is_dead_and_can_be_replayed(house: Wiring, receiver: Receiver) -> None:
    endpoint, _ = listen(house, receiver.url)
    born(house)
    receiver.statuses = [503] * MOST_ATTEMPTS
    for _ in range(MOST_ATTEMPTS + 2):
        rounds(house)
        later(house, 60_000)
    assert len(receiver.came) == MOST_ATTEMPTS
    with house.database.transaction() as session:
        (dead,) = hooks.dead(session)
        assert (dead.attempts, dead.failure, dead.event) == (MOST_ATTEMPTS, "status 503", "born")
        assert hooks.replay(session, endpoint, house.now()) == 1
    rounds(house)
    assert len({headers["webhook-id"] for headers, _ in receiver.came}) == 1
    with house.database.transaction() as session:
        assert hooks.dead(session) == ()


def test_a_receiver_that_is_gone_is_told_nothing_more(house: Wiring, receiver: Receiver) -> None:
    listen(house, receiver.url)
    born(house, "1")
    receiver.statuses = [410]
    rounds(house)
    born(house, "2")
    later(house, 100_000)
    rounds(house)
    assert len(receiver.came) == 1
    with house.database.transaction() as session:
        (ended,) = hooks.endpoints(session)
    assert "410" in ended.ending


def test_a_receiver_says_how_long_to_wait(house: Wiring, receiver: Receiver) -> None:
    listen(house, receiver.url)
    born(house)
    receiver.statuses, receiver.more = [429], {"retry-after": "1000"}
    for wait, calls in ((0, 1), (900, 1), (101, 2)):
        later(house, wait)
        rounds(house)
        assert len(receiver.came) == calls


def test_only_what_is_asked_for_and_only_from_then_on(house: Wiring, receiver: Receiver) -> None:
    born(house, "1")
    rounds(house)
    later(house, 1)
    listen(house, receiver.url, "closed")
    finish(house)
    rounds(house)
    assert receiver.told() == [("2026/0000001", "closed")]


def test_a_new_secret_and_the_former_sign_for_a_day(house: Wiring, receiver: Receiver) -> None:
    endpoint, former = listen(house, receiver.url)
    with house.database.transaction() as session:
        secret = hooks.rotate(session, endpoint, house.now(), house.originals.ring)
    born(house)
    rounds(house)
    ((headers, body),) = receiver.came
    for one in (secret, former):
        assert Webhook(one).verify(body, headers)
    later(house, 90_000)
    born(house, "2")
    rounds(house)
    assert len(receiver.came[1][0]["webhook-signature"].split(" ")) == 1


def keyed(house: Wiring, *keys: bytes) -> Wiring:
    originals = house.originals
    return replace(house, originals=Originals(originals.root, originals.spare, Keyring(keys)))


def kept(house: Wiring) -> str:
    with house.database.transaction() as session:
        return " ".join(f"{row.secret} {row.former}" for row in session.scalars(select(EndpointRow)))


OLD, NEW = (read_keys(new_key())[0] for _ in range(2))


def test_secrets_are_sealed_at_rest_with_the_current_key_and_still_sign(house: Wiring, receiver: Receiver) -> None:
    endpoint, former = listen(house, receiver.url)
    assert former in kept(house), "without a key there is nothing to seal with"
    with house.database.transaction() as session:
        assert in_plain_at_rest(session) == 1
        assert seal_secrets(session, Keyring((OLD,))) == 1
        secret = hooks.rotate(session, endpoint, house.now(), Keyring((OLD,)))
    for ring in ((OLD,), (NEW, OLD)):
        with house.database.transaction() as session:
            changed = seal_secrets(session, Keyring(ring))
            assert (changed, seal_secrets(session, Keyring(ring))) == (ring[0] == NEW, 0)
            assert in_plain_at_rest(session) == 0
    assert "whsec_" not in kept(house)
    born(house)
    rounds(keyed(house, NEW))
    ((headers, body),) = receiver.came
    for one in (secret, former):
        assert Webhook(one).verify(body, headers)


def test_without_the_key_nothing_is_sent_unsigned_and_nothing_is_lost(house: Wiring, receiver: Receiver) -> None:
    listen(keyed(house, OLD), receiver.url)
    born(house)
    for ring in ((NEW,), ()):
        with house.database.transaction() as session:
            assert seal_secrets(session, Keyring(ring)) == 0
        later(house, 3600)
        rounds(keyed(house, *ring))
    assert receiver.came == []
    later(house, 3600)
    rounds(keyed(house, NEW, OLD))
    assert receiver.told() == [("2026/0000001", "born")]


@given(st.text(max_size=80), st.text(max_size=40))
def test_a_sealed_secret_opens_under_its_own_address_only(secret: str, url: str) -> None:
    ring = Keyring((NEW, OLD))
    sealed = at_rest(secret, url, ring)
    assert in_plain(sealed, url, ring) == secret
    if secret:
        for wrong in (sealed[:-4], sealed.replace("sealed:", "sealed:A")):
            with pytest.raises(Broken):
                in_plain(wrong, url, ring)
        with pytest.raises(Broken):
            in_plain(sealed, f"{url}/", ring)


def test_whoever_dies_with_messages_in_hand_gives_them_back(house: Wiring, receiver: Receiver) -> None:
    listen(house, receiver.url)
    born(house)
    with house.database.transaction() as session:
        hooks.announce(session, house.now())
    with house.database.transaction() as session:
        assert len(hooks.take_due(session, house.now(), timedelta(seconds=30), house.originals.ring)) == 1
    rounds(house)
    assert receiver.came == []
    later(house, 31)
    rounds(house)
    assert len(receiver.came) == 1


def test_a_step_that_is_rolled_back_is_never_told(house: Wiring, receiver: Receiver) -> None:
    listen(house, receiver.url)
    born(house)
    with house.database.transaction() as session:
        lease.claim(session, "one", house.now(), 60)
        session.rollback()
    rounds(house)
    assert receiver.told() == [("2026/0000001", "born")]


def test_two_announcers_tell_nothing_twice(house: Wiring, receiver: Receiver) -> None:
    listen(house, receiver.url)
    for origin in range(10):
        born(house, str(origin))

    async def both() -> None:
        for _ in range(4):
            await asyncio.gather(announce_round(house), announce_round(house))

    asyncio.run(both())
    assert len(receiver.came) == len(set(receiver.told())) == 10


def message(url: str) -> Message:
    at = datetime.fromisoformat("2026-11-24T12:00:00+00:00")
    return Message(1, 1, url, (hooks.new_secret(),), 1, RegisterNumber(2026, 1), "born", "queued", at, 1)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "10.1.2.3", "169.254.169.254", "[::ffff:127.0.0.1]", "[fd00::1]"],
)
def test_no_machine_of_the_house_is_called(receiver: Receiver, host: str) -> None:
    url = f"https://{host}:{receiver.port}/"
    told = asyncio.run(tell(message(url), HookOptions(timeout_s=5), datetime.now().astimezone()))
    assert not told.taken
    assert "inside the house" in told.failure
    assert receiver.came == []


def test_a_receiver_that_does_not_answer_is_left(house: Wiring) -> None:
    async def silent() -> str:
        async def mute(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await asyncio.sleep(60)
            finally:
                writer.close()
                await writer.wait_closed()

        server = await asyncio.start_server(mute, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            options = HookOptions(inside=True, timeout_s=0.3)
            return (await tell(message(f"http://127.0.0.1:{port}/"), options, house.now())).failure

    assert asyncio.run(silent()) in {"no answer in time", "ReadTimeout"}


@settings(suppress_health_check=[HealthCheck.too_slow])  # the first text loads tables
@given(st.text(max_size=80) | st.text(max_size=40).map(lambda t: f"https://{t}/"))
def test_any_text_is_an_address_or_is_refused(url: str) -> None:
    try:
        found = check_address(url, inside=False)
    except BadAddress:
        return
    assert found.lower().startswith("https://")


@pytest.mark.parametrize(
    "url",
    [
        "http://example.it/",
        "https://a:b@example.it/",
        "https://10.0.0.1/",
        "ftp://example.it/",
        "https://x/#a",
        " https://x/",
        "https://x/a\tb",
    ],
)
def test_addresses_that_may_not_be_told(url: str) -> None:
    with pytest.raises(BadAddress):
        check_address(url, inside=False)


@given(st.integers(1, 30), st.floats(0, 1))
def test_waits_grow_within_bounds_and_end(attempts: int, chance: float) -> None:
    wait = wait_s(attempts, chance)
    assert (wait is None) == (attempts >= MOST_ATTEMPTS)
    if wait is not None:
        assert 4 <= wait <= 52_000
        following = wait_s(attempts + 1, chance)
        assert following is None or following >= wait


def test_the_id_is_that_of_the_step() -> None:
    told = message("https://example.it/")
    assert headers_of(told, "{}", told.at)["webhook-id"] == "step_1"


def test_steps_that_nobody_wants_are_seen_to(house: Wiring) -> None:
    born(house)
    rounds(house)
    with house.database.transaction() as session:
        assert session.execute(text("SELECT count(*) FROM case_step WHERE NOT announced")).scalar() == 0
        assert session.execute(text("SELECT count(*) FROM webhook_message")).scalar() == 0
