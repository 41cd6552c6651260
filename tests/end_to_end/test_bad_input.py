"""Everything that can be wrong with files, in one project: each has its row and its reason, and nothing else is lost.

And everything that can happen to a run: the next one completes, and gives what an undisturbed one gives.
"""

import errno
import json
import os
import shutil
import signal
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from e2e_tools import COLLECTED, EPOCH, Rows, built, differing, files_of, forked_broadsheet, invoke, rows

import forked
from broadsheet.findings import CODES

BODY = "中国外长王毅5月6日在北京会见法国外长。\n\n双方谈到双边关系。\n"
HEAD = "---\ntitle: 王毅会见法国外长\ndate: 2024-05-07 08:00:00 +0800\n---\n\n"
HUGE = 100 * 1024 * 1024
DESCRIPTOR = """\
name: hostile
sources:
  - name: first
    files: ["sources/first/**", "sources/gone.md"]
    publisher: 甲报
  - name: second
    files: ["sources/second/*.md", "sources/first/good-0.md"]
    publisher: 乙报
"""


def article(text: str) -> str:
    return f"{HEAD}{text}"


def feed(body: str, title: str = "题目在此") -> str:
    return f"<!--1715040000000-->\n[{title}](https://feed.example/a)\n------\n\n{body}\n"


BAD: dict[str, str | bytes] = {
    "first/empty.md": b"",
    "first/picture.md": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4,
    "first/lost-bytes.md": article("一段正文写在这里，").encode() * 3 + b"\xff\xfe\xe4 " + "完。\n".encode(),
    "first/gb18030.md": article(BODY * 3).encode("gb18030"),
    "first/front-invalid.md": f'---\ntitle: "王毅"会见"法国"外长\ndate: 2024-05-07\n---\n\n{BODY}',
    "first/front-endless.md": f"---\ntitle: 没有结尾\ndate: 2024-05-07\n\n{BODY}",
    "first/aliases.md": "---\ntitle: 别名\na: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n---\n\n" + BODY,
    "first/unclosed.txt": feed("<div><p>一段。<p>二段<b>粗。<div>三段。<script>var x = 1;"),
    "first/nested.txt": feed("<div>" * 10_000 + "<p>深处的一段。</p>" + "</div>" * 10_000 + "<p>外面的一段。</p>"),
    "first/future.txt": feed("<div><i>林一<br>2099-01-02T03:04:05Z</i></div><p>正文一段。</p>"),
    "first/long-title.md": f"---\ntitle: {'长' * 50_000}\ndate: 2024-05-07\n---\n\n{BODY}",
    "first/new\nline.md": article(BODY.replace("5月6日", "5月5日")),
    "second/own.md": article("乙报的一段正文。\n"),
}
EXPECTED: dict[str, tuple[str, str | None, str | None]] = {
    # file: status of its row, code of its reject, what stands in the stretch of the file the reject names
    "first/empty.md": ("empty", "file-empty", None),
    "first/huge.md": ("rejected", "file-too-large", None),
    "first/picture.md": ("rejected", "file-binary", None),
    "first/lost-bytes.md": ("parsed", "encoding-lossy", None),
    "first/gb18030.md": ("parsed", "encoding-guessed", None),
    "first/front-invalid.md": ("parsed", "front-matter-invalid", 'title: "王毅"会见"法国"外长'),
    "first/front-endless.md": ("parsed", "front-matter-unclosed", "date: 2024-05-07"),
    "first/aliases.md": ("parsed", "front-matter-invalid", "&a"),
    "first/unclosed.txt": ("parsed", "markup-unclosed", "<script>"),
    "first/nested.txt": ("parsed", "markup-too-deep", "<div>"),
    "first/future.txt": ("parsed", "date-implausible", "2099-01-02T03:04:05Z"),
    "first/long-title.md": ("parsed", "title-too-long", "长长长"),
    "first/locked.md": ("rejected", "file-unreadable", None),
    "first/link.md": ("rejected", "symlink-outside", None),
    "gone.md": ("rejected", "file-unreadable", None),
    "first/good-0.md": ("rejected", "file-claimed-twice", None),  # in the second collection
    "first/new\nline.md": ("parsed", None, None),
    "second/own.md": ("parsed", None, None),
}


