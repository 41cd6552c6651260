"""What only the Hub can do to those who publish to it. The mock Hub proves our calls, not the Hub."""

from pathlib import Path

import pytest
from mock_hub import DIE, MockHub
from places import REPOSITORY, contents, write_dist

from broadsheet.findings import BroadsheetError
from broadsheet.release import publish
from broadsheet.release.targets import Unwatched

TARGET = f"hf:{REPOSITORY}"
TABLE = "data/events/train-00000-of-00001.parquet"


def refused(dist: Path, **options: object) -> str:
    with pytest.raises(BroadsheetError) as caught:
        publish(dist, TARGET, **options)  # type: ignore[arg-type]
    assert caught.value.finding.remedy
    return caught.value.finding.code


def test_it_is_one_commit_on_top_of_what_was_there(hub: MockHub, dist: Path) -> None:
    made = hub.make(REPOSITORY, {"README.md": b"old", "assets/logo.svg": b"<svg/>", "data/old.parquet": b"old"})
    before = dict(made.commits)
    report = publish(dist, TARGET)
    assert hub.asked("POST .*/commit/main") == 1
    assert len(made.commits) == len(before) + 1
    assert report.revision == made.branches["main"]
    assert report.changed == ("README.md",)
    assert report.removed == ("data/old.parquet",)
    there = hub.files(REPOSITORY)
    assert (there.pop("assets/logo.svg"), b"filter=lfs" in there.pop(".gitattributes")) == (b"<svg/>", True)
    assert there == contents(dist / "huggingface")


def test_the_first_row_of_every_table_is_loaded_from_that_commit(hub: MockHub, dist: Path) -> None:
    report = publish(dist, TARGET)
    for name in ("articles", "events"):
        assert hub.asked(f"GET /datasets/{REPOSITORY}/resolve/{report.revision}/data/{name}/") >= 1


def test_a_table_that_cannot_be_loaded_is_status_1_and_not_tagged(hub: MockHub, dist: Path) -> None:
    hub.fail(f"GET .*/resolve/.*{TABLE}", 404, times=99)
    report = publish(dist, TARGET, tag="1.2.0")
    assert [(found.code, found.resource) for found in report.findings] == [("table-unreadable", "events")]
    assert (report.status(), report.tag, hub.repositories[REPOSITORY].tags) == (1, None, {})


