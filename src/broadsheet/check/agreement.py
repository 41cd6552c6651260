"""Both packages of one release must say the same: tables, columns, rows, licence, version."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from broadsheet.check.report import Gather
from broadsheet.check.rules import same_type
from broadsheet.emitted.descriptors import CARD, CROISSANT, DESCRIPTOR
from broadsheet.emitted.tables import TableFiles

if TYPE_CHECKING:
    import pyarrow as pa

Json = Mapping[str, Any]
Tables = Mapping[str, TableFiles]


def check_agreement(descriptor: Json, card: Json, croissant: Json, package: Tables, dataset: Tables) -> Gather:
    """Compare what both packages hold, and what their three descriptors say.

    Args:
        descriptor: `datapackage.json`.
        card: Front matter of the card.
        croissant: `croissant.json`; empty if there is none.
        package: Tables of the data package.
        dataset: Tables of the dataset.
    """
    gather = Gather()
    gather.ran("files", "descriptor-differs")
    for name, table in package.items():
        if name in dataset:
            _table(table, dataset[name], gather)
        elif table.rows:
            message = f"the data package has {table.rows} rows of it, the dataset none"
            gather.add("table-missing", message, path=CARD, resource=name)
    for name in dataset:
        if name not in package:
            gather.add("table-missing", "the dataset has it, the data package not", path=DESCRIPTOR, resource=name)
    _words(descriptor, card, croissant, gather)
    return gather


def _table(one: TableFiles, other: TableFiles, gather: Gather) -> None:
    if one.columns != other.columns:
        differing = sorted(set(one.columns) ^ set(other.columns))
        message = f"the packages differ in columns: {', '.join(differing) or 'their order'}"
        gather.add("columns-differ", message, resource=one.name)
        return
    for field in one.schema:
        kind = other.schema.field(field.name).type
        if not same_type(field.type, kind):
            message = f"{field.type} in the data package, {kind} in the dataset"
            gather.add("columns-differ", message, resource=one.name, field=field.name)
            return
    if one.rows != other.rows:
        message = f"{one.rows} rows in the data package, {other.rows} in the dataset"
        gather.add("rows-mismatch", message, resource=one.name)
        return
    row = _first_difference(one, other)
    if row is not None:
        message = f"row {row + 1} of the dataset is not that of the data package"
        gather.add("descriptor-differs", message, resource=one.name, row_key=f"row {row + 1}")


def _first_difference(one: TableFiles, other: TableFiles) -> int | None:
    """Number of the first row in which two tables of equal columns differ, within some rows; None if there is none."""
    import pyarrow as pa

    row = 0
    try:
        for left, right in _abreast(one.batches(), other.batches()):
            if left.schema != right.schema:
                right = pa.Table.from_batches([right]).cast(left.schema).combine_chunks().to_batches()[0]  # noqa: PLW2901
            if not left.equals(right):
                at = next(at for at in range(left.num_rows) if not left.slice(at, 1).equals(right.slice(at, 1)))
                return row + at
            row += left.num_rows
    except (pa.ArrowException, OSError, ValueError):
        return None  # a file that cannot be read is a finding of its package
    return None


def _abreast(
    one: "Iterator[pa.RecordBatch]", other: "Iterator[pa.RecordBatch]"
) -> "Iterator[tuple[pa.RecordBatch, pa.RecordBatch]]":
    """Batches of both, cut to the same rows."""
    left = right = None
    while True:
        left = left if left is not None and left.num_rows else next(one, None)
        right = right if right is not None and right.num_rows else next(other, None)
        if left is None or right is None:
            return
        size = min(left.num_rows, right.num_rows)
        if size:
            yield left.slice(0, size), right.slice(0, size)
        left, right = left.slice(size), right.slice(size)


def _words(descriptor: Json, card: Json, croissant: Json, gather: Gather) -> None:
    version = descriptor.get("version")
    for path, other in ((CARD, card), (CROISSANT, croissant)):
        told = other.get("version")
        if told is not None and str(told) != str(version):
            message = f"version is {told!r}, the data package says {version!r}"
            gather.add("descriptor-differs", message, path=path)
    title = descriptor.get("title")
    for path, told in ((CARD, card.get("pretty_name")), (CROISSANT, croissant.get("name"))):
        if told is not None and told != title:
            gather.add("descriptor-differs", f"the title is {told!r}, the data package says {title!r}", path=path)
    licenses = [one for one in descriptor.get("licenses") or () if isinstance(one, dict)]
    _licenses(licenses, card, croissant, gather)


def _licenses(licenses: list[Any], card: Json, croissant: Json, gather: Gather) -> None:
    """The licence of the data package is that of the card and of Croissant."""
    names = {str(one["name"]).lower() for one in licenses if one.get("name")}
    short = {name.removesuffix("-1.0") for name in names} | names
    told = str(card.get("license") or "")
    if told in ("other", "unknown", ""):
        told = str(card.get("license_name") or "")
    if card and told.lower() not in short and (names or told not in ("", "see-license")):
        shown = ", ".join(sorted(names)) or "none"
        gather.add("descriptor-differs", f"the licence is {told or 'none'}, the data package says {shown}", path=CARD)
    given = croissant.get("license")
    known = (
        {one.get("path") for one in licenses}
        | {one.get("title") for one in licenses}
        | {one.get("name") for one in licenses}
    )
    for one in given if isinstance(given, list) else [given] if given else []:
        word = one.get("name") if isinstance(one, dict) else one
        if word not in known:
            message = f"the licence {word!r} is not one of the data package"
            gather.add("descriptor-differs", message, path=CROISSANT)
    if licenses and croissant and not given:
        gather.add("license-missing", "Croissant gives no licence, the data package does", path=CROISSANT)
