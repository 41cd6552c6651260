"""Files of a git repository at a revision."""

import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from archive_tools import all_members, archive_of, offered, said

from broadsheet.collect import Refused, Sources, members, offers
from broadsheet.project import Collection, Project

WHO = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_NAME": "a"}
WHO |= {"GIT_COMMITTER_EMAIL": "a@example.org", "GIT_CONFIG_GLOBAL": os.devnull}


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=folder, env={**os.environ, **WHO}, check=True, capture_output=True)
    return done.stdout.decode().strip()


def commit(folder: Path, **files: str | bytes) -> str:
    for name, text in files.items():
        file = folder / name.replace("__", "/").replace("_md", ".md")
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "x")
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "repo").mkdir()
    git(tmp_path / "repo", "init", "-q", "-b", "main")
    commit(tmp_path / "repo", news__1_md="一", news__2_md="二", other_md="x")
    git(tmp_path / "repo", "tag", "first")
    return tmp_path / "repo"


def project(root: Path, *globs: str, repository: str = "repo", revision: str = "HEAD") -> Project:
    made = Collection("one", "one", globs, repository=repository, revision=revision)
    return Project(root=root, name="demo", title="demo", collections=(made,))


def contents(demo: Project) -> dict[str, bytes | str]:
    return {member.offer.path: said(member) for member in all_members(demo)}


def test_files_of_a_revision(repository: Path, tmp_path: Path) -> None:
    commit(repository, news__2_md="二改", news__3_md="三")
    (repository / "news/9.md").write_text("not committed")
    assert contents(project(tmp_path, "news/*.md")) == {
        "news/1.md": "一".encode(),
        "news/2.md": "二改".encode(),
        "news/3.md": "三".encode(),
    }
    assert contents(project(tmp_path, "**", "!other.md", revision="first")) == {
        "news/1.md": "一".encode(),
        "news/2.md": "二".encode(),
    }


def test_bare_repository_and_odd_names(repository: Path, tmp_path: Path) -> None:
    (repository / "a\nb\t“c”.md").write_text("x")
    (repository / os.fsdecode(b"caf\xe9.md")).write_text("y")
    commit(repository)
    git(tmp_path, "clone", "-q", "--bare", "repo", "bare.git")
    demo = project(tmp_path, "*.md", repository="bare.git")
    assert contents(demo) == {"a\nb\t“c”.md": b"x", "caf\\xe9.md": b"y", "other.md": b"x"}
    assert Sources(demo).read("one", "caf\\xe9.md") == b"y"
    assert Sources(demo).read("one", "none.md") is None


def test_links_submodules_and_pointers_are_refused(repository: Path, tmp_path: Path) -> None:
    (repository / "link.md").symlink_to("/etc/passwd")
    head = git(repository, "rev-parse", "HEAD")
    git(repository, "update-index", "--add", "--cacheinfo", f"160000,{head},sub")
    (repository / "big.md").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n")
    git(repository, "add", "link.md", "big.md")
    git(repository, "commit", "-qm", "x")
    found = contents(project(tmp_path, "**", "!news/**"))
    assert found == {
        "big.md": "member-unsupported",
        "link.md": "member-not-file",
        "other.md": b"x",
        "sub": "member-not-file",
    }


def test_object_ids_tell_what_is_unchanged(repository: Path, tmp_path: Path) -> None:
    demo = project(tmp_path, "**")
    before = {m.offer.path: m.offer.key for m in all_members(demo)}
    commit(repository, news__2_md="二改")
    after = {m.offer.path: m.offer.key for m in all_members(demo)}
    assert [path for path in before if before[path] != after[path]] == ["news/2.md"]
    unread = members(archive_of(demo), demo.collections[0].limits, lambda offer: offer.key not in before.values())
    assert [m.offer.path for m in unread if m.content] == ["news/2.md"]


@pytest.mark.parametrize(
    ("where", "revision", "why"),
    [
        ("repo", "gone", "no revision 'gone'"),
        ("repo", "--output=x", "no revision"),
        ("repo/news", "HEAD", "not a git repository"),
        ("nowhere", "HEAD", "not a git repository"),
    ],
)
def test_what_cannot_be_read(repository: Path, tmp_path: Path, where: str, revision: str, why: str) -> None:
    assert repository.is_dir()
    (offer,) = offers(project(tmp_path, "**", repository=where, revision=revision))
    assert offer.problem is not None
    assert offer.problem.code == "git-failed"
    assert why in offer.problem.message
    assert tmp_path.name not in offer.problem.message  # it is published


def test_missing_objects(repository: Path, tmp_path: Path) -> None:
    blob = git(repository, "rev-parse", "HEAD:news/1.md")
    (repository / ".git/objects" / blob[:2] / blob[2:]).unlink()
    found = contents(project(tmp_path, "**"))
    assert found["news/1.md"] == "file-unreadable"
    assert found["news/2.md"] == "二".encode()


def test_no_git(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert offered(project(tmp_path, "**")) == [(".", "git-failed")]
    assert repository.is_dir()


def test_environment_and_replaced_objects_change_nothing(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(
        repository,
        "replace",
        git(repository, "rev-parse", "HEAD:news/1.md"),
        git(repository, "rev-parse", "HEAD:other.md"),
    )
    monkeypatch.setenv("GIT_DIR", "/nonexistent")
    assert contents(project(tmp_path, "news/1.md")) == {"news/1.md": "一".encode()}


def test_damage_ends_it_with_a_reject(repository: Path, tmp_path: Path) -> None:
    demo = project(tmp_path, "**")
    archive = archive_of(demo)
    (member,) = members(replace(archive, stamp="0" * 40), demo.collections[0].limits)
    assert isinstance(member.content, Refused)
    assert (member.offer.path, member.content.reject.code) == (".", "archive-broken")
    assert repository.is_dir()
