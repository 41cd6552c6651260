"""Archives as collections: built like folders, in one pass, and not again if they did not change."""

import gzip
import io
import os
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import engine_fakes as fakes
import pytest
from engine_fakes import FakeAnnotator, OtherAnnotator, article, settle

from broadsheet.check.build import check_build
from broadsheet.collect import Sources, members
from broadsheet.emitted.package import read_emitted
from broadsheet.engine import BuildReport, build, parts
from broadsheet.project import Project, load_project
from broadsheet.trace import trace

NUMBERS = range(6)


def tar(numbers: Iterator[int] | range, **changed: str) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as made:
        for number in numbers:
            data = changed.get(f"n{number}", article(number)).encode()
            member = tarfile.TarInfo(f"news/{number:04d}.md")
            member.size = len(data)
            made.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


def zipped(numbers: range) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for number in numbers:
            made.writestr(f"news/{number:04d}.md", article(number))
    return buffer.getvalue()


def zst(data: bytes) -> bytes:
    import pyarrow as pa

    packed: bytes = pa.compress(data, codec="zstd", asbytes=True)
    return packed


def corpus(root: Path, name: str, data: bytes, files: str = "", extra: str = "") -> Path:
    """A project of one collection: an archive."""
    text = f"name: demo\nsources:\n  - name: one\n    publisher: 测试社\n    files: {files or name}\n{extra}"
    (root / "datapackage.yaml").write_text(text, encoding="utf-8")
    (root / name).write_bytes(data)
    settle(root / name)
    return root


def run(root: Path, **options: object) -> BuildReport:
    return build(load_project(root), **{"annotator": FakeAnnotator, "jobs": 1, **options})  # type: ignore[arg-type]


def counts(report: BuildReport) -> tuple[int, int, int]:
    return report.files, report.processed, report.reread


