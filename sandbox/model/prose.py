"""Free text that people write and other people read: how long it may be, and what is none."""

from policies.signs import misleads

MAX_TEXT = 4000
"""Characters of a free text; it is read by a person."""


def fault_of(text: str, most: int = MAX_TEXT) -> str | None:
    """Say what is wrong with a text, if anything is."""
    if not 0 < len(text.strip()) <= len(text) <= most:
        return f"Write between 1 and {most} characters"
    if misleads(text):
        return "Leave out characters that cannot be seen, such as directional overrides"
    return None


def line_fault_of(text: str, most: int = MAX_TEXT) -> str | None:
    """Say what is wrong with a text of one line: in a list, a second line would look like more."""
    fault = fault_of(text, most)
    return "Write it on one line" if fault is None and len(text.splitlines()) > 1 else fault