def test_another_first_row_is_told(hub: MockHub, dist: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("broadsheet.release.targets.loading._first_row", lambda file: {"id": 0, "text": "other"})
    report = publish(dist, TARGET)
    assert [(found.code, found.resource) for found in report.findings] == [
        ("rows-mismatch", "articles"),
        ("rows-mismatch", "events"),
    ]


def test_a_hub_that_tells_another_hash_is_status_1(hub: MockHub, dist: Path) -> None:
    hub.spoil = TABLE
    report = publish(dist, TARGET, tag="1.2.0")
    assert [(found.code, found.path) for found in report.findings] == [("hash-mismatch", TABLE)]
    assert (report.status(), hub.repositories[REPOSITORY].tags) == (1, {})


@pytest.mark.parametrize(
    ("pattern", "status", "code"),
    [
        ("whoami", 401, "target-refused"),
        ("repos/create", 403, "target-refused"),
        ("preupload", 403, "target-refused"),
        ("PUT /lfs", 403, "target-refused"),
        ("/commit/", 403, "target-refused"),
        ("/preupload/", 404, "target-invalid"),
        ("whoami", 500, "upload-failed"),
        ("PUT /lfs", 500, "upload-failed"),
        ("PUT /lfs", DIE, "upload-failed"),
        ("/commit/", 500, "upload-failed"),
        ("/commit/", DIE, "upload-failed"),
        ("/commit/", 413, "upload-failed"),
        ("/commit/", 409, "target-changed"),
    ],
)
def test_a_hub_that_fails_is_a_finding_and_the_next_run_completes(  # noqa: PLR0917
    hub: MockHub, dist: Path, pattern: str, status: int | str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("broadsheet.release.targets.hub.Hub.load", lambda self, files: iter(()))
    hub.fail(pattern, status, times=12)
    assert refused(dist) == code
    assert hub.asked(pattern) <= 12
    hub.faults.clear()
    assert publish(dist, TARGET).status() == 0
    there = hub.files(REPOSITORY)
    assert {path: there[path] for path in contents(dist / "huggingface")} == contents(dist / "huggingface")


@pytest.mark.parametrize("what", [500, DIE])
def test_a_server_that_recovers_is_not_noticed(hub: MockHub, dist: Path, what: int | str) -> None:
    hub.fail("PUT /lfs", what, times=2)
    assert publish(dist, TARGET).status() == 0
    assert hub.asked("PUT /lfs") == 2 + 2


def test_somebody_elses_commit_in_between_is_told_and_kept(hub: MockHub, dist: Path) -> None:
    hub.make(REPOSITORY)
    hub.between = lambda: hub.change(REPOSITORY, "assets/logo.svg", b"<svg/>")
    assert refused(dist) == "target-changed"
    assert "README.md" not in hub.files(REPOSITORY)
    assert publish(dist, TARGET).status() == 0
    assert hub.files(REPOSITORY)["assets/logo.svg"] == b"<svg/>"
    assert hub.asked("PUT /lfs") == 2


def test_without_a_token_nothing_is_asked(hub: MockHub, dist: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_TOKEN")
    assert refused(dist) == "target-refused"
    assert refused(dist, dry_run=True) == "target-refused"
    assert hub.requests == []


def test_offline_mode_is_told(hub: MockHub, dist: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    assert refused(dist) == "target-invalid"


def test_a_new_repository_is_private_if_asked(hub: MockHub, dist: Path) -> None:
    publish(dist, TARGET, private=True)
    assert hub.repositories[REPOSITORY].private
    assert publish(dist, TARGET, private=True).status() == 0


def test_a_public_repository_is_not_published_to_as_private(hub: MockHub, dist: Path) -> None:
    hub.make(REPOSITORY)
    assert refused(dist, private=True) == "target-invalid"
    assert list(hub.files(REPOSITORY)) == [".gitattributes"]


def test_a_branch_is_made_from_main_and_main_stays(hub: MockHub, dist: Path) -> None:
    hub.make(REPOSITORY, {"assets/logo.svg": b"<svg/>"})
    report = publish(dist, TARGET, revision="next")
    assert list(hub.files(REPOSITORY)) == [".gitattributes", "assets/logo.svg"]
    assert hub.repositories[REPOSITORY].branches["next"] == report.revision
    assert set(hub.files(REPOSITORY, "next")) == {*contents(dist / "huggingface"), ".gitattributes", "assets/logo.svg"}
    assert publish(dist, TARGET, revision="next").bytes == 0


def test_a_branch_is_made_even_if_main_holds_it_all(hub: MockHub, dist: Path) -> None:
    main = publish(dist, TARGET).revision
    assert publish(dist, TARGET, revision="next").bytes == 0
    assert hub.repositories[REPOSITORY].branches == {"main": main, "next": main}


def test_what_was_verified_is_tagged(hub: MockHub, dist: Path) -> None:
    report = publish(dist, TARGET, tag="1.2.0")
    assert (report.tag, hub.repositories[REPOSITORY].tags) == ("1.2.0", {"1.2.0": report.revision})
    assert publish(dist, TARGET, tag="1.2.0").tag == "1.2.0"
    assert hub.asked("POST .*/tag/") == 1


def test_a_run_killed_before_the_tag_is_completed(hub: MockHub, dist: Path) -> None:
    hub.fail("POST .*/tag/", 500, times=99)
    assert refused(dist, tag="1.2.0") == "upload-failed"
    hub.faults.clear()
    report = publish(dist, TARGET, tag="1.2.0")
    assert (report.bytes, hub.repositories[REPOSITORY].tags) == (0, {"1.2.0": report.revision})


def test_a_tag_is_never_moved(hub: MockHub, dist: Path, tmp_path: Path) -> None:
    publish(dist, TARGET, tag="1.2.0")
    before = dict(hub.repositories[REPOSITORY].commits)
    other = write_dist(tmp_path / "other", note="other")
    assert refused(other, tag="1.2.0") == "target-invalid"
    assert hub.repositories[REPOSITORY].commits == before


def test_a_file_that_changed_meanwhile_is_not_committed(hub: MockHub, dist: Path) -> None:
    hub.make(REPOSITORY)
    before = hub.files(REPOSITORY)

    class Changing(Unwatched):
        def stage(self, name: str, total: int) -> None:
            if name == "send":
                file = dist / "huggingface/data/events/train-00000-of-00001.parquet"
                file.write_bytes(file.read_bytes()[::-1])

    with pytest.raises(BroadsheetError, match="changed while it was published"):
        publish(dist, TARGET, watcher=Changing())
    assert hub.files(REPOSITORY) == before
