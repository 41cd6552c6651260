"""What is kept of a pack gives the same annotations, is never trusted blindly, and is never needed."""

import json
import pickle
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from annotate_tools import article

from broadsheet.annotate import Annotator, compiled
from broadsheet.annotate.compiled import Compiled
from broadsheet.annotate.pack import PACKS

HEAD = "id,name_en,latin,hans,tw,hk,country,wikidata,source"
PERSONS = f"{HEAD},roles\nann-lee,Ann Lee,,安·李|李安?,,,XX,,own,mayor@XX:2020-02..2021;guest@:..\n"
PLACES = f"{HEAD},kind\nred-bay,Red Bay,,红湾,赤灣,,XX,Q1,own,city\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A pack of two names; libraries of places would only take time."""
    for library in ("countries", "cities", "subdivisions"):
        monkeypatch.setattr(f"broadsheet.annotate.geography.{library}", lambda *_: iter(()))
    pack = tmp_path / "own"
    (pack / "authority").mkdir(parents=True)
    (pack / "lexicon").mkdir()
    (pack / "pack.yaml").write_text("languages: [zh]\nfold: t2s\n")
    (pack / "lexicon/shields.txt").write_text("红湾仔\n", "utf-8")
    (pack / "authority/persons.csv").write_text(PERSONS, "utf-8")
    (pack / "authority/organizations.csv").write_text(f"{HEAD},kind\n", "utf-8")
    (pack / "authority/places.csv").write_text(PLACES, "utf-8")
    return pack


def load(folder: Path) -> Compiled:
    """As a new process does."""
    compiled._compiled.cache_clear()
    return compiled.compiled(folder)


def kept(folder: Path) -> Path:
    (file,) = (folder / "__pycache__").iterdir()
    return file


def refuse(_: Path) -> Compiled:
    raise AssertionError("compiled again")


def test_the_second_start_only_reads(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = load(folder)
    monkeypatch.setattr(compiled, "compile_pack", refuse)
    assert load(folder) == first
    names = dict(zip(first.aliases, (len(owners) for owners in first.owners), strict=True))
    assert names == {"Ann Lee": 1, "Red Bay": 1, "安·李": 1, "李安": 1, "红湾": 1, "红湾仔": 0, "赤湾": 1}


@pytest.mark.parametrize("name", ["persons.csv", "organizations.csv", "places.csv"])
def test_a_changed_pack_is_compiled_again(folder: Path, name: str) -> None:
    first = load(folder)
    file = folder / "authority" / name
    cells = {"latin": "", "hans": "新名", "roles": "", "kind": "city"}
    row = ",".join(cells.get(column, "x") for column in file.read_text("utf-8").splitlines()[0].split(","))
    file.write_text(f"{file.read_text('utf-8')}{row}\n", "utf-8")
    assert set(load(folder).aliases) - set(first.aliases) == {"新名"}
    assert len(list((folder / "__pycache__").iterdir())) == 1


def damaged(good: bytes) -> dict[str, bytes]:
    head = good.partition(b"\n")[0]
    wrong = [
        b"[]",
        b"null",
        b'{"fold": ["", ""]}',
        b'{"fold": ["a", ""], "authorities": [[]], "aliases": 3, "owners": 1}',
    ]
    return {
        "empty": b"",
        "cut short": good[: len(good) // 2],
        "one byte else": good.replace(b"Red", b"Bad", 1),
        "another key": b"0" * 64 + good[64:],
        "no text": bytes(range(256)),
        "a pickle": pickle.dumps({"fold": 1}),
        **{f"right hash of {text[:20]!r}": signed(head, text) for text in wrong},
    }


def signed(head: bytes, text: bytes) -> bytes:
    return head[:64] + b" " + compiled.hashlib.sha256(text).hexdigest().encode() + b"\n" + text


@pytest.mark.parametrize("what", sorted(damaged(b"")))
def test_what_is_damaged_is_made_again(folder: Path, what: str) -> None:
    first = load(folder)
    good = kept(folder).read_bytes()
    kept(folder).write_bytes(damaged(good)[what])
    assert load(folder) == first
    assert kept(folder).read_bytes() == good


def test_a_folder_that_cannot_be_written_costs_time_only(folder: Path) -> None:
    (folder / "__pycache__").write_text("no folder")
    assert load(folder) == load(folder)
    assert (folder / "__pycache__").read_text() == "no folder"


def test_many_at_once_leave_one_whole_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, key = compiled.compile_pack(folder), compiled.fingerprint(folder)
    file = folder / "__pycache__" / "pack.json"
    data = compiled._dump(made, key)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: compiled._write(file, data), range(40)))
    assert kept(folder).read_bytes() == data
    assert compiled._read(data, key) == made


def test_the_file_is_text_without_anything_of_the_machine(folder: Path) -> None:
    load(folder)
    content = json.loads(kept(folder).read_bytes().partition(b"\n")[2])
    assert sorted(content) == ["aliases", "authorities", "fold", "owners"]
    assert str(folder) not in kept(folder).read_text("utf-8")


@pytest.mark.parametrize("name", ["zh", "en"])
def test_packs_are_the_same_with_and_without_a_cache(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    load(PACKS / name)
    again = load(PACKS / name)
    made = compiled.compile_pack(PACKS / name)
    assert again == made
    assert repr(again) == repr(made)


def test_annotations_are_the_same_with_and_without_a_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    text = article("外交部发言人王小明5月12日在北京说，中国总理李强将访问德国。", title="李强將訪問德國")
    compiled._compiled.cache_clear()
    kept_one = Annotator.load(("zh",)).annotate(text)
    compiled._compiled.cache_clear()
    monkeypatch.setattr(compiled, "_place", lambda _: None)
    made = Annotator.load(("zh",)).annotate(text)
    assert kept_one.mentions
    assert repr(kept_one) == repr(made)
