"""The types and constraints of Table Schema as SQL over text: what a cell is, and whether it may be that.

A file of others is text. Every type is two expressions over the text of a cell: its value (null if it is none of the
type), in a form in which equal values are equal and lesser ones are less, and whether it is one at all where the value
does not tell. Patterns are RE2's, in time linear in the text whoever wrote them.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from broadsheet.check.foreign.patterns import as_re2
from broadsheet.sql import literal

Json = Mapping[str, Any]
Sql = Callable[[str], str]

_TRUE: Final = ("true", "True", "TRUE", "1")
_FALSE: Final = ("false", "False", "FALSE", "0")
_STRINGS: Final = {
    "email": r"[^@\s]+@[^@\s]+\.[^@\s]+",
    "uri": r"[A-Za-z][A-Za-z0-9+.\-]*:\S+",
    "uuid": r"[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}",
    "binary": r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?",
}
_ZONE: Final = r"(?:Z|[+\-][0-9]{2}:[0-9]{2})?"
_DAY: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK: Final = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?"
_DURATION: Final = r"-?P(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+W)?(?:[0-9]+D)?(?:T(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9.]+S)?)?"
_DEGREES: Final = r"\s*-?[0-9]{1,3}(?:\.[0-9]+)?\s*"
_GEOJSON: Final = {
    "coordinates": ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"),
    "geometries": ("GeometryCollection",),
    "features": ("FeatureCollection",),
}
"""Types by the list that each must have."""
_ANY_DAY: Final = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%d-%b-%Y",
    "%d %B %Y", "%d %b %Y", "%B %d %Y", "%b %d %Y",
)  # fmt: skip
_ANY_CLOCK: Final = ("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%I %p")
_SPOKEN: Final = r"^(?i)(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? +|(?:st|nd|rd|th)\b,?|,| *(?:gmt|utc|z)$"
"""What people write around the parts of a date."""
_UNITS: Final = (("P[^T]*?", "Y", 31_556_952), ("P[^T]*?", "M", 2_629_746), ("P[^T]*?", "W", 604_800),
                 ("P[^T]*?", "D", 86_400), ("T.*?", "H", 3_600), ("T.*?", "M", 60), ("T.*?", "S", 1))  # fmt: skip
"""Where the parts of a duration stand, and their seconds: a month is the twelfth part of a year."""
FORMATS: Final = ("format", "missingValues", "trueValues", "falseValues", "decimalChar", "groupChar", "bareNumber")
"""What a field says of the text of its cells, which does not hold for values that have a type of their own."""
BOUNDS: Final = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
ORDERED: Final = frozenset({"integer", "number", "date", "datetime", "time", "year", "yearmonth", "duration"})
MEASURED: Final = frozenset({"string", "array", "object", "list"})


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing a cell must be.

    Attributes:
        name: Of the constraint; unique in its column.
        message: What is expected.
        bad: From SQL of the text of a cell, and SQL of its value, to SQL that is true for an offender.
        words: SQL of the values that the descriptor gives; none of them may be null.
    """

    name: str
    message: str
    bad: Callable[[str, str], str]
    words: tuple[str, ...] = ()


def value(field: Json) -> Sql | None:
    """The value of a cell as SQL over its text; None if the type, or its format, is not known here."""
    kind = field.get("type") or ("any" if field.get("format") is None else "string")
    form = field.get("format") or "default"
    match kind:
        case "string":
            return _string(form)
        case "integer":
            return lambda c: _number(c, field, r"[+\-]?[0-9]+", "HUGEINT", whole=True)
        case "number":
            return lambda c: _number(c, field, r"[+\-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+\-]?[0-9]+)?", "DOUBLE")
        case "boolean":
            return lambda c: _boolean(c, field)
        case "date" | "datetime" | "time":
            return _moment(kind, form)
        case "array" | "object":
            return lambda c: _json(c, kind.upper())
        case "list":
            return _list(field)
        case "geojson":
            return _topojson if form == "topojson" else _geojson
        case "geopoint":
            return _point(form)
        case "year":
            return lambda c: f"TRY_CAST({_matched(c, f'-?[0-9]{{4,}}{_ZONE}')} AS BIGINT)"
        case "yearmonth":
            return lambda c: _matched(c, "-?[0-9]{4,}-(?:0[1-9]|1[0-2])")
        case "duration":
            return _duration
        case "any":
            return lambda c: c
    return None


