"""The tables with what describes them: a Data Package, as Frictionless Data defines it.

book/data/codebook.yml says what stands in each column; two tables more, the claims and the sources that
the others name, come from the ledger and the bibliography.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from proverka import __version__
from proverka.project import load_project

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "book" / "data"
CODEBOOK = DATA / "codebook.yml"
_KEYS = {"type", "says", "unit", "among", "pattern"}
_TYPES: dict[str, Callable[[str], object]] = {
    "string": lambda text: True,
    "integer": lambda text: re.fullmatch(r"-?\d+", text),
    "number": lambda text: re.fullmatch(r"-?\d+(\.\d+)?", text),
    "date": lambda text: re.fullmatch(r"\d{4}-\d\d-\d\d", text),
    "boolean": lambda text: text in ("true", "false"),
}


def load_codebook() -> dict[str, Any]:
    """The codebook; what columns share is written out in each."""
    book: dict[str, Any] = yaml.safe_load(CODEBOOK.read_text(encoding="utf-8"))
    for table in book["tables"].values():
        table["columns"] = {
            name: {"type": "string", **book["shared"].get(name, {}), **(column or {})}
            for name, column in table["columns"].items()
        }
    return book


def tables() -> dict[str, bytes]:
    """Every table as CSV, by its name."""
    project = load_project(ROOT)
    found = {path.stem: path.read_bytes() for path in sorted(DATA.glob("*.csv"))}
    chapters = {claim: stem for stem, ids in project.ledger.chapters.items() for claim in ids}
    found["claims"] = _csv(
        ("id", "chapter", "says", "status", "sources", "note"),
        (
            (each.id, chapters.get(each.id, ""), each.says, str(each.status), _keys(each.citations), each.note)
            for each in project.ledger.claims.values()
        ),
    )
    fields = ("author", "title", ("publisher", "journaltitle", "organization", "institution", "howpublished"), "year")
    found["sources"] = _csv(
        ("key", "author", "title", "published_in", "year", "language", "address", "read", "note"),
        (
            (
                source.key,
                *(_field(source.fields, name) for name in fields),
                source.fields.get("langid", "en"),
                *(source.fields.get(name, "") for name in ("url", "keywords", "annotation")),
            )
            for source in project.ledger.sources.values()
        ),
    )
    return found


def _keys(citations: Iterable[Any]) -> str:
    return ";".join(dict.fromkeys(each.key for each in citations))


def _field(fields: Mapping[str, str], names: str | tuple[str, ...]) -> str:
    if isinstance(names, str):
        return fields.get(names, "").replace(" and ", "; ") if names == "author" else fields.get(names, "")
    return next((fields[name] for name in names if name in fields), "")


def _csv(head: Iterable[str], rows: Iterable[Iterable[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return text.getvalue().encode()


def problems(book: Mapping[str, Any], found: Mapping[str, bytes]) -> Iterator[str]:
    """Where tables and codebook do not agree, a sentence each."""
    yield from (f"{name}.csv is not in the codebook" for name in found.keys() - book["tables"].keys())
    yield from (f"there is no {name}.csv" for name in book["tables"].keys() - found.keys())
    for name in sorted(found.keys() & book["tables"].keys()):
        columns = book["tables"][name]["columns"]
        reader = csv.DictReader(io.StringIO(found[name].decode()))
        if list(reader.fieldnames or ()) != list(columns):
            yield f"{name}.csv has the columns {', '.join(reader.fieldnames or ())}; the codebook has others"
            continue
        yield from (f"{name}.csv: nothing is said of {each}" for each in columns if not columns[each].get("says"))
        for each, column in columns.items():
            yield from (f"{name}.csv: {each} has “{key}” in the codebook" for key in column if key not in _KEYS)
        for line, row in enumerate(reader, 2):
            for each, column in columns.items():
                if row[each] and not _fits(row[each], column):
                    yield f"{name}.csv, row {line}: “{row[each]}” does not fit {each}"


def _fits(text: str, column: Mapping[str, Any]) -> bool:
    return bool(
        _TYPES[column["type"]](text)
        and text in column.get("among", (text,))
        and re.fullmatch(column.get("pattern", r"[\s\S]*"), text)
    )


def descriptor(book: Mapping[str, Any], found: Mapping[str, bytes], *, created: str) -> str:
    """The text of datapackage.json."""
    package = {
        "profile": "tabular-data-package",
        "name": "checking-the-zone",
        "title": book["title"],
        "description": book["about"],
        "version": __version__,
        "created": created,
        "licenses": book["licences"],
        "sources": [{"title": "The works in sources.csv, each named in the rows that rest on it"}],
        "resources": [_resource(name, book["tables"][name], data) for name, data in found.items()],
    }
    return json.dumps(package, ensure_ascii=False, indent=1) + "\n"


def _resource(name: str, table: Mapping[str, Any], data: bytes) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": f"{name}.csv",
        "title": table["title"],
        "description": table["about"],
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
        "schema": {
            "fields": [_descriptor_field(each, column) for each, column in table["columns"].items()],
            "missingValues": [""],
        },
    }


def _descriptor_field(name: str, column: Mapping[str, Any]) -> dict[str, Any]:
    unit = f" In {column['unit']}." if "unit" in column else ""
    field: dict[str, Any] = {"name": name, "type": column["type"], "description": f"{column['says']}{unit}"}
    if "unit" in column:
        field["unit"] = column["unit"]
    constraints = {name: column[ours] for name, ours in (("enum", "among"), ("pattern", "pattern")) if ours in column}
    if constraints:
        field["constraints"] = constraints
    return field
