"""A sheet as a picture to be looked at: PNG, no wider than asked."""

import cv2

from pages.page import Page

NARROWEST = 50
WIDEST = 4000


def shown(page: Page, width: int) -> bytes:
    """Give a page as PNG, ``width`` pixels wide at most. Raises ``ValueError`` for a width that is no picture's."""
    if not NARROWEST <= width <= WIDEST:
        raise ValueError(f"a picture is {NARROWEST} to {WIDEST} pixels wide")
    picture = page.picture
    if picture.shape[1] > width:
        height = max(1, round(picture.shape[0] * width / picture.shape[1]))
        smaller = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
        return bytes(cv2.imencode(".png", smaller)[1])
    return bytes(cv2.imencode(".png", picture)[1])
