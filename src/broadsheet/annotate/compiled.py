"""What takes long to make of a pack, kept where Python keeps bytecode: in `__pycache__` beside the pack.

Names are completed with OpenCC and libraries of places, and put in order; a start would spend most of its time on that.
The file is JSON and holds nothing that could run. It is used if it is whole and was made of the same pack by the same
code and libraries; else it is made again, and where it cannot be written, nothing is said. Whether it is there makes no
difference to any annotation.
"""

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import astuple, dataclass, fields
from datetime import date
from functools import lru_cache
from importlib.util import cache_from_source
from itertools import count
from pathlib import Path
from typing import Any, Final

from broadsheet.annotate.fold import fold_table
from broadsheet.annotate.gazetteer import (
    Authority,
    Role,
    library_versions,
    load_organizations,
    load_persons,
    load_places,
    load_shields,
)
from broadsheet.annotate.latin import latin_authorities
from broadsheet.schema.strict_yaml import read_yaml

READ: Final = frozenset({".yaml", ".csv", ".txt", ".py"})
FIELDS: Final = tuple(field.name for field in fields(Authority))
_temporary = count()


@dataclass(frozen=True, slots=True)
class Compiled:
    """The names of a pack.

    Attributes:
        fold: From character code to the character of the pack's script.
        authorities: Who and what has a name.
        aliases: Folded names and shields, sorted.
        owners: For each of them, the indices of the authorities that bear it, likeliest first; none for a shield.
    """

    fold: dict[int, str]
    authorities: tuple[Authority, ...]
    aliases: tuple[str, ...]
    owners: tuple[tuple[int, ...], ...]


def compiled(folder: Path) -> Compiled:
    """The names of the pack in a folder: from the cache, else made and put there."""
    return _compiled(folder.resolve(), fingerprint(folder))


@lru_cache(maxsize=8)
def _compiled(folder: Path, key: str) -> Compiled:
    file = _place(folder)
    if file is not None:
        with suppress(OSError, ValueError, TypeError, LookupError, RecursionError):
            return _read(file.read_bytes(), key)
    made = compile_pack(folder)
    if file is not None:
        with suppress(OSError):
            _write(file, _dump(made, key))
    return made


def compile_pack(folder: Path) -> Compiled:
    """The names of the pack in a folder, from its files and the libraries."""
    settings = read_yaml(folder / "pack.yaml").value
    table = fold_table(settings.get("fold") or "")
    authorities = _authorities(folder, settings.get("authority"))
    owners: dict[str, list[tuple[float, int]]] = {word.translate(table): [] for word in load_shields(folder)}
    for number, authority in enumerate(authorities):
        for name in (*authority.names, *authority.weak):
            owners.setdefault(name.translate(table), []).append((-authority.prior, number))
    aliases = tuple(sorted(owners))
    return Compiled(
        table,
        authorities,
        aliases,
        tuple(tuple(dict.fromkeys(owner for _, owner in sorted(owners[alias]))) for alias in aliases),
    )


def fingerprint(folder: Path) -> str:
    """Hash of every file of a pack and of the pack it borrows from, of the code that reads it, and of libraries."""
    digest = hashlib.sha256(repr(sorted(library_versions().items())).encode())
    source = read_yaml(folder / "pack.yaml").value.get("authority")
    tops = [folder, *([folder / source] if source else []), Path(__file__).parent]
    for number, top in enumerate(tops):
        for file in sorted(top.rglob("*.*")):
            if file.suffix in READ and file.is_file():
                content = hashlib.sha256(file.read_bytes()).hexdigest()
                digest.update(f"{number} {file.relative_to(top).as_posix()}\0{content}\0".encode())
    return digest.hexdigest()


def _authorities(folder: Path, source: str | None) -> tuple[Authority, ...]:
    """The pack's own authority files, or the names in Latin letters of those of another pack."""
    if source is None:
        return (*load_places(folder), *load_organizations(folder), *load_persons(folder))
    return tuple(latin_authorities(folder, compiled(folder / source).authorities))


def _place(folder: Path) -> Path | None:
    """Where the cache of a pack stands, for this Python: its tables of characters are part of what is computed."""
    try:
        return Path(cache_from_source(str(folder / "pack.py"), optimization="")).with_suffix(".json")
    except NotImplementedError:  # a Python that keeps no caches
        return None


def _dump(made: Compiled, key: str) -> bytes:
    """A line with the key and the hash of the rest, and the rest."""
    content = {
        "fold": ["".join(map(chr, made.fold)), "".join(made.fold.values())],
        "authorities": [_row(authority) for authority in made.authorities],
        "aliases": made.aliases,
        "owners": made.owners,
    }
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=date.isoformat).encode()
    return f"{key} {hashlib.sha256(text).hexdigest()}\n".encode() + text


def _read(data: bytes, key: str) -> Compiled:
    """What `_dump` wrote; ValueError and the like if it is anything else."""
    head, _, text = data.partition(b"\n")
    if head.decode("ascii") != f"{key} {hashlib.sha256(text).hexdigest()}":
        raise ValueError("made of something else, or damaged")
    content = json.loads(text)
    points, folded = content["fold"]
    return Compiled(
        dict(zip(map(ord, points), folded, strict=True)),
        tuple(map(_authority, content["authorities"])),
        tuple(content["aliases"]),
        tuple(map(tuple, content["owners"])),
    )


def _row(authority: Authority) -> list[Any]:
    row = {name: getattr(authority, name) for name in FIELDS}
    return [*(row | {"roles": [astuple(role) for role in authority.roles]}).values()]


def _authority(row: list[Any]) -> Authority:
    found: dict[str, Any] = dict(zip(FIELDS, row, strict=True))
    found["names"], found["weak"] = tuple(found["names"]), tuple(found["weak"])
    found["roles"] = tuple(Role(role, of, _day(start), _day(end)) for role, of, start, end in found["roles"])
    return Authority(**found)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _write(file: Path, data: bytes) -> None:
    """Put a file in place whole; of two processes that do so, either's is right."""
    file.parent.mkdir(exist_ok=True, parents=True)
    temporary = file.with_name(f"{file.name}.{os.getpid()}.{next(_temporary)}")
    try:
        temporary.write_bytes(data)
        temporary.replace(file)
    except OSError:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
