"""Signs of a text that mislead whoever reads it: unseen ones, and marks piled up on one letter.

What a steward reads has to be what is signed. A right-to-left override shows another order than
the stored one, a control character is a command to a terminal, and tag characters say to a program
what no person sees.
"""

import re
import unicodedata

MAX_MARKS = 4
"""Marks upon one letter (UTS 39, section 5.4); more would run over the lines around it."""

UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|\r(?!\n)"
    r"|[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
    r"|[\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f]"
)
"""Controls but tab and line ends, joiners, what turns the direction, tags, halves of pairs."""
_MARKS = frozenset({"Mn", "Me"})


def misleads(text: str) -> bool:
    """Tell whether a text shows something else than it holds."""
    return UNSEEN.search(text) is not None or _is_piled_up(text)


def visible(text: str) -> str:
    """Put a replacement character in place of every sign that is not seen; line ends stay."""
    return UNSEEN.sub("\N{REPLACEMENT CHARACTER}", text)


def _is_piled_up(text: str) -> bool:
    if text.isascii():
        return False
    marks = 0
    for sign in text:
        marks = marks + 1 if unicodedata.category(sign) in _MARKS else 0
        if marks > MAX_MARKS:
            return True
    return False
