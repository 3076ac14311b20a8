"""Keys on the command line: the text itself, or a file that holds it."""

from pathlib import Path


def key_text(given: str) -> str:
    """Take the key itself, or read it from the file of this name."""
    file = Path(given)
    try:
        return file.read_text(encoding="utf-8").strip() if file.is_file() else given
    except (OSError, ValueError):
        return given