def lock(patch: pytest.MonkeyPatch) -> None:
    """Let nobody open `locked.md`; tests may run as root, whom permissions do not stop."""
    real = Path.open

    def refused(self: Path, *words: Any, **options: Any) -> Any:
        if self.name == "locked.md":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self))
        return real(self, *words, **options)

    patch.setattr(Path, "open", refused)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The project of all that, beside three good articles, built; `locked.md` stays locked while it is used."""
    root = tmp_path_factory.mktemp("hostile")
    project, outside = root / "project", root / "outside.md"
    outside.write_text(article("不该读到的一段。\n"), "utf-8")
    good = {f"first/good-{number}.md": article(BODY.replace("6日", f"{number + 1}日")) for number in range(3)}
    for name, text in {**good, **BAD, "first/locked.md": article(BODY)}.items():
        file = project / "sources" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with (project / "sources/first/huge.md").open("wb") as stream:
        stream.truncate(HUGE)  # takes no room on the disk
    (project / "sources/first/link.md").symlink_to(outside)
    (project / "datapackage.yaml").write_text(DESCRIPTOR, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        lock(patch)
        assert invoke("build", "-C", project, "--jobs", "1").exit_code == 0
        yield project


def of_file(project: Path, table: str, name: str) -> Rows:
    """Rows of a table that belong to a source file; of the second collection where it was refused there."""
    wanted = (
        "second" if EXPECTED.get(name, ("", ""))[1] == "file-claimed-twice" or name.startswith("second") else "first"
    )
    (source,) = [
        row
        for row in rows(project / "build", "sources")
        if (row["path"], row["collection"]) == (f"sources/{name}", wanted)
    ]
    return (
        [source]
        if table == "sources"
        else [r for r in rows(project / "build", table) if r["source_id"] == source["source_id"]]
    )


def test_every_file_offered_has_a_row_and_no_other(hostile: Path) -> None:
    offered = sorted([*EXPECTED, "first/good-0.md", "first/good-1.md", "first/good-2.md"])
    assert sorted(row["path"].removeprefix("sources/") for row in rows(hostile / "build", "sources")) == offered


@pytest.mark.parametrize("name", EXPECTED, ids=lambda name: name.replace("\n", "_"))
def test_bad_file_is_named_with_its_reason_and_place(hostile: Path, name: str) -> None:
    status, code, text = EXPECTED[name]
    (source,) = of_file(hostile, "sources", name)
    assert source["status"] == status
    rejects = [row for row in of_file(hostile, "rejects", name) if row["code"] != "publisher-unknown"]
    if code is None:
        assert rejects == []
        return
    (reject,) = [row for row in rejects if row["code"] == code]
    assert reject["message"]
    assert CODES[code].remedy
    if text is not None:
        data = (hostile / source["path"]).read_bytes()[reject["source_start"] : reject["source_end"]]
        assert text in data.decode(source["encoding"])
        assert reject["source_end"] - reject["source_start"] < source["bytes"]


def test_what_could_be_read_of_a_bad_file_is_kept(hostile: Path) -> None:
    def body(name: str) -> list[str]:
        (found,) = of_file(hostile, "articles", name)
        return found["body"].split("\n\n")

    whole = BODY.strip().split("\n\n")
    for name in ("front-invalid.md", "front-endless.md", "aliases.md", "long-title.md"):
        assert body(f"first/{name}") == whole
    assert body("first/gb18030.md") == whole * 3
    assert body("first/unclosed.txt")[:3] == ["一段。", "二段粗。", "三段。"]
    assert body("first/nested.txt") == ["深处的一段。", "外面的一段。"]
    assert body("first/new\nline.md")[0] == "中国外长王毅5月5日在北京会见法国外长。"
    (future,) = of_file(hostile, "articles", "first/future.txt")
    assert (future["published_at"], future["published_text"]) == (None, "2099-01-02T03:04:05Z")
    (long,) = of_file(hostile, "articles", "first/long-title.md")
    assert long["title"] is None
    (invalid,) = of_file(hostile, "articles", "first/front-invalid.md")
    assert invalid["title"] == '"王毅"会见"法国"外长'
    for name in ("first/link.md", "first/huge.md", "first/picture.md", "first/locked.md"):
        assert of_file(hostile, "articles", name) == []


def test_good_articles_are_complete(hostile: Path) -> None:
    for number in range(3):
        (found,) = of_file(hostile, "articles", f"first/good-{number}.md") if number else _first(hostile)
        assert found["title"] == "王毅会见法国外长"
        assert found["body"] == BODY.strip().replace("6日", f"{number + 1}日")
        mentions = [row for row in rows(hostile / "build", "mentions") if row["article_id"] == found["article_id"]]
        assert {"王毅", "北京", "法国"} <= {row["surface"] for row in mentions}


def _first(project: Path) -> Rows:
    return [row for row in rows(project / "build", "articles") if row["source_path"] == "sources/first/good-0.md"]


def test_hostile_project_passes_its_check_and_becomes_packages(hostile: Path) -> None:
    checked = invoke("check", "-C", hostile, "--jobs", "1", "--json")
    assert checked.exit_code == 0, checked.stdout
    assert json.loads(checked.stdout)["counts"]["rows of articles"] == 14
    assert invoke("package", "-C", hostile).exit_code == 0
    done = invoke("check", hostile / "dist", "--json")
    assert json.loads(done.stdout)["summary"]["error"] == 0
    for path, data in files_of(hostile / "dist").items():
        if not path.endswith(".parquet"):
            assert "不该读到".encode() not in data  # the text behind the link
            assert os.fsencode(hostile.parent) not in data  # nor where on this machine all this lies


def test_misspelt_key_names_file_line_and_the_nearest_known_key(tmp_path: Path) -> None:
    (tmp_path / "datapackage.yaml").write_text(DESCRIPTOR.replace("    publisher: 乙报", "    publsher: 乙报"), "utf-8")
    for verb in ("build", "check", "package"):
        done = invoke(verb, "-C", tmp_path)
        assert done.exit_code == 2
        assert f"{tmp_path.as_posix()}/datapackage.yaml:8: " in done.stderr
        assert "'publsher'" in done.stderr
        assert "'publisher'" in done.stderr
        assert CODES["key-unknown"].remedy in done.stderr


# What can happen to a run.


@pytest.fixture(scope="module")
def expected(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What an undisturbed build and packaging of the small project give."""
    project = shutil.copytree(small, tmp_path_factory.mktemp("undisturbed") / "small")
    assert invoke("build", "-C", project, "--jobs", "1").exit_code == 0
    assert invoke("package", "-C", project).exit_code == 0
    return project


