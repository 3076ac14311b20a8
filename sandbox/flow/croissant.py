"""Croissant 1.0: a record as machine-learning tools read it, without any statistic of its rows.

Only where there is a file does it name one with its columns: a column without a file to read it
from would be no valid Croissant.
"""

import hashlib
from typing import Any

from policies.classes import Openness
from sandbox.flow.site import Site
from sandbox.model.record import Record

VERSION = "http://mlcommons.org/croissant/1.0"
CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The context that the specification publishes."""


def croissant(site: Site, record: Record, base: str) -> dict[str, Any]:
    """Write a record as Croissant; `base` is the site's address, without a slash."""
    page = f"{base}/catalogue/{record.name}"
    document: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": VERSION,
        "name": record.name.replace("/", "-"),
        "alternateName": [text for text in (record.title, record.title_zh) if text],
        "description": record.description or record.description_zh,
        "url": page,
        "license": record.conditions,
        "keywords": list(record.keywords),
        "creator": {"@type": "sc:Organization", "name": record.owner},
        "publisher": {"@type": "sc:Organization", "name": record.owner},
        "version": f"{len(record.versions)}.0.0",
    }
    if record.current is not None:
        document["datePublished"] = record.current.created.date().isoformat()
    if record.openness is Openness.UNCONDITIONAL and record.current is not None:
        file = site.showcase.file(record.current.snapshot, "csv")
        with file.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        document |= _file(record, base, digest)
    return document


def _file(record: Record, base: str, digest: str) -> dict[str, Any]:
    columns = [
        {
            "@type": "cr:Field",
            "@id": f"rows/{column.name}",
            "name": f"rows/{column.name}",
            "description": column.description or column.description_zh,
            "dataType": "sc:Text",
            "source": {"fileObject": {"@id": "data.csv"}, "extract": {"column": column.name}},
        }
        for column in record.open_columns
    ]
    return {
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": "data.csv",
                "name": "data.csv",
                "contentUrl": f"{base}/api/v1/catalogue/files/{record.name}?form=csv",
                "encodingFormat": "text/csv",
                "sha256": digest,
            }
        ],
        "recordSet": [{"@type": "cr:RecordSet", "@id": "rows", "name": "rows", "field": columns}],
    }
