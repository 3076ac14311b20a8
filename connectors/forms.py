"""Which forms of file can be read, and by whom."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from connectors.csv import CsvFile
from connectors.parquet import ParquetFile
from connectors.protocol import Connector, ConnectorError

FORMS: Mapping[str, Callable[[Path], Connector]] = MappingProxyType(
    {"csv": CsvFile, "parquet": ParquetFile}
)
"""The `form` that an owner names, never guessed from a file's name or content."""


def open_connector(path: Path, form: str) -> Connector:
    """Choose the connector for a file; its content is looked at only on use.

    Raises:
        ConnectorError: an unknown form (`file.form`), or no readable file there (`file.missing`).
    """
    if form not in FORMS:
        raise ConnectorError(f"A file is one of: {', '.join(FORMS)}", code="file.form")
    if not (path.is_file() and os.access(path, os.R_OK)):
        raise ConnectorError("There is no such file, or not for us to read", code="file.missing")
    return FORMS[form](path)
