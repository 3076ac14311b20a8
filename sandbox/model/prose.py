"""Free text that people write and other people read: how long it may be, and what is none."""

import re

MAX_TEXT = 4000
"""Characters of a free text; it is read by a person."""

_UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
    r"|[\ud800-\udfff]"
)
"""Control characters, and those that nobody sees but that reorder or hide the text around them.

A right-to-left override makes a steward read another text than the one that is signed.
"""


def fault_of(text: str, most: int = MAX_TEXT) -> str | None:
    """Say what is wrong with a text, if anything is."""
    if not 0 < len(text.strip()) <= most:
        return f"Write between 1 and {most} characters"
    if _UNSEEN.search(text):
        return "Leave out characters that cannot be seen, such as directional overrides"
    return None