def _string(form: str) -> Sql:
    pattern = _STRINGS.get(form)
    return (lambda c: c) if pattern is None else lambda c: _matched(c, pattern)


def _number(cell: str, field: Json, pattern: str, kind: str, *, whole: bool = False) -> str:
    plain = cell
    if field.get("bareNumber") is False:
        plain = f"regexp_replace(regexp_replace({plain}, '^[^0-9+\\-.]+', ''), '[^0-9.]+$', '')"
    if isinstance(group := field.get("groupChar"), str) and group:
        plain = f"replace({plain}, {literal(group)}, '')"
    if not whole and isinstance(point := field.get("decimalChar"), str) and point and point != ".":
        plain = f"replace({plain}, {literal(point)}, '.')"
    found = f"TRY_CAST({_matched(plain, pattern)} AS {kind})"
    if whole:
        return found
    special = f"upper({cell}) IN ('NAN', 'INF', '-INF')"
    return f"CASE WHEN {special} THEN TRY_CAST({cell} AS DOUBLE) ELSE {found} END"


def _boolean(cell: str, field: Json) -> str:
    words = {}
    for key, default in (("trueValues", _TRUE), ("falseValues", _FALSE)):
        given = field.get(key)
        words[key] = ", ".join(literal(str(one)) for one in (given if isinstance(given, list) and given else default))
    return (
        f"CASE WHEN {cell} IN ({words['trueValues']}) THEN true WHEN {cell} IN ({words['falseValues']}) THEN false END"
    )


def _moment(kind: str, form: str) -> Sql:
    cast = {"date": "DATE", "datetime": "TIMESTAMPTZ", "time": "TIME"}[kind]
    usual = {"date": _DAY, "datetime": f"{_DAY}T{_CLOCK}{_ZONE}", "time": _CLOCK + _ZONE}[kind]
    if form == "default" and kind == "time":
        return lambda c: f"TRY_CAST(substr({_matched(c, usual)}, 1, 8) AS TIME)"
    if form == "default":
        return lambda c: f"TRY_CAST({_matched(c, usual)} AS {cast})"
    if form == "any":
        return lambda c: f"coalesce(TRY_CAST({c} AS {cast}), {_spoken(c, kind)}::{cast})"
    pattern = form.removeprefix("fmt:")
    zoned = "regexp_replace({c}, '[Zz]$', '+00:00')" if pattern.endswith("%z") else "{c}"  # as Python reads it
    return lambda c: f"TRY_CAST(try_strptime({zoned.replace('{c}', c)}, {literal(pattern)}) AS {cast})"


def _spoken(cell: str, kind: str) -> str:
    """The moment a text gives in one of the many ways in which people write it."""
    both = [f"{day} {clock}" for day in _ANY_DAY for clock in _ANY_CLOCK]
    listed = _ANY_CLOCK if kind == "time" else _ANY_DAY if kind == "date" else (*both, *_ANY_DAY)
    plain = f"trim(regexp_replace({cell}, {literal(_SPOKEN)}, '', 'g'))"
    return f"try_strptime({plain}, [{', '.join(map(literal, listed))}])"


def _duration(cell: str) -> str:
    """Its seconds, so that the longer one is more."""
    parts = " + ".join(
        f"coalesce(TRY_CAST(regexp_extract({cell}, '{before}([0-9.]+){unit}', 1) AS DOUBLE), 0) * {seconds}"
        for before, unit, seconds in _UNITS
    )
    sound = f"{_whole(cell, _DURATION)} AND NOT regexp_full_match({cell}, '.*[PT]')"
    return _if(sound, f"(CASE WHEN starts_with({cell}, '-') THEN -1 ELSE 1 END) * ({parts})")


