"""What the Data Package standard (version 2, and what is left of version 1) knows: keys, kinds of values, what must be.

The standard lets everybody add keys, so an unknown key is no error; a key that is nearly a known one is a typo.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

Kind = Literal["text", "flag", "count", "list", "texts", "mapping", "numbers", "names", "absent", "any"]
KINDS: Final[dict[Kind, str]] = {
    "text": "a text",
    "flag": "true or false",
    "count": "a whole number from 0 on",
    "list": "a list that is not empty",
    "texts": "a list of texts",
    "mapping": "a mapping",
    "numbers": "a list of whole numbers from 1 on",
    "names": "a text, or a list of texts",
    "absent": "a list of texts, or of mappings with a `value` that is a text",
    "any": "anything",
}
ALGORITHMS: Final = {"md5": 32, "sha1": 40, "sha224": 56, "sha256": 64, "sha384": 96, "sha512": 128}
"""Hash functions we know, with the hexadecimal digits of a digest."""
FIELDS_MATCH: Final = ("exact", "equal", "subset", "superset", "partial")


@dataclass(frozen=True, slots=True)
class Shape:
    """What a mapping may hold.

    Attributes:
        keys: Kind of value by key.
        required: Keys that must be there.
        either: Keys one of which must be there.
    """

    keys: Mapping[str, Kind]
    required: tuple[str, ...] = ()
    either: tuple[str, ...] = ()
    parts: Mapping[str, "Shape"] = field(default_factory=dict)


_LICENSE: Final = Shape({"name": "text", "path": "text", "title": "text"}, either=("name", "path"))
_SOURCE: Final = Shape({
    "title": "text", "path": "text", "email": "text", "version": "text",
    "name": "text", "publisher": "text", "language": "text", "license": "text", "redistribution": "text",
})  # fmt: skip
_CONTRIBUTOR: Final = Shape({
    "title": "text", "path": "text", "email": "text", "givenName": "text", "familyName": "text",
    "organization": "text", "roles": "texts", "role": "text",
})  # fmt: skip
DIALECT: Final = Shape({
    "$schema": "text", "name": "text", "title": "text", "description": "text", "type": "text", "profile": "text",
    "header": "flag", "headerRows": "numbers", "headerJoin": "text", "commentRows": "numbers", "commentChar": "text",
    "delimiter": "text", "lineTerminator": "text", "quoteChar": "text", "doubleQuote": "flag", "escapeChar": "text",
    "nullSequence": "text", "skipInitialSpace": "flag", "property": "text", "itemType": "text", "itemKeys": "texts",
    "sheetNumber": "count", "sheetName": "text", "table": "text", "caseSensitiveHeader": "flag",
    "csvddfVersion": "any", "csv": "mapping", "excel": "mapping", "json": "mapping",
})  # fmt: skip
_CONSTRAINTS: Final = Shape({
    "required": "flag", "unique": "flag", "minLength": "count", "maxLength": "count", "minimum": "any",
    "maximum": "any", "exclusiveMinimum": "any", "exclusiveMaximum": "any", "jsonSchema": "mapping",
    "pattern": "text", "enum": "list",
})  # fmt: skip
_FIELD: Final = Shape(
    {
        "name": "text", "type": "text", "format": "text", "title": "text", "description": "text", "example": "any",
        "examples": "list", "constraints": "mapping", "categories": "list", "categoriesOrdered": "flag",
        "missingValues": "absent", "trueValues": "texts", "falseValues": "texts", "decimalChar": "text",
        "groupChar": "text", "bareNumber": "flag", "delimiter": "text", "itemType": "text", "rdfType": "text",
        "items": "mapping", "rdfProperty": "text", "unit": "text",
    },
    required=("name",),
    parts={"constraints": _CONSTRAINTS},
)  # fmt: skip
_REFERENCE: Final = Shape({"resource": "text", "fields": "names", "package": "text"}, required=("fields",))
_FOREIGN_KEY: Final = Shape(
    {"fields": "names", "reference": "mapping", "predicate": "text"},
    required=("fields", "reference"),
    parts={"reference": _REFERENCE},
)
SCHEMA: Final = Shape(
    {
        "$schema": "text", "name": "text", "title": "text", "description": "text", "fields": "list",
        "fieldsMatch": "any", "missingValues": "absent", "primaryKey": "names", "uniqueKeys": "list",
        "foreignKeys": "list",
    },
    required=("fields",),
    parts={"fields": _FIELD, "foreignKeys": _FOREIGN_KEY},
)  # fmt: skip
_RESOURCE: Final = Shape(
    {
        "name": "text", "path": "names", "url": "text", "data": "any", "type": "text", "$schema": "text",
        "profile": "text", "title": "text", "description": "text", "format": "text", "mediatype": "text",
        "encoding": "text", "bytes": "count", "hash": "text", "dialect": "any", "schema": "any", "sources": "list",
        "licenses": "list", "homepage": "text", "scheme": "text", "compression": "text", "innerpath": "text",
        "extrapaths": "texts", "jsonSchema": "any", "datapackage": "text", "basepath": "text",
    },
    required=("name",),
    either=("path", "data"),
    parts={"sources": _SOURCE, "licenses": _LICENSE, "dialect": DIALECT, "schema": SCHEMA},
)  # fmt: skip
PACKAGE: Final = Shape(
    {
        "name": "text", "id": "text", "$schema": "text", "profile": "text", "title": "text", "description": "text",
        "homepage": "text", "image": "text", "version": "text", "created": "text", "keywords": "texts",
        "contributors": "list", "licenses": "list", "sources": "list", "resources": "list",
    },
    required=("resources",),
    parts={"contributors": _CONTRIBUTOR, "licenses": _LICENSE, "sources": _SOURCE, "resources": _RESOURCE},
)  # fmt: skip


def is_kind(value: object, kind: Kind) -> bool:
    """Whether a value is of a kind."""
    match kind:
        case "text":
            return isinstance(value, str)
        case "flag":
            return isinstance(value, bool)
        case "count":
            return isinstance(value, int) and not isinstance(value, bool) and value >= 0
        case "list":
            return isinstance(value, list) and bool(value)
        case "texts":
            return _texts(value)
        case "absent":
            return isinstance(value, list) and all(
                isinstance(one.get("value") if isinstance(one, dict) else one, str) for one in value
            )
        case "mapping":
            return isinstance(value, dict)
        case "numbers":
            return isinstance(value, list) and all(is_kind(item, "count") and item for item in value)
        case "names":
            return isinstance(value, str) or (_texts(value) and bool(value))
        case "any":
            return True


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