def completes(project: Path, expected: Path) -> None:
    """The next run gives what an undisturbed one gives, and leaves nothing lying about."""
    assert invoke("build", "-C", project, "--jobs", "1").exit_code == 0
    assert invoke("package", "-C", project).exit_code == 0
    assert differing(built(project), built(expected)) == []
    assert differing(files_of(project / "dist"), files_of(expected / "dist")) == []
    assert not [path for path in project.rglob("*") if path.name.endswith(".tmp")]
    assert sorted(path.name for path in project.iterdir()) == sorted(path.name for path in expected.iterdir())


@pytest.mark.parametrize("size", [64, 20_000])
def test_disk_that_takes_no_more_bytes_ends_the_build_with_a_reason(
    small: Path, expected: Path, size: int, tmp_path: Path
) -> None:
    """The system refuses every write beyond a size, to Python and to Arrow alike."""
    project = shutil.copytree(small, tmp_path / "small")
    done = forked_broadsheet("build", "-C", project, "--jobs", "1", file_size=size)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "[write-failed]" in done.stderr
    assert os.strerror(errno.EFBIG) in done.stderr
    assert CODES["write-failed"].remedy in done.stderr
    assert not (project / "build/report.json").exists()
    refused = invoke("package", "-C", project)
    assert refused.exit_code == 2
    assert "Run `broadsheet build`" in refused.stderr
    completes(project, expected)