def _geojson(cell: str) -> str:
    held = f"TRY_CAST({cell} AS JSON)"
    kind = f"json_extract_string({held}, '$.type')"
    cases = " ".join(
        f"WHEN {kind} IN ({', '.join(map(literal, names))}) THEN json_type({held}, '$.{key}') = 'ARRAY'"
        for key, names in _GEOJSON.items()
    )
    feature = f"json_type({held}, '$.geometry') IN ('OBJECT', 'NULL')"
    return _json(cell, "OBJECT", f"(CASE {cases} WHEN {kind} = 'Feature' THEN {feature} END)")


def _topojson(cell: str) -> str:
    held = f"TRY_CAST({cell} AS JSON)"
    parts = f"json_type({held}, '$.objects') = 'OBJECT' AND json_type({held}, '$.arcs') = 'ARRAY'"
    return _json(cell, "OBJECT", f"json_extract_string({held}, '$.type') = 'Topology' AND {parts}")


def _json(cell: str, kind: str, condition: str = "true") -> str:
    """JSON of a kind. Functions of JSON fail on what is none, so they are given what could be cast."""
    return _if(f"json_type(TRY_CAST({cell} AS JSON)) = '{kind}' AND {condition}", f"json({cell})::VARCHAR")


def _point(form: str) -> Sql | None:
    inside = "abs(TRY_CAST({0} AS DOUBLE)) <= 180 AND abs(TRY_CAST({1} AS DOUBLE)) <= 90"
    match form:
        case "default":
            sides = inside.format("trim(split_part({c}, ',', 1))", "trim(split_part({c}, ',', 2))")
            pattern = f"{_DEGREES},{_DEGREES}"
            return lambda c: _if(f"{_whole(c, pattern)} AND {sides.replace('{c}', c)}", c)
        case "array" | "object":
            lon, lat = ("$[0]", "$[1]") if form == "array" else ("$.lon", "$.lat")
            sides = inside.format(*(f"json_extract_string(TRY_CAST({{c}} AS JSON), '{side}')" for side in (lon, lat)))
            size = "json_array_length({c})" if form == "array" else "len(json_keys({c}))"
            sides = f"{sides} AND {size.replace('{c}', 'TRY_CAST({c} AS JSON)')} = 2"
            return lambda c: _json(c, form.upper(), sides.replace("{c}", c))
    return None


def _list(field: Json) -> Sql | None:
    kind = field.get("itemType") or "string"
    item = value({"type": kind})
    if item is None or kind == "string":
        return _same if item else None
    parted = f"string_split({{c}}, {literal(str(field.get('delimiter') or ','))})"
    wrong = f"list_filter({parted}, lambda item: {item('item')} IS NULL)"
    return lambda c: _if(f"len({wrong.replace('{c}', c)}) = 0", c)


def _if(condition: str, then: str) -> str:
    return f"CASE WHEN {condition} THEN {then} END"


def _whole(cell: str, pattern: str) -> str:
    return f"regexp_full_match({cell}, {literal(pattern)}, 's')"


def _matched(cell: str, pattern: str) -> str:
    return _if(_whole(cell, pattern), cell)


def missing(field: Json, schema: Json, sequence: object = None) -> list[str]:
    """The texts that mean that there is no value."""
    given = field.get("missingValues", schema.get("missingValues", [""]))
    listed = given if isinstance(given, list) else [given]
    texts = [str(one.get("value", "")) if isinstance(one, dict) else str(one) for one in listed]
    return texts + ([sequence] if isinstance(sequence, str) else [])


def present(cell: str, absent: list[str]) -> str:
    """The text of a cell, null where it means none."""
    return _if(f"{cell} NOT IN ({', '.join(map(literal, absent))})", cell) if absent else cell


