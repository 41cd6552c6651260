"""Annotators of other packages: chosen by name, keyed into the cache, and their rows checked like Broadsheet's own."""

import importlib
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from engine_fakes import FakeAnnotator, settle, tables_of, write_project
from plugin_tools import install
from typer.testing import CliRunner

from broadsheet.annotate.model import Annotation, EntityDraft, MentionDraft, ReportDraft
from broadsheet.cli import app
from broadsheet.document import Article, Block, SourceText, Span
from broadsheet.engine import build
from broadsheet.engine import process as engine_process
from broadsheet.engine.annotators import GROUP, Chosen
from broadsheet.engine.sound import sound
from broadsheet.findings import BroadsheetError
from broadsheet.project import load_project

PLUGIN = """\
import engine_fakes

class Annotator(engine_fakes.FakeAnnotator):
    fingerprint = "plugin-1"

class Other(Annotator):
    fingerprint = "plugin-2"

class NoFingerprint(Annotator):
    fingerprint = None

class NoTypes(Annotator):
    def event_types(self):
        return {"call": object()}

class NoAnnotate:
    fingerprint = "x"
    def event_types(self):
        return {}

def breaks():
    raise RuntimeError("no licence key")
"""
ENTRIES = f"""\
[{GROUP}]
fake = broadsheet_fake:Annotator
no-fingerprint = broadsheet_fake:NoFingerprint
no-types = broadsheet_fake:NoTypes
no-annotate = broadsheet_fake:NoAnnotate
breaks = broadsheet_fake:breaks
absent = broadsheet_absent:Annotator
"""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of installed packages, with one that offers annotators."""
    folder = install(tmp_path / "site", "broadsheet_fake", PLUGIN, ENTRIES)
    monkeypatch.syspath_prepend(str(folder))
    yield folder
    sys.modules.pop("broadsheet_fake", None)
    engine_process._annotators.clear()


def project_with(root: Path, annotator: str, count: int = 5) -> Path:
    write_project(root, count)
    file = root / "datapackage.yaml"
    file.write_text(file.read_text("utf-8") + f"annotator: {annotator}\n", "utf-8")
    return root


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_annotator_a_project_names_makes_its_rows(site: Path, tmp_path: Path, jobs: int) -> None:
    root = project_with(tmp_path / "project", "fake", 6)
    build(load_project(root), jobs=jobs)
    tables = tables_of(root)
    assert {row["rule"] for row in tables["mentions"] + tables["event_reports"]} == {"fake"}
    assert {row["entity_id"] for row in tables["entities"]} == {"loc/jia", "loc/yi", "per/ding"}
    assert tables["events"]
    done = CliRunner().invoke(app, ["check", "-C", str(root)])
    assert done.exit_code == 0, done.output


def test_another_annotator_or_version_reads_the_files_again(site: Path, tmp_path: Path) -> None:
    root = project_with(tmp_path / "project", "fake")
    assert build(load_project(root), jobs=1).processed == 5
    engine_process._annotators.clear()
    assert build(load_project(root), jobs=1).processed == 0
    for code, version in ((PLUGIN.replace("plugin-1", "plugin-9"), "1.0"), (PLUGIN, "1.1")):
        install(site, "broadsheet_fake", code, ENTRIES, version)
        sys.modules.pop("broadsheet_fake")
        importlib.invalidate_caches()
        settle(site / "broadsheet_fake.py", 1_700_000_000 + len(code))
        engine_process._annotators.clear()
        assert build(load_project(root), jobs=1).processed == 5, version


@pytest.mark.parametrize(
    ("name", "code", "told"),
    [
        ("unknown", "annotator-unknown", "there are: absent, breaks, broadsheet, fake"),
        ("absent", "annotator-invalid", "No module named 'broadsheet_absent'"),
        ("breaks", "annotator-invalid", "RuntimeError: no licence key"),
        ("no-fingerprint", "annotator-invalid", "fingerprint None"),
        ("no-types", "annotator-invalid", "call.plover"),
        ("no-annotate", "annotator-invalid", "no method annotate"),
    ],
)
def test_what_cannot_be_used_ends_the_build_by_name(
    site: Path, tmp_path: Path, name: str, code: str, told: str
) -> None:
    root = project_with(tmp_path / "project", name)
    done = CliRunner().invoke(app, ["build", "-C", str(root)])
    assert done.exit_code == 2
    assert f"[{code}]" in done.output
    assert told in " ".join(done.output.split())
    assert not (root / "build" / "report.json").exists()


def test_the_name_must_be_a_name(tmp_path: Path) -> None:
    for number, wrong in enumerate(("[jionlp]", "a:b", "")):
        with pytest.raises(BroadsheetError, match=r"datapackage\.yaml:\d+: annotator is .*value-invalid"):
            load_project(project_with(tmp_path / str(number), wrong, 0))


def test_two_packages_may_not_offer_one_name(site: Path) -> None:
    install(site, "broadsheet_rival", PLUGIN, f"[{GROUP}]\nfake = broadsheet_rival:Annotator\n")
    with pytest.raises(BroadsheetError, match="broadsheet_fake:Annotator and broadsheet_rival:Annotator"):
        Chosen("fake")()


def test_the_name_of_the_own_annotator_cannot_be_taken(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(site, "broadsheet_rival", PLUGIN, f"[{GROUP}]\nbroadsheet = broadsheet_rival:Annotator\n")
    assert not isinstance(Chosen("broadsheet")(), FakeAnnotator)
    assert len(Chosen("broadsheet").fingerprint()) == 16


TEXT = "甲国外长与乙国外长通话。"
ARTICLE = Article(0, None, (Block("paragraph", SourceText(TEXT)),), Span(0, len(TEXT)), "zh-Hans")
JIA = EntityDraft("loc/jia", "place", "甲国")
GOOD = MentionDraft("body", 0, 2, "甲国", "place", "loc/jia", "rule", 1.0)
CALL = ReportDraft("body", 0, 11, "通话", "call", "occurred", "frame", 1, participants=(("loc/jia", "initiator"),))


def changed(draft, **values):
    from dataclasses import replace

    return replace(draft, **values)


@pytest.mark.parametrize(
    ("draft", "told"),
    [
        (changed(GOOD, start=-2), "outside the text, body -2:2"),
        (changed(GOOD, end=13), "body 0:13"),
        (changed(GOOD, end=0), "body 0:0"),
        (changed(GOOD, field="title"), "title 0:2"),
        (changed(GOOD, field="summary"), "summary 0:2"),
        (changed(GOOD, entity_id="loc/yi"), "no entity for 'loc/yi'"),
        (changed(CALL, type="gossip"), "an event type it does not list, 'gossip'"),
        (changed(CALL, status="maybe"), "the status 'maybe'"),
        (changed(CALL, place_id="loc/yi"), "no entity for 'loc/yi'"),
        (changed(CALL, speaker_id="loc/yi"), "no entity for 'loc/yi'"),
        (changed(CALL, participants=(("loc/yi", "target"),)), "no entity for 'loc/yi'"),
        (changed(CALL, date_start=date(2031, 3, 4), date_end=date(2031, 3, 3)), "2031-03-04 to 2031-03-03"),
    ],
)
def test_what_cannot_become_a_row_is_left_out_and_told(draft: MentionDraft | ReportDraft, told: str) -> None:
    bad_mention = isinstance(draft, MentionDraft)
    mentions, reports = ((GOOD, draft), (CALL,)) if bad_mention else ((GOOD,), (CALL, draft))
    kept, rejects = sound(Annotation(mentions, reports, (JIA,)), ARTICLE, {"call"})
    assert (kept.mentions, kept.reports) == ((GOOD,), (CALL,))
    (reject,) = rejects
    assert (reject.code, reject.table) == ("annotation-invalid", "mentions" if bad_mention else "event_reports")
    assert told in reject.message
    assert repr(draft.rule) in reject.message


def test_a_sound_annotation_is_handed_on_as_it_is() -> None:
    annotation = Annotation((GOOD,), (CALL,), (JIA,))
    kept, rejects = sound(annotation, ARTICLE, {"call"})
    assert kept is annotation
    assert rejects == []


UNSOUND = """\
from dataclasses import replace
import engine_fakes