def test_disk_that_takes_no_more_bytes_ends_the_packaging_with_a_reason(expected: Path, tmp_path: Path) -> None:
    project = shutil.copytree(expected, tmp_path / "small")
    done = forked_broadsheet("package", "-C", project, file_size=8_000)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "[write-failed]" in done.stderr
    completes(project, expected)


@pytest.mark.parametrize("verb", ["build", "check"])
def test_full_disk_is_told_by_every_verb_that_builds(
    small: Path, expected: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    project = shutil.copytree(small, tmp_path / "small")
    real = os.fsync

    def full(handle: int) -> None:
        written = os.fstat(handle)
        if stat.S_ISREG(written.st_mode) and written.st_size > 100:  # the lock has a few bytes only
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(handle)

    monkeypatch.setattr(os, "fsync", full)
    done = invoke(verb, "-C", project, "--jobs", "1", "--json")
    monkeypatch.undo()
    assert done.exit_code == 2
    (found,) = json.loads(done.stdout)["findings"]
    assert (found["code"], "No space left on device" in found["message"]) == ("write-failed", True)
    assert found["path"].startswith(project.as_posix())
    completes(project, expected)


MOMENTS = {"process": ".cache/shard-*", "write": ".staging/*"}
"""What lies in build/ as soon as a stage has begun."""


@pytest.mark.parametrize(("moment", "jobs"), [("process", 2), ("write", 1)])
def test_killed_build_is_completed_by_the_next(
    small: Path, expected: Path, tmp_path: Path, moment: str, jobs: int
) -> None:
    """Killed as soon as a stage has begun; its workers may still be at it while the next build begins."""
    project = shutil.copytree(small, tmp_path / "small")
    shutil.rmtree(project / "build")
    words = ("build", "-C", project, "--jobs", str(jobs))
    running = forked.start("broadsheet.cli:main", *words, warm=forked.COMMANDS)
    deadline = time.monotonic() + 60
    while not running.ended() and not any((project / "build").glob(MOMENTS[moment])) and time.monotonic() < deadline:
        time.sleep(0.001)
    if not running.ended():
        os.kill(running.pid, signal.SIGKILL)
    running.wait()
    assert time.monotonic() < deadline
    (project / "build").mkdir(exist_ok=True)
    shutil.copy(expected / "build/README.md", project / "build/README.md")
    completes(project, expected)


def package_until() -> None:
    """Package a project; the process is killed at one of its renames. Runs in a process of its own."""
    from broadsheet.package import package
    from broadsheet.project import load_project

    left = int(sys.argv[2])
    real = Path.rename

    def rename(self: Path, target: Path) -> Path:
        # both packages come into their place by renames of folders
        nonlocal left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(self, target)

    Path.rename = rename  # type: ignore[method-assign, assignment]
    project = load_project(Path(sys.argv[1]))
    package(project, project.build_dir, project.dist_dir)


@pytest.mark.parametrize("point", [0, 1, 4])
def test_killed_packaging_is_completed_by_the_next(expected: Path, tmp_path: Path, point: int) -> None:
    project = shutil.copytree(expected, tmp_path / "small")
    (project / "dist/datapackage/README.md").write_text("of an older release")
    target, warm = f"{__name__}:package_until", (*forked.COMMANDS, __name__)
    done = forked.run(target, project, str(point), warm=warm, env={"SOURCE_DATE_EPOCH": EPOCH})
    assert done.returncode == -signal.SIGKILL, done.stderr
    completes(project, expected)


def test_the_five_files_are_what_is_built_here(expected: Path) -> None:
    assert {row["source_path"] for row in rows(expected / "build", "articles")} == {f"sources/{n}" for n in COLLECTED}
