import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.collect import Offer, offers
from broadsheet.collect.globs import Globs
from broadsheet.project import Collection, Project


def project(root: Path, **collections: tuple[str, ...]) -> Project:
    made = tuple(Collection(name=name, title=name, files=files) for name, files in collections.items())
    return Project(root=root, name="demo", title="demo", collections=made)


def put(root: Path, *paths: str) -> None:
    for path in paths:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("text")


def paths(offered: list[Offer]) -> list[str]:
    return [offer.path for offer in offered]


def test_order_is_that_of_whole_paths_by_code_point(tmp_path: Path) -> None:
    put(tmp_path, "s/b.md", "s/a/x.md", "s/a.md", "s/a-b/y.md", "s/Z.md", "s/中.md", "s/é.md")
    found = paths(list(offers(project(tmp_path, one=("s/**",)))))
    assert found == ["s/Z.md", "s/a-b/y.md", "s/a.md", "s/a/x.md", "s/b.md", "s/é.md", "s/中.md"]
    assert found == sorted(found)


@pytest.mark.parametrize(
    ("globs", "expected"),
    [
        (("s/*.md",), ["s/a.md"]),
        (("s/**/*.md",), ["s/a.md", "s/d/b.md", "s/d/e/c.md"]),
        (("s/*/*.md",), ["s/d/b.md"]),
        (("s/d",), ["s/d/b.md", "s/d/e/c.md", "s/d/f.txt"]),
        (("s/d/",), ["s/d/b.md", "s/d/e/c.md", "s/d/f.txt"]),
        (("s/a.md",), ["s/a.md"]),
        (("s/?.md", "s/**/c.md"), ["s/a.md", "s/d/e/c.md"]),
        (("s/**/*.md", "s/d/**"), ["s/a.md", "s/d/b.md", "s/d/e/c.md", "s/d/f.txt"]),
        (("s/**", "!s/d/e/**"), ["s/.hidden", "s/a.md", "s/d/b.md", "s/d/f.txt"]),
        (("s/**", "!**/*.md", "!s/.*"), ["s/d/f.txt"]),
        (("s/[ab].md",), ["s/a.md"]),
        (("**/c.md",), ["s/d/e/c.md"]),
    ],
)
def test_globs(tmp_path: Path, globs: tuple[str, ...], expected: list[str]) -> None:
    put(tmp_path, "s/a.md", "s/d/b.md", "s/d/e/c.md", "s/d/f.txt", "s/.git/config.md", "s/.hidden")
    assert paths(list(offers(project(tmp_path, one=globs)))) == expected


def test_collection_elsewhere(tmp_path: Path) -> None:
    put(tmp_path, "data/x/1.md", "data/x/y/2.md", "p/keep")
    found = list(offers(project(tmp_path / "p", rel=("../data/x/**",), abs=(f"{tmp_path}/data/x/y/*.md",))))
    assert [(o.collection, o.path) for o in found] == [("rel", "1.md"), ("rel", "y/2.md"), ("abs", "2.md")]
    assert found[0].file == tmp_path / "data/x/1.md"


def test_offer_knows_size_and_time(tmp_path: Path) -> None:
    put(tmp_path, "s/a.md")
    os.utime(tmp_path / "s/a.md", ns=(1, 5_000_000_000))
    (offer,) = offers(project(tmp_path, one=("s/*",)))
    assert (offer.size, offer.mtime_ns, offer.problem) == (4, 5_000_000_000, None)


def test_file_claimed_twice_stays_with_the_first(tmp_path: Path) -> None:
    put(tmp_path, "s/a.md", "s/b.md")
    found = list(offers(project(tmp_path, one=("s/a.md",), two=("s/*.md",))))
    assert [(o.collection, o.path, o.problem.code if o.problem else None) for o in found] == [
        ("one", "s/a.md", None),
        ("two", "s/a.md", "file-claimed-twice"),
        ("two", "s/b.md", None),
    ]
    assert found[1].problem is not None
    assert "'one'" in found[1].problem.message


def test_link_out_of_the_collection_is_offered_with_its_problem(tmp_path: Path) -> None:
    put(tmp_path, "outside/secret.md", "outside/d/x.md", "p/s/a.md")
    (tmp_path / "p/s/leak.md").symlink_to(tmp_path / "outside/secret.md")
    (tmp_path / "p/s/folder").symlink_to(tmp_path / "outside/d")
    (tmp_path / "p/s/inside.md").symlink_to(tmp_path / "p/s/a.md")
    found = list(offers(project(tmp_path / "p", one=("s/**/*.md",))))
    assert [(o.path, o.problem.code if o.problem else None) for o in found] == [
        ("s/a.md", None),
        ("s/folder", "symlink-outside"),
        ("s/inside.md", None),
        ("s/leak.md", "symlink-outside"),
    ]
    assert found[3].file is None