class Annotator(engine_fakes.FakeAnnotator):
    fingerprint = "unsound"

    def annotate(self, article):
        found = super().annotate(article)
        first, *others = found.mentions
        wrong = [replace(first, surface="別的"), replace(first, end=10**6), replace(first, type="ship", start=1)]
        reports = [replace(report, type="gossip") for report in found.reports[:1]]
        return replace(found, mentions=(*wrong, *others), reports=(*reports, *found.reports[1:]))
"""


def test_rows_of_others_are_checked_as_our_own(site: Path, tmp_path: Path) -> None:
    install(site, "broadsheet_unsound", UNSOUND, f"[{GROUP}]\nunsound = broadsheet_unsound:Annotator\n")
    root = project_with(tmp_path / "project", "unsound", 1)
    build(load_project(root), jobs=1)
    tables = tables_of(root)
    codes = Counter(row["code"] for row in tables["rejects"])
    # another text, a span outside, a span one short of the name it gives, a type of events nobody knows
    assert codes == {"span-not-verifiable": 2, "annotation-invalid": 2}
    assert all(row["article_id"] for row in tables["rejects"])
    assert tables["mentions"]
    done = CliRunner().invoke(app, ["check", "-C", str(root)])
    assert "mismatch" not in done.output


def test_the_extra_is_offered_as_the_project_file_says() -> None:
    import tomllib

    value = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))["project"]
    assert "jionlp" in value["optional-dependencies"]
    (entry,) = value["entry-points"][GROUP].items()
    module, _, name = entry[1].partition(":")
    assert callable(getattr(importlib.import_module(module), name))
