"""The channels of the benches by name: each takes a clean drawing of a sheet and sends it as the post would."""

from collections.abc import Callable, Mapping
from random import Random

from pages.page import Picture
from samples.channels.copier import copied, copier_setting
from samples.channels.fax import dropped, fax_setting, faxed, headed, header_line, stretched
from samples.channels.photo import CURL_MM, photo_setting, photographed
from samples.channels.scan import bilevel, compressed, crooked, scan_setting, scanned
from samples.channels.trace import Traced, brought_to, on_paper, quartered
from samples.channels.wear import blackened, bordered, cropped, folded, punched, stapled

Channel = Callable[[Traced, Random], Traced]


def send(name: str, picture: Picture, rng: Random) -> Traced:
    """Send a clean drawing of a whole A4 sheet (300 dpi is fine enough for all) through a channel of ``CHANNELS``."""
    return CHANNELS[name](on_paper(picture), rng)


def _scan(dpi: int, *, skew: float = 3.0) -> Channel:
    def channel(sheet: Traced, rng: Random) -> Traced:
        setting = scan_setting(rng, dpi, skew=skew)
        return compressed(scanned(brought_to(sheet, dpi), setting, _seed(rng)), rng.randint(55, 85))

    return channel


def _clean(sheet: Traced, rng: Random) -> Traced:  # noqa: ARG001  # one verb for every channel
    return brought_to(sheet, 200)


def _bilevel(sheet: Traced, rng: Random) -> Traced:
    seen = scanned(brought_to(sheet, 200), scan_setting(rng, 200), _seed(rng))
    return seen.seen(bilevel(seen.picture, rng.randint(120, 175)))


def _copy(generations: int) -> Channel:
    def channel(sheet: Traced, rng: Random) -> Traced:
        sheet = brought_to(sheet, 200)
        for _ in range(generations):
            sheet = copied(sheet, copier_setting(rng), _seed(rng))
        return compressed(scanned(sheet, scan_setting(rng, 200), _seed(rng)), rng.randint(55, 85))

    return channel


def _fax(*, fine: bool, screen: str = "threshold", generations: int = 0) -> Channel:
    def channel(sheet: Traced, rng: Random) -> Traced:
        sheet = brought_to(sheet, 204)
        for _ in range(generations):
            sheet = copied(sheet, copier_setting(rng), _seed(rng))
        sheet = stretched(sheet, rng.uniform(0.0, 1.5), _seed(rng))
        seen = faxed(sheet, fax_setting(rng, fine=fine, screen=screen), _seed(rng))
        return headed(dropped(seen, rng.randint(0, 12), _seed(rng)), header_line(rng))

    return channel


def _photo(*, curl: float = 0.0, bow: float = 0.0) -> Channel:
    def channel(sheet: Traced, rng: Random) -> Traced:
        return photographed(sheet, photo_setting(rng, curl=curl, bow=bow), _seed(rng))

    return channel


def _messenger(sheet: Traced, rng: Random) -> Traced:
    """Send a photo by a messenger app, which makes it small."""
    seen = _photo(curl=CURL_MM / 2)(sheet, rng)
    return compressed(brought_to(seen, seen.dpi[0] * rng.uniform(0.38, 0.5)), rng.randint(60, 80))


def _scaled(sheet: Traced, rng: Random) -> Traced:
    return _scan(200)(crooked(brought_to(sheet, 200), 0.0, rng.uniform(0.9, 1.1), 0.0, 0.0), rng)


def _turned(sheet: Traced, rng: Random) -> Traced:
    return quartered(_scan(rng.choice((150, 200)))(sheet, rng), rng.randint(1, 3))


def _cropped(sheet: Traced, rng: Random) -> Traced:
    sides = [0.0, 0.0, 0.0, 0.0]
    sides[rng.randrange(4)] = rng.uniform(5, 25)
    return cropped(_scan(200)(sheet, rng), (sides[0], sides[1], sides[2], sides[3]))


def _worn(sheet: Traced, rng: Random) -> Traced:
    sheet = brought_to(sheet, 200)
    if rng.random() < 0.6:
        sheet = folded(sheet, _seed(rng), count=rng.randint(1, 2), most_mm=rng.uniform(0.0, 1.0))
    sheet = stapled(punched(sheet, rng), rng)
    frame = (rng.uniform(0, 12), rng.uniform(0, 12), rng.uniform(0, 12), rng.uniform(0, 20))
    seen = scanned(sheet, scan_setting(rng, 200, skew=2.0), _seed(rng))
    if rng.random() < 0.5:
        return compressed(bordered(seen, frame, _seed(rng)), 70)
    return compressed(blackened(seen, (frame[0] / 3, frame[1] / 3, frame[2] / 3, frame[3] / 3)), 70)


def _seed(rng: Random) -> int:
    return rng.randrange(2**31)


FLAT: Mapping[str, Channel] = {
    "clean": _clean,
    "scan-300": _scan(300),
    "scan-200": _scan(200),
    "scan-150": _scan(150),
    "scan-100": _scan(100),
    "scan-bw": _bilevel,
    "skewed": _scan(200, skew=10.0),
    "scaled": _scaled,
    "turned": _turned,
    "cropped": _cropped,
    "worn": _worn,
    "copy-3": _copy(3),
    "fax-fine": _fax(fine=True),
    "fax-standard": _fax(fine=False),
    "fax-screened": _fax(fine=True, screen="dither"),
    "fax-of-copy": _fax(fine=False, generations=2),
}
PHOTOS: Mapping[str, Channel] = {
    "photo": _photo(),
    "photo-curled": _photo(curl=CURL_MM),
    "photo-bowed": _photo(bow=6.0),
    "photo-small": _messenger,
}
CHANNELS: Mapping[str, Channel] = {**FLAT, **PHOTOS}