def paths(root: Path) -> list[str]:
    return [row["path"] for row in fakes.tables_of(root)["sources"]]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Archives that were opened for their members, in order."""
    seen: list[str] = []

    def noted(offer: Any, *args: Any) -> Any:
        seen.append(offer.path)
        return members(offer, *args)

    monkeypatch.setattr(parts, "members", noted)
    return seen


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "CUT_EVERY", 4)
    monkeypatch.setattr(parts, "MOST_MEMBERS", 10)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.tar", tar(NUMBERS)),
        ("a.tgz", gzip.compress(tar(NUMBERS))),
        ("a.tar.zst", zst(tar(NUMBERS))),
        ("a.zip", zipped(NUMBERS)),
    ],
)
def test_the_same_rows_as_from_a_folder(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "packed").mkdir()
    folder = fakes.write_project(tmp_path / "folder", len(NUMBERS))
    packed = corpus(tmp_path / "packed", name, data)
    run(folder)
    assert counts(run(packed)) == (6, 6, 0)
    assert paths(packed) == [f"{name}/news/{number:04d}.md" for number in NUMBERS]
    one, other = fakes.tables_of(folder), fakes.tables_of(packed)
    same = ("title", "body", "segments", "source_start", "source_end", "published_at", "source_sha256")
    assert [[row[key] for key in same] for row in other["articles"]] == [
        [row[key] for key in same] for row in one["articles"]
    ]
    assert len(other["mentions"]) == len(one["mentions"])


def test_unchanged_archives_are_not_opened(tmp_path: Path, opened: list[str]) -> None:
    root = corpus(tmp_path, "a.tgz", gzip.compress(tar(NUMBERS)))
    run(root)
    before = fakes.bytes_of(root)
    assert counts(run(root)) == (6, 0, 0)
    assert opened == ["a.tgz"]
    os.utime(root / "a.tgz")  # another time, the same bytes
    assert counts(run(root)) == (6, 0, 0)
    assert counts(run(root)) == (6, 0, 0)
    assert opened == ["a.tgz"]
    assert fakes.bytes_of(root) == before


def test_an_archive_that_changed_is_read_once_and_only_new_members_are_parsed(
    tmp_path: Path, opened: list[str], small_parts: None
) -> None:
    assert small_parts is None
    root = corpus(tmp_path, "a.tar.zst", zst(tar(range(40))))
    assert counts(run(root)) == (40, 40, 0)
    shards = fakes.shards_of(root)
    assert len(shards) >= 4
    numbers = [*range(20), 900, *range(20, 40)]
    corpus(root, "a.tar.zst", zst(tar(iter(numbers), n7=article(777))))
    report = run(root)
    assert report.files == 41
    assert 2 <= report.processed <= 2 + 10  # what stood behind the new member in its part
    assert report.processed + report.reread == 41
    assert opened == ["a.tar.zst"] * 2
    assert len(fakes.shards_of(root) & shards) >= len(shards) - 4
    titles = {row["title"] for row in fakes.tables_of(root)["articles"]}
    assert {"甲国与乙国第900次通话", "甲国与乙国第777次通话"} <= titles
    assert "甲国与乙国第7次通话" not in titles


def test_how_parts_and_workers_are_made_leaves_no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = gzip.compress(tar(range(50)))
    found = []
    for name, jobs, cut in (("x", 1, 512), ("y", 1, 3), ("z", 2, 8)):
        monkeypatch.setattr(parts, "CUT_EVERY", cut)
        (tmp_path / name).mkdir()
        root = corpus(tmp_path / name, "a.tgz", data)
        assert counts(run(root, jobs=jobs)) == (50, 50, 0)
        found.append(fakes.bytes_of(root))
    assert found[0] == found[1] == found[2]


def test_archive_that_vanishes_or_is_chosen_otherwise(tmp_path: Path, small_parts: None) -> None:
    assert small_parts is None
    root = corpus(tmp_path, "a.zip", zipped(range(30)))
    run(root)
    corpus(root, "a.zip", zipped(range(30)), files="a.zip/news/000*.md")
    report = run(root)
    assert (report.files, len(paths(root))) == (10, 10)
    (root / "a.zip").unlink()
    (root / "b.md").write_text(article(1))
    corpus(root, "b.md", article(1).encode())
    assert counts(run(root)) == (1, 1, 0)
    assert paths(root) == ["b.md"]
    assert len(fakes.shards_of(root)) == 1


def test_other_code_or_settings_parse_all_again(tmp_path: Path, opened: list[str]) -> None:
    root = corpus(tmp_path, "a.zip", zipped(NUMBERS))
    run(root)
    assert counts(run(root, annotator=OtherAnnotator)) == (6, 6, 0)
    corpus(root, "a.zip", zipped(NUMBERS), extra="    language: zh-Hans\n")
    assert counts(run(root, annotator=OtherAnnotator)) == (6, 6, 0)
    assert opened == ["a.zip"] * 3


def test_damage_keeps_what_was_read_and_is_told_once(tmp_path: Path) -> None:
    whole = tar(NUMBERS)
    root = corpus(tmp_path, "a.tar", whole[: len(whole) // 4])
    report = run(root)
    tables = fakes.tables_of(root)
    (reject,) = [row for row in tables["rejects"] if row["code"] == "archive-broken"]
    assert "It ends at byte" in reject["message"]
    (told,) = [row for row in tables["sources"] if row["path"] == "a.tar"]
    assert (told["status"], told["source_id"]) == ("rejected", reject["source_id"])
    assert len(tables["articles"]) == report.files - 1 > 0
    traced = trace(read_emitted(root), Sources(load_project(root)), reject["reject_id"])
    assert (traced.verdict, traced.places[0].path, traced.places[0].end) == ("exact", "a.tar", 0)
    corpus(root, "a.tar", whole)
    run(root)
    assert len(fakes.tables_of(root)["articles"]) == len(NUMBERS)
    assert "a.tar" not in paths(root)


def test_a_build_that_was_ended_goes_on(tmp_path: Path, small_parts: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert small_parts is None
    root = corpus(tmp_path, "a.tgz", gzip.compress(tar(range(40))))

    def ended(*args: Any) -> Any:
        for number, member in enumerate(members(*args)):
            if number == 30:
                raise KeyboardInterrupt
            yield member

    monkeypatch.setattr(sys.modules["broadsheet.engine.build"], "COMMIT_SECONDS", 0)
    monkeypatch.setattr(parts, "members", ended)
    with pytest.raises(KeyboardInterrupt):
        run(root)
    monkeypatch.setattr(parts, "members", members)
    files, processed, reread = counts(run(root))
    assert (files, processed + reread) == (40, 40)
    assert reread >= 10
    assert counts(run(root)) == (40, 0, 0)


def test_a_damaged_shard_of_an_archive_is_made_again(tmp_path: Path, small_parts: None) -> None:
    assert small_parts is None
    root = corpus(tmp_path, "a.zip", zipped(range(30)))
    run(root)
    before = fakes.bytes_of(root)
    shard = sorted((root / "build/.cache").glob("shard-*"))[0]
    shard.write_bytes(b"PAR1")
    files, processed, reread = counts(run(root))
    assert (files, processed + reread) == (30, 30)
    assert 1 <= processed <= 10
    assert fakes.bytes_of(root) == before


def test_only_as_much_is_read_ahead_as_is_worked_on(tmp_path: Path, small_parts: None) -> None:
    """Parts hold bytes; they are made when a process is free, not before."""
    from broadsheet.engine import executor
    from broadsheet.engine.process import Chunk, Facts

    assert small_parts is None
    assert tmp_path.is_dir()
    made, most = 0, 0

    class Now:
        """Runs nothing until it is waited for."""

        def __enter__(self) -> "Now":
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def submit(self, _: Callable[..., Facts], __: object, chunk: Chunk) -> Any:
            from concurrent.futures import Future
            from threading import Timer

            future: Future[Facts] = Future()
            Timer(0.01, lambda: future.set_result(Facts(chunk.bucket, None, 0, 0))).start()
            return future

    def loaded() -> Iterator[Chunk]:
        nonlocal made
        for number in range(30):
            made += 1
            yield Chunk(str(number), None, frozenset(), ())

    done = 0
    for _ in executor._pooled(Now, None, [], loaded(), 2):  # type: ignore[arg-type, return-value]
        done += 1
        most = max(most, made - done)
    assert (made, done) == (30, 30)
    assert most <= executor.AHEAD * 2 + 1


def test_lines_and_pages(tmp_path: Path) -> None:
    page = "<html><head><title>甲国与乙国通话</title></head><body><p>甲国外长 Ding 昨天与乙国通话。</p></body></html>"
    body = page.encode("gb18030")
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=gb2312\r\n\r\n" + body
    head = "WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: 2024-03-01T08:00:00Z\r\n"
    head += f"WARC-Target-URI: https://news.example/a/1.html\r\nContent-Length: {len(http)}\r\n\r\n"
    root = corpus(tmp_path, "c.warc.gz", gzip.compress(head.encode() + http + b"\r\n\r\n"))
    run(root)
    tables = fakes.tables_of(root)
    (source,) = tables["sources"]
    assert source["path"] == "c.warc.gz/news.example/a/1.html"
    assert (source["encoding"], source["bytes"], source["archived_at"].isoformat()) == (
        "gb18030",
        len(body),
        "2024-03-01T08:00:00+00:00",
    )
    (row,) = tables["articles"]
    assert (row["url"], row["title"]) == ("https://news.example/a/1.html", "甲国与乙国通话")


def test_what_a_web_archive_leaves_out_is_counted(tmp_path: Path) -> None:
    block = b"HTTP/1.1 404 Not Found\r\n\r\n"
    root = corpus(tmp_path, "c.warc", b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 26\r\n\r\n" + block)
    run(root)
    tables = fakes.tables_of(root)
    assert [(row["path"], row["status"]) for row in tables["sources"]] == [("c.warc", "not_article")]
    assert [row["code"] for row in tables["rejects"]] == ["archive-skipped"]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "p"
    (root / "news.git").mkdir(parents=True)
    git(root, "init", "-q", "-b", "main")
    for number in range(30):
        (root / f"news.git/{number:02d}.md").write_text(article(number), encoding="utf-8")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "x")
    extra = "    repository: news.git\n    revision: main\n"
    (root / "datapackage.yaml").write_text(
        f"name: demo\nsources:\n  - name: one\n    publisher: 测试社\n    files: '*.md'\n{extra}", encoding="utf-8"
    )
    return root


def git(root: Path, *words: str) -> None:
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *who, *words], cwd=root / "news.git", check=True, capture_output=True)


def test_repository(repository: Path, small_parts: None, opened: list[str]) -> None:
    assert small_parts is None
    assert counts(run(repository)) == (30, 30, 0)
    assert paths(repository) == [f"{number:02d}.md" for number in range(30)]
    assert counts(run(repository)) == (30, 0, 0)
    assert opened == ["."]
    (repository / "news.git/07.md").write_text(article(777), encoding="utf-8")
    git(repository, "commit", "-qam", "x")
    assert counts(run(repository)) == (30, 1, 0)  # the others were not even read
    assert "甲国与乙国第777次通话" in {row["title"] for row in fakes.tables_of(repository)["articles"]}
    git(repository, "rm", "-q", "08.md")
    git(repository, "commit", "-qm", "x")
    assert run(repository).processed <= 10
    assert len(paths(repository)) == 29


def checked(project: Project) -> tuple[dict[str, int], set[str]]:
    report = check_build(project.build_dir, project.tables, Sources(project))
    return dict(report.counts), {finding.code for finding in report.findings}


def test_check_and_trace_follow_rows_into_archives(tmp_path: Path) -> None:
    for name, data in (("a.tar.zst", zst(tar(NUMBERS))), ("b.zip", zipped(NUMBERS))):
        (tmp_path / name[0]).mkdir()
        root = corpus(tmp_path / name[0], name, data)
        run(root)
        project = load_project(root)
        found, codes = checked(project)
        assert (found["spans exact"], codes) == (6 * 11, set())  # title, 2 paragraphs, 6 names, 2 reports
        row = fakes.tables_of(root)["articles"][3]
        traced = trace(read_emitted(project.build_dir), Sources(project), row["article_id"])
        assert [place.path for place in traced.places] == [f"{name}/news/0003.md"] * len(traced.places)
        assert (traced.verdict, traced.places[0].text) == ("exact", "甲国与乙国第3次通话")
        (root / name).write_bytes(data[: len(data) // 2])
        found, codes = checked(project)
        assert "source-missing" in codes
        traced = trace(
            read_emitted(project.build_dir), Sources(project), fakes.tables_of(root)["articles"][5]["article_id"]
        )
        assert traced.verdict == "mismatch"


def test_check_and_trace_follow_rows_into_a_repository(repository: Path) -> None:
    run(repository)
    project = load_project(repository)
    found, codes = checked(project)
    assert (found["spans exact"], codes) == (30 * 11, set())
    row = fakes.tables_of(repository)["mentions"][0]
    assert trace(read_emitted(project.build_dir), Sources(project), row["mention_id"]).verdict == "exact"


def test_check_reads_an_archive_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = corpus(tmp_path, "a.tgz", gzip.compress(tar(range(30))))
    run(root)
    seen = []

    def noted(*args: Any) -> Any:
        seen.append(args[0].path)
        return members(*args)

    monkeypatch.setattr("broadsheet.collect.sources.members", noted)
    assert checked(load_project(root))[1] == set()
    assert seen == ["a.tgz"]


def test_files_to_look_at_are_packed_small() -> None:
    from broadsheet.collect import Offer
    from broadsheet.document import Reject
    from broadsheet.engine.packed import Packed
    from broadsheet.engine.pending import Pending

    def item(number: int) -> Pending:
        path = f"sources/one/2024-{number % 12 + 1:02d}/article-{number:08d}.md"
        problem = Reject("file-unreadable", "It cannot be read.") if number % 7 == 0 else None
        file = Path("/archive") / path if number % 5 else None
        return Pending(Offer("one", path, file, number, number * 1000, problem), "settings")

    packed = Packed()
    for number in range(20_000):
        packed.append(item(number))
    assert sum(map(len, packed._packs)) < 20_000 * 60  # as objects they take 700 each
    assert len(packed) == 20_000
    assert all(found == item(number) for number, found in enumerate(packed))
