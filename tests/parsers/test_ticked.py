"""One tick of several: marked, scribbled out, doubtful."""

from ocr.ink import Ink, Presence, Source
from pages.page import Box
from parsers.reading import State
from parsers.ticked import ticked
from templates.form import Field, Kind, Option

BOX = Box(10, 10, 4.5, 4.5)
FIELD = Field(
    "service", "Servizio", Kind.ENUM, "D", 1, BOX, options=tuple(Option(v, v.upper(), 1, BOX) for v in ("luce", "gas"))
)
SEEN = {
    "yes": (Presence.INK, True, 0.99),
    "no": (Presence.EMPTY, False, 0.99),
    "struck": (Presence.STRUCK, None, 0.5),
    "section": (Presence.STRUCK, False, 0.95),
    "doubtful": (Presence.DOUBTFUL, None, 0.5),
}


def value(luce: str, gas: str) -> tuple[State, object]:
    inks = {}
    for option, seen in (("luce", luce), ("gas", gas)):
        presence, mark, sure = SEEN[seen]
        zone = f"service.{option}"
        inks[zone] = Ink(zone, "f", 1, BOX, Source.MARK, presence, confidence=sure, mark=mark)
    found = ticked(FIELD, inks)
    return found.state, found.value


def test_a_scribbled_tick_beside_one_tick_is_a_correction() -> None:
    assert value("yes", "struck") == value("yes", "no") == (State.FILLED, "luce")


def test_a_doubtful_box_beside_one_tick_is_a_question() -> None:
    assert value("yes", "doubtful") == (State.UNREADABLE, None)


def test_a_scribbled_tick_alone_is_a_question() -> None:
    assert value("no", "struck") == value("struck", "struck") == (State.UNREADABLE, None)


def test_boxes_of_a_struck_section_do_not_apply() -> None:
    assert value("section", "section") == (State.NOT_APPLICABLE, None)


def test_two_ticks_are_wrong_and_none_is_empty() -> None:
    assert value("yes", "yes")[0] is State.INVALID
    assert value("no", "no")[0] is State.EMPTY
