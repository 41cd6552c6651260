"""A small `dist/`, and what the tests of publishing need to know of each place, whatever it is."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.parquet as pq
from mock_hub import MockHub

TOKEN = "hf_" + "oNlYaTeStToKeN0123456789abcdefXY"  # in two pieces, or scanners take it for one
KEY, SECRET = "AKIA" + "TESTTESTTESTTEST", "sEcReT/only/a+test0123456789abcdefghijkl"
SESSION = "sEsSiOnOnlyATest/9876543210"
SECRETS = (TOKEN, SECRET, SESSION)
BUCKET = "harbor-bucket"
TABLES = {"articles": ["Ferries leave", "Ferries return", "Harbor freezes"], "events": ["call", "visit"]}
REPOSITORY = "owner/harbor-news"
CARD = """\
---
version: 1.2.0
configs:
- config_name: articles
  data_files: [{split: train, path: data/articles/train-00000-of-00001.parquet}]
- config_name: events
  data_files: [{split: train, path: data/events/train-00000-of-00001.parquet}]
---
# Harbor news
"""


def write_dist(dist: Path, tables: Mapping[str, list[str]] = TABLES, note: str = "") -> Path:
    """Packages as small as they can be: two tables, descriptors, and the lists of hashes."""
    resources = []
    for name, texts in tables.items():
        table = pa.table({"id": list(range(len(texts))), "text": texts})
        files = (f"datapackage/parquet/{name}.parquet", f"huggingface/data/{name}/train-00000-of-00001.parquet")
        for path in files:
            (dist / path).parent.mkdir(parents=True, exist_ok=True)
            pq.write_table(table, dist / path)
        csv = "id,text\n" + "".join(f"{number},{text}\n" for number, text in enumerate(texts))
        (dist / "datapackage/csv").mkdir(exist_ok=True)
        (dist / f"datapackage/csv/{name}.csv").write_text(csv, "utf-8")
        resources.append({"name": name, "path": f"csv/{name}.csv"})
    descriptor = {"name": "harbor-news", "version": "1.2.0", "description": note, "resources": resources}
    (dist / "datapackage/datapackage.json").write_text(json.dumps(descriptor), "utf-8")
    (dist / "huggingface/README.md").write_text(CARD + note, "utf-8")
    (dist / "datapackage.zip").write_bytes(b"PK" + note.encode())
    for root in (dist / "datapackage", dist / "huggingface"):
        write_sums(root, [file for file in root.rglob("*") if file.is_file() and file.name != "SHA256SUMS"])
    write_sums(dist, [dist / "datapackage.zip"])
    return dist


def write_sums(root: Path, files: list[Path]) -> None:
    listed = sorted((file.relative_to(root).as_posix(), file) for file in files)
    lines = (f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {path}\n" for path, file in listed)
    (root / "SHA256SUMS").write_text("".join(lines), "utf-8")


def contents(root: Path) -> dict[str, bytes]:
    return {f.relative_to(root).as_posix(): f.read_bytes() for f in sorted(root.rglob("*")) if f.is_file()}


def published(dist: Path) -> dict[str, bytes]:
    """All of it but what says of which build it was made: that stays here."""
    return {path: data for path, data in contents(dist).items() if path != "made-of.json"}


class Place(Protocol):
    """A target, seen from behind."""

    target: str
    module: str
    stale: str
    foreign: str

    def wanted(self, dist: Path) -> dict[str, bytes]:
        """What should be there."""

    def read(self) -> dict[str, bytes]:
        """What is there."""

    def write(self, path: str, data: bytes) -> None:
        """Put something there, as somebody else."""


@dataclass
class InFolder:
    root: Path
    module = "broadsheet.release.targets.folder.Folder"
    stale, foreign = "huggingface/data/gone/train-00000-of-00001.parquet", "index.html"

    @property
    def target(self) -> str:
        return str(self.root)

    def wanted(self, dist: Path) -> dict[str, bytes]:
        return published(dist)

    def read(self) -> dict[str, bytes]:
        return contents(self.root)

    def write(self, path: str, data: bytes) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_bytes(data)


@dataclass
class InBucket:
    client: Any
    bucket: str
    prefix = "some/where/"
    module = "broadsheet.release.targets.s3.Bucket"
    stale, foreign = "huggingface/data/gone/train-00000-of-00001.parquet", "index.html"

    @property
    def target(self) -> str:
        return f"s3://{self.bucket}/{self.prefix}"

    def wanted(self, dist: Path) -> dict[str, bytes]:
        return published(dist)

    def read(self) -> dict[str, bytes]:
        keys = dict(self._behind().buckets[self.bucket].keys.items())
        assert all(key.startswith(self.prefix) for key in keys)
        return {key.removeprefix(self.prefix): held.value for key, held in keys.items()}

    def write(self, path: str, data: bytes) -> None:
        self._behind().put_object(self.bucket, self.prefix + path, data)

    def _behind(self) -> Any:
        """What moto holds: its server is a thread of this process, and asking it takes a hundred times longer."""
        from moto.core import DEFAULT_ACCOUNT_ID
        from moto.s3.models import s3_backends

        return s3_backends[DEFAULT_ACCOUNT_ID]["aws"]


@dataclass
class OnHub:
    hub: MockHub
    target = f"hf:{REPOSITORY}"
    module = "broadsheet.release.targets.hub.Hub"
    stale, foreign = "data/gone/train-00000-of-00001.parquet", "assets/logo.svg"

    def wanted(self, dist: Path) -> dict[str, bytes]:
        return contents(dist / "huggingface")

    def read(self) -> dict[str, bytes]:
        if REPOSITORY not in self.hub.repositories:
            return {}
        return {path: data for path, data in self.hub.files(REPOSITORY).items() if path != ".gitattributes"}

    def write(self, path: str, data: bytes) -> None:
        if REPOSITORY not in self.hub.repositories:
            self.hub.make(REPOSITORY)
        self.hub.change(REPOSITORY, path, data)
