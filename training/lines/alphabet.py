"""The characters that our own line reader tells apart, the space last."""

from string import ascii_letters, digits

ALPHABET = (
    digits
    + ascii_letters
    + "!\"#$%&'()*+,-./:;<=>?@[\\]^_{|}~"
    + "àèéìòùÀÈÉÌÒÙ"
    + "áíóúâêîôûëïçñäöüßÁÍÓÚÂÊÎÔÛËÏÇÑÄÖÜ"
    + "€°§"
    + " "
)
CODES = {sign: place for place, sign in enumerate(ALPHABET, start=1)}
"""Sign -> class of the net; class 0 is the blank."""
