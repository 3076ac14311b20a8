"""What the operator reads on stderr: times, codes and classes; never a value, never a traceback."""

import logging


class Reticent(logging.Formatter):
    """Formats a record without its exception, whose text may quote a row or a token."""

    def __init__(self) -> None:
        """Write time, level, logger and message."""
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """Write one line; of an exception only the class."""
        kind = record.exc_info[0] if record.exc_info else None
        line = super().format(_bare(record))
        return f"{line} ({kind.__name__})" if kind else line


def log_to_stderr() -> None:
    """Send warnings and errors of the whole process to stderr."""
    handler = logging.StreamHandler()
    handler.setFormatter(Reticent())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def _bare(record: logging.LogRecord) -> logging.LogRecord:
    bare = logging.makeLogRecord(record.__dict__)
    bare.exc_info = bare.exc_text = bare.stack_info = None
    return bare