def test_link_to_a_folder_within_does_not_loop(tmp_path: Path) -> None:
    put(tmp_path, "s/a.md")
    (tmp_path / "s/again").symlink_to(tmp_path / "s")
    assert paths(list(offers(project(tmp_path, one=("s/**",))))) == ["s/a.md"]


def test_link_that_the_descriptor_names_is_followed(tmp_path: Path) -> None:
    put(tmp_path, "elsewhere/a.md")
    (tmp_path / "p").mkdir()
    (tmp_path / "p/s").symlink_to(tmp_path / "elsewhere")
    (offer,) = offers(project(tmp_path / "p", one=("s/*.md",)))
    assert (offer.path, offer.problem) == ("s/a.md", None)


def test_missing_file_named_by_the_descriptor(tmp_path: Path) -> None:
    put(tmp_path, "s/a.md")
    found = list(offers(project(tmp_path, one=("s/gone.md", "s/*.md"))))
    assert [(o.path, o.problem.code if o.problem else None) for o in found] == [
        ("s/a.md", None),
        ("s/gone.md", "file-unreadable"),
    ]


def test_dangling_link_and_pipe_are_not_opened(tmp_path: Path) -> None:
    put(tmp_path, "s/a.md")
    (tmp_path / "s/dangling.md").symlink_to(tmp_path / "s/nowhere.md")
    os.mkfifo(tmp_path / "s/pipe.md")
    found = {o.path: o for o in offers(project(tmp_path, one=("s/*.md",)))}
    for path in ("s/dangling.md", "s/pipe.md"):
        problem = found[path].problem
        assert problem is not None
        assert problem.code == "file-unreadable"
        assert found[path].file is None


def test_folder_that_cannot_be_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "s/a.md", "s/closed/b.md")
    real = Path.iterdir

    def iterdir(self: Path) -> object:
        if self.name == "closed":
            raise PermissionError(13, "Permission denied")
        return real(self)

    monkeypatch.setattr(Path, "iterdir", iterdir)
    found = list(offers(project(tmp_path, one=("s/**",))))
    assert [(o.path, o.problem.code if o.problem else None) for o in found] == [
        ("s/a.md", None),
        ("s/closed", "file-unreadable"),
    ]


def test_odd_names_are_kept_exactly(tmp_path: Path) -> None:
    names = ["a\nb.md", " .md", "tab\t.md", "引号“”.md", "a\\b.md", "e\u0301.md", "\u00e9.md"]
    put(tmp_path, *(f"s/{name}" for name in names))
    found = paths(list(offers(project(tmp_path, one=("s/*.md",)))))
    assert sorted(found) == sorted(f"s/{name}" for name in names)


def test_name_that_is_not_utf8_can_still_be_published(tmp_path: Path) -> None:
    put(tmp_path, "s/a.md")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/s/caf\xe9.md")).write_text("x")
    found = list(offers(project(tmp_path, one=("s/*.md",))))
    assert paths(found) == ["s/a.md", "s/caf\\xe9.md"]
    assert found[1].file is not None
    assert found[1].file.read_text() == "x"


@pytest.fixture
def deep(tmp_path: Path) -> Iterator[Path]:
    """A file below 1,500 folders: more than Python may recurse, and more than its tools can remove."""
    here = Path.cwd()
    (tmp_path / "s").mkdir()
    os.chdir(tmp_path / "s")
    for _ in range(1500):
        Path("d").mkdir()
        os.chdir("d")
    Path("a.md").write_text("x")
    os.chdir(here)
    yield tmp_path
    os.chdir(tmp_path / "s" / "/".join(["d"] * 1500))
    Path("a.md").unlink()
    for _ in range(1500):
        os.chdir("..")
        Path("d").rmdir()
    os.chdir(here)


def test_deep_folders_do_not_recurse(deep: Path) -> None:
    (offer,) = offers(project(deep, one=("s/**",)))
    assert offer.path == "s/" + "d/" * 1500 + "a.md"


names = st.text("abc.*", min_size=1, max_size=3).filter(lambda name: name.strip(".*") != "")


@given(st.lists(names, min_size=1, max_size=5))
def test_two_stars_match_any_depth(parts: list[str]) -> None:
    hidden = any(part.startswith(".") for part in parts[:-1])
    assert Globs([("**",)]).matches(parts) is not hidden
    assert Globs([("**", "*")]).matches(parts) is not hidden
    assert Globs([("*",) * len(parts)]).matches(parts) is not hidden
    assert not Globs([("*",) * (len(parts) + 1)]).matches(parts)