def rules(field: Json) -> Iterator[Rule]:
    """What the cells of a column must be, beside being of its type. `unique` is a key, and not among them."""
    kind = str(field.get("type") or "any")
    given = field.get("constraints")
    limits: Json = given if isinstance(given, dict) else {}
    if limits.get("required") is True:
        yield Rule("required", "a value is required", lambda cell, _: f"{cell} IS NULL")
    read = _constant(field)
    if kind in ORDERED:
        yield from _bounds(limits, read)
    if kind in MEASURED:
        yield from _lengths(limits, kind, field)
    if isinstance(pattern := limits.get("pattern"), str):
        yield _pattern(pattern)
    if isinstance(words := limits.get("enum"), list) and words:
        absent = missing(field, {})
        yield _among("enum", [one for one in words if one is not None and one not in absent], read)
    if isinstance(words := field.get("categories"), list) and words:
        yield _among("categories", [one.get("value") if isinstance(one, dict) else one for one in words], read)


def _constant(field: Json) -> Callable[[object], str]:
    """SQL of the value of a word of the descriptor: written as a cell is, or a value of JSON that needs no format."""
    written = value(field) or _same
    plain = value({key: held for key, held in field.items() if key not in FORMATS}) or _same
    return lambda word: (written if isinstance(word, str) else plain)(literal(_shown(word)))


def _bounds(limits: Json, read: Callable[[object], str]) -> Iterator[Rule]:
    for name, sign, words in (
        ("minimum", "<", "at least"),
        ("maximum", ">", "at most"),
        ("exclusiveMinimum", "<=", "more than"),
        ("exclusiveMaximum", ">=", "less than"),
    ):
        if (bound := limits.get(name)) is not None:
            yield Rule(name, f"expected {words} {bound}", _compared(sign, read(bound)), (read(bound),))


def _lengths(limits: Json, kind: str, field: Json) -> Iterator[Rule]:
    unit = "characters" if kind == "string" else "items"
    for name, sign, words in (("minLength", "<", "at least"), ("maxLength", ">", "at most")):
        bound = limits.get(name)
        if isinstance(bound, int):
            yield Rule(name, f"expected {words} {bound} {unit}", _measured(sign, bound, kind, field))


def _compared(sign: str, bound: str) -> Callable[[str, str], str]:
    return lambda _, value: f"{value} {sign} {bound}"


def _measured(sign: str, bound: int, kind: str, field: Json) -> Callable[[str, str], str]:
    return lambda _, value: f"{_length(value, kind, field)} {sign} {bound}"


def _pattern(pattern: str) -> Rule:
    message = f"expected a text that matches {pattern[:80]}"
    return Rule("pattern", message, lambda cell, _: f"NOT regexp_full_match({cell}, {literal(as_re2(pattern))})")


def _among(name: str, words: list[Any], read: Callable[[object], str]) -> Rule:
    shown = ", ".join(_shown(one) for one in words[:10]) + (", …" if len(words) > 10 else "")
    read_words = tuple(read(one) for one in words)
    allowed = ", ".join(read_words) or "NULL"

    def bad(_: str, value: str) -> str:
        return f"{value} IS NOT NULL AND NOT coalesce({value} IN ({allowed}), false)"

    return Rule(name, f"expected one of {shown}", bad, read_words)


def _same(cell: str) -> str:
    return cell


def _length(cell: str, kind: str, field: Json) -> str:
    match kind:
        case "array":
            return f"json_array_length(TRY_CAST({cell} AS JSON))"
        case "object":
            return f"len(json_keys(TRY_CAST({cell} AS JSON)))"
        case "list":
            return f"len(string_split({cell}, {literal(str(field.get('delimiter') or ','))}))"
    return f"length({cell})"


def _shown(word: object) -> str:
    """A value of the descriptor as its text in a file."""
    return word if isinstance(word, str) else json.dumps(word, ensure_ascii=False)
