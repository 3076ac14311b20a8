"""CSV: which dialects are read, and that what is ambiguous is refused by row."""

from pathlib import Path

import pytest

from connectors.csv import BATCH, MAX_LINE, CsvFile
from connectors.protocol import ConnectorError

CANARY = "canary-7f3a"


def csv_file(folder: Path, content: bytes) -> CsvFile:
    path = folder / "table.csv"
    path.write_bytes(content)
    return CsvFile(path)


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\n1,2\n3,4\n",
        b"a,b\r\n1,2\r\n3,4",
        b"\xef\xbb\xbfa,b\n1,2\n3,4\n",
        b'"a","b"\n"1","2"\n"3",4\n',
        b"\na,b\n\n1,2\n\n3,4\n\n",
    ],
    ids=["plain", "windows", "byte-order-mark", "quoted", "blank-lines"],
)
def test_common_dialects_read_alike(tmp_path: Path, content: bytes) -> None:
    table = csv_file(tmp_path, content)
    assert table.columns() == ("a", "b")
    assert table.read(["a", "b"]).rows() == [("1", "2"), ("3", "4")]


def test_quotes_may_hold_commas_quotes_and_line_ends(tmp_path: Path) -> None:
    table = csv_file(tmp_path, b'a,b\n"x,y","say ""hi""\r\nthere"\n')
    assert table.read(["a", "b"]).rows() == [("x,y", 'say "hi"\r\nthere')]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"%s", "file.ragged"),
        (b"%s,2,3", "file.ragged"),
        (b"%s,\xd6\xd0", "file.encoding"),
        (b"%s,\0", "file.nul"),
        (b'"%s,2', "file.malformed"),
        (b'"%s"x,2', "file.malformed"),
        (b"%s,\r2", "file.malformed"),
        (b"%s," + b"x" * MAX_LINE, "file.line_length"),
        (b'%s,"' + b"x\n" * 100_000 + b'"', "file.malformed"),
    ],
)
def test_a_bad_row_is_refused_by_number_and_not_quoted(
    tmp_path: Path, line: bytes, code: str
) -> None:
    good = b"1,2\n" * (BATCH + 7)
    table = csv_file(tmp_path, b"a,b\n" + good + line.replace(b"%s", CANARY.encode()) + b"\n")
    with pytest.raises(ConnectorError) as refused:
        table.read(["a"])
    assert (refused.value.code, refused.value.row) == (code, BATCH + 8)
    assert CANARY not in refused.value.message


def test_utf_16_is_named_as_what_it_is_not(tmp_path: Path) -> None:
    with pytest.raises(ConnectorError) as refused:
        csv_file(tmp_path, "a,b\n1,2\n".encode("utf-16")).columns()
    assert refused.value.code == "file.encoding"
    assert refused.value.row is None


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConnectorError) as refused:
        csv_file(tmp_path, b"a,b,a\n1,2,3\n").columns()
    assert (refused.value.code, refused.value.column) == ("file.duplicate_column", "a")


def test_batches_join_without_a_seam(tmp_path: Path) -> None:
    count = 2 * BATCH + 1
    table = csv_file(tmp_path, b"n\n" + b"".join(b"%d\n" % row for row in range(count)))
    assert table.read(["n"])["n"].to_list() == [str(row) for row in range(count)]
