"""Export: the catalogue in forms that others read, a part at a time and never whole in memory.

DCAT 3 as JSON-LD for other catalogues, and the CSV that `sandbox.flow.read_sheet` reads. Only what
is listed goes out, and nothing of it comes from rows.
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from policies.classes import Access, Openness
from sandbox.flow.sheet_words import CELLS, RECORD_CELLS
from sandbox.flow.site import Site
from sandbox.model.finding import Wanted
from sandbox.model.paging import MAX_PAGE
from sandbox.model.record import Record, RecordColumn

FORMULA = re.compile(r"[=+\-@\t\r]")
"""How a cell begins that a spreadsheet would run."""
CONTEXT = {
    "adms": "http://www.w3.org/ns/adms#",
    "csvw": "http://www.w3.org/ns/csvw#",
    "datarange": "urn:datarange:vocabulary:",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""Written out, so that whoever reads the export asks no other network for its meaning."""
RIGHTS = {
    Openness.UNCONDITIONAL: "PUBLIC",
    Openness.CONDITIONAL: "RESTRICTED",
    Openness.CLOSED: "NON_PUBLIC",
}
"""The European Union's access rights, which DCAT users know; ours stands beside it."""
RIGHTS_BASE = "http://publications.europa.eu/resource/authority/access-right/"
MEDIA_TYPES = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}
IANA = "https://www.iana.org/assignments/media-types/"


def stream(site: Site, wanted: Wanted | None = None) -> Iterator[Record]:
    """Give what is listed and fits, a page of the books at a time."""
    wanted = replace(wanted or Wanted(), limit=MAX_PAGE)
    while True:
        with site.books.read() as page:
            found = page.records.search(wanted)
        yield from found.records
        if found.next is None:
            return
        wanted = replace(wanted, after=found.next)


def dcat(site: Site, records: Iterator[Record], base: str) -> Iterator[str]:
    """Write a catalogue as DCAT 3 in JSON-LD; `base` is the site's address, without a slash."""
    head = {
        "@context": CONTEXT,
        "@id": f"{base}/catalogue",
        "@type": "dcat:Catalog",
        "dcterms:title": [{"@language": "zh", "@value": "数据目录"}],
        "dcterms:description": [{"@language": "en", "@value": f"Catalogue of {site.origin}"}],
        "dcterms:publisher": {"@type": "foaf:Agent", "foaf:name": site.origin},
    }
    yield _json(head)[:-1] + ',"dcat:dataset":['
    for number, record in enumerate(records):
        yield ("," if number else "") + "\n" + _json(dcat_dataset(record, base))
    yield "\n]}\n"


def dcat_dataset(record: Record, base: str) -> dict[str, Any]:
    """Write one record as a `dcat:Dataset`."""
    address = f"{base}/catalogue/{record.name}"
    dataset = {
        "@id": address,
        "@type": "dcat:Dataset",
        "dcterms:identifier": record.name,
        "dcterms:title": _texts(record.title, record.title_zh),
        "dcterms:description": _texts(record.description, record.description_zh),
        "dcat:keyword": list(record.keywords),
        "dcat:theme": {"@type": "skos:Concept", "skos:prefLabel": record.theme},
        "dcterms:publisher": {"@type": "foaf:Agent", "foaf:name": record.owner},
        "dcat:contactPoint": {"@type": "vcard:Organization", "vcard:fn": record.contact},
        "dcterms:accessRights": {
            "@id": RIGHTS_BASE + RIGHTS[record.openness],
            "@type": "dcterms:RightsStatement",
        },
        "dcterms:accrualPeriodicity": {"@type": "dcterms:Frequency", "rdfs:label": record.update},
        "dcterms:rights": {"@type": "dcterms:RightsStatement", "rdfs:label": record.conditions},
        "adms:status": {"@type": "skos:Concept", "skos:prefLabel": record.state.value},
        "datarange:openness": record.openness.value,
        "datarange:access": [way.value for way in record.access],
        "datarange:grade": record.grade.value,
        "csvw:tableSchema": {
            "@type": "csvw:Schema",
            "csvw:column": {"@list": [_column(column) for column in record.columns]},
        },
        "dcat:distribution": _distributions(record, base),
    }
    if record.origin:
        origin = {"@type": "dcterms:ProvenanceStatement", "rdfs:label": record.origin}
        dataset["dcterms:provenance"] = origin
    if record.current:
        dataset["dcat:version"] = record.current.snapshot
        dataset["dcterms:modified"] = {
            "@type": "xsd:dateTime",
            "@value": record.current.created.isoformat(),
        }
    return dataset


def sheet(records: Iterator[Record]) -> Iterator[str]:
    """Write a catalogue as the CSV that can be imported again, with a byte order mark.

    Spreadsheets need the mark to read it as UTF-8. A cell that one of them would run as a formula
    gets an apostrophe in front.
    """
    yield "\ufeff" + _line(CELLS)
    for record in records:
        first = [_inert(_cell(record, name)) for name in RECORD_CELLS]
        again = [record.name, *[""] * (len(first) - 1)]
        for number, column in enumerate(record.columns):
            yield _line([*(again if number else first), *map(_inert, _column_cells(column))])


def _cell(record: Record, name: str) -> str:
    value = getattr(record, name)
    if isinstance(value, tuple):
        return ";".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _column_cells(column: RecordColumn) -> tuple[str, ...]:
    return column.name, column.openness.value, column.description, column.description_zh


def _inert(cell: str) -> str:
    return f"'{cell}" if FORMULA.match(cell) else cell


def _line(cells: Sequence[str]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue()


def _texts(english: str, chinese: str) -> list[dict[str, str]]:
    both = (("en", english), ("zh", chinese))
    return [{"@language": language, "@value": text} for language, text in both if text]


def _column(column: RecordColumn) -> dict[str, Any]:
    return {
        "@type": "csvw:Column",
        "csvw:name": column.name,
        "dcterms:description": _texts(column.description, column.description_zh),
        "datarange:openness": column.openness.value,
    }


def _distributions(record: Record, base: str) -> list[dict[str, Any]]:
    """Name the ways to the data; a file for each form that is handed out."""
    page = f"{base}/catalogue/{record.name}"
    if record.openness is not Openness.UNCONDITIONAL or record.current is None:
        ways = [way for way in record.access if way is not Access.DOWNLOAD]
        title = ", ".join(way.value for way in ways)
        there = {"@type": "dcat:Distribution", "dcat:accessURL": {"@id": page}}
        return [there | {"dcterms:title": title}] if ways else []
    return [
        {
            "@type": "dcat:Distribution",
            "dcterms:title": form,
            "dcat:accessURL": {"@id": page},
            "dcat:downloadURL": {"@id": f"{base}/api/v1/catalogue/files/{record.name}?form={form}"},
            "dcat:mediaType": {"@id": IANA + media, "@type": "dcterms:MediaType"},
        }
        for form, media in MEDIA_TYPES.items()
    ]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
