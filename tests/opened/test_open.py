"""`broadsheet.open`: what somebody who downloaded a package reads it with."""

import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import broadsheet
from broadsheet.findings import BroadsheetError
from broadsheet.package import PackageReport
from broadsheet.project import Project
from broadsheet.rows import ArticleRow, EventReportRow, ParticipantValue, SegmentValue


def test_a_package_tells_its_version_form_and_tables(packaged: PackageReport, project: Project) -> None:
    dataset = broadsheet.open(packaged.dist / "datapackage")
    assert (dataset.version, dataset.emitted.form) == (project.version, "datapackage")
    assert list(dataset.tables) == list(project.tables)
    assert "mentions" in dir(dataset)
    assert repr(dataset["mentions"]) == f"<mentions: {len(dataset.mentions)} rows, 12 columns>"


def test_tables_have_the_types_of_the_schema(packaged: PackageReport) -> None:
    dataset = broadsheet.open(packaged.dist / "datapackage")
    wanted = pq.read_table(packaged.dist / "datapackage" / "parquet" / "events.parquet")
    assert dataset.events.arrow() == wanted
    frame = dataset.events.pandas(["event_id", "date_start", "duration_minutes", "first_reported_at"])
    kinds = ["string[pyarrow]", "date32[day][pyarrow]", "int64[pyarrow]", "timestamp[us, tz=UTC][pyarrow]"]
    assert [str(kind) for kind in frame.dtypes] == kinds
    assert len(frame) == len(dataset.events) == wanted.num_rows


def test_rows_are_the_classes_of_the_build(packaged: PackageReport) -> None:
    dataset = broadsheet.open(packaged.dist / "datapackage")
    reports = list(dataset.event_reports.rows())
    assert all(isinstance(report, EventReportRow) for report in reports)
    assert isinstance(reports[0].participants[0], ParticipantValue)
    article = next(dataset.articles.rows())
    assert isinstance(article, ArticleRow)
    assert isinstance(article.segments[0], SegmentValue)
    assert isinstance(article.tags, tuple)
    assert len(reports) == len(dataset.event_reports)


def test_queries_see_every_table(packaged: PackageReport) -> None:
    dataset = broadsheet.open(packaged.dist / "datapackage")
    query = "SELECT count(*) AS n, max(published_at) AS last FROM mentions JOIN articles USING (article_id)"
    told = dataset.sql(query)
    assert told["n"].to_pylist() == [len(dataset.mentions)]
    assert isinstance(told["last"].to_pylist()[0], datetime)


def test_a_trace_compares_with_the_files_it_is_given(packaged: PackageReport, project: Project) -> None:
    folder = packaged.dist / "datapackage"
    mention = next(broadsheet.open(folder).mentions.rows())
    alone = broadsheet.open(folder).trace(mention.mention_id)
    assert (alone.verdict, alone.places[0].expected) == ("unchecked", mention.surface)
    with_files = broadsheet.open(folder, sources=project.root).trace(mention.mention_id)
    assert with_files.verdict in ("exact", "decoded")
    assert mention.surface in with_files.places[0].text
    assert (with_files.places[0].start, with_files.places[0].end) == (mention.source_start, mention.source_end)


def test_the_other_forms_open_too(packaged: PackageReport, project: Project) -> None:
    ids = {
        form: sorted(broadsheet.open(place).entities.arrow(["entity_id"])["entity_id"].to_pylist())
        for form, place in {
            "build": project.build_dir,
            "project": project.root,
            "dist": packaged.dist,
            "huggingface": packaged.dist / "huggingface",
        }.items()
    }
    assert len(set(map(tuple, ids.values()))) == 1


def test_a_zip_is_open_until_it_is_closed(packaged: PackageReport) -> None:
    with broadsheet.open(packaged.dist / "datapackage.zip") as dataset:
        root = dataset.emitted.root
        rows = len(dataset.articles)
        assert dataset.articles.arrow(["title"]).num_rows == rows
    assert rows == len(broadsheet.open(packaged.dist / "datapackage").articles)
    assert not root.exists()


def test_check_finds_nothing_in_a_sound_package(packaged: PackageReport) -> None:
    report = broadsheet.open(packaged.dist / "datapackage").check()
    assert report.status(strict=False) == 0, report.findings


def test_what_is_not_there_is_said(packaged: PackageReport, tmp_path: Path) -> None:
    dataset = broadsheet.open(packaged.dist / "datapackage")
    with pytest.raises(AttributeError, match="no table 'evnts'; there are sources, articles"):
        _ = dataset.evnts
    with pytest.raises(KeyError, match="articles has no column 'headline'; it has article_id"):
        dataset.articles.arrow(["headline"])
    with pytest.raises(BroadsheetError) as unknown:
        dataset.trace("men-0000000000000000")
    assert unknown.value.finding.code == "id-unknown"
    with pytest.raises(BroadsheetError) as nothing:
        broadsheet.open(tmp_path)
    assert nothing.value.finding.code == "package-invalid"


def test_rows_of_a_table_from_elsewhere_are_refused(packaged: PackageReport, tmp_path: Path) -> None:
    (tmp_path / "parquet").mkdir()
    pq.write_table(pa.table({"event_id": ["a"]}), tmp_path / "parquet" / "events.parquet")
    resource = {"name": "events", "broadsheet:parquet": {"path": "parquet/events.parquet"}}
    (tmp_path / "datapackage.json").write_text(json.dumps({"resources": [resource]}), "utf-8")
    dataset = broadsheet.open(tmp_path)
    assert dataset.events.arrow().to_pylist() == [{"event_id": "a"}]
    with pytest.raises(BroadsheetError) as caught:
        next(dataset.events.rows())
    assert caught.value.finding.code == "columns-differ"


def test_import_loads_nothing_heavy() -> None:
    code = "import sys, broadsheet; print(sorted({'pandas', 'pyarrow', 'duckdb', 'datasets'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
