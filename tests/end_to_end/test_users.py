"""The four users of Broadsheet, each from what they have to what they want."""

import csv
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from e2e_tools import COLLECTED, TABLES, Rows, broadsheet, collect, copy_sample, invoke, rows

IDS = {"articles": "article_id", "mentions": "mention_id", "event_reports": "report_id", "sources": "source_id"}

# The corpus maintainer: has a folder of collected files.


def test_maintainer_goes_from_a_folder_to_two_packages(tmp_path: Path) -> None:
    collected, corpus = collect(tmp_path / "collected"), tmp_path / "corpus"
    made = invoke("init", corpus, "--source", collected)
    assert (made.exit_code, made.stdout.splitlines()[0]) == (0, "collection collected: 5 files, 5 articles")
    for verb in ("build", "check", "package"):
        assert invoke(verb, "-C", corpus).exit_code == 0
    articles = {row["source_path"]: row for row in rows(corpus / "build", "articles")}
    assert {path: row["title"] for path, row in articles.items()} == {
        "blog.md": "馬克龍與朔爾茨在柏林會談",
        "captions.txt": "柏林会谈之后",
        "feed.txt": "朔尔茨在柏林接待马克龙",
        "note.md": "法国总统马克龙到访柏林",
        "page.txt": "法德领导人举行会谈",
    }
    assert {path: row["authors"] for path, row in articles.items() if row["authors"]} == {
        "captions.txt": ["程望"],
        "note.md": ["林一"],
        "page.txt": ["陆禾"],
    }
    assert {path: row["published_at"] for path, row in articles.items()} == {
        "blog.md": datetime(2024, 5, 29, 1, 10, tzinfo=UTC),
        "captions.txt": datetime(2024, 5, 28, 20, 15, tzinfo=UTC),
        "feed.txt": None,  # prints no date; the one in the address is a day
        "note.md": datetime(2024, 5, 29, 0, 30, tzinfo=UTC),
        "page.txt": None,  # a clock without a zone
    }
    assert articles["feed.txt"]["body"] == (
        "德国总理朔尔茨5月28日在柏林与法国总统马克龙会谈。\n\n朔尔茨说，两国要更多地一起买武器 & 弹药。"
    )
    assert articles["captions.txt"]["body"] == (
        "马克龙周二与朔尔茨会谈约两个小时。\n\n下一步\n\n意大利总理梅洛尼没有参加。"
    )
    (media,) = rows(corpus / "build", "media")
    assert (media["url"], media["caption"]) == ("https://stories.example/7001.jpg", "两人走过勃兰登堡门")
    assert _told_by_all(corpus / "build") == {date(2024, 5, 28)}
    made_here = {file.name for file in (corpus / "dist").iterdir() if file.is_dir()}
    assert made_here == {"datapackage", "huggingface"}


def _told_by_all(build: Path) -> set[date]:
    """Days of the talks of which all five files tell, and which both people took part in."""
    people = {"per/emmanuel-macron", "per/olaf-scholz"}
    parts = rows(build, "event_participants")
    return {
        event["date_start"]
        for event in rows(build, "events")
        if event["type"] == "talks" and event["article_count"] == len(COLLECTED)
        if people <= {part["entity_id"] for part in parts if part["event_id"] == event["event_id"]}
    }


def test_maintainer_adds_a_file_and_only_its_shard_is_made_again(small: Path, tmp_path: Path) -> None:
    corpus = shutil.copytree(small, tmp_path / "corpus")
    assert invoke("build", "-C", corpus, "--jobs", "1").exit_code == 0
    ids, shards = _ids(corpus), _shards(corpus)
    new = corpus / "sources" / "later.md"
    new.write_text("---\ntitle: 朔尔茨回访巴黎\ndate: 2024-06-03\n---\n\n朔尔茨6月2日在巴黎会见马克龙。\n", "utf-8")
    done = json.loads(invoke("build", "-C", corpus, "--json").stdout)
    assert done["run"] == {"files": 6, "processed": 1, "reread": 0, "again": 0, "fresh": True}
    assert len(_shards(corpus) - shards) == 1
    assert len(shards - _shards(corpus)) <= 1  # the one the file joined, if its bucket held another file
    after = _ids(corpus)
    for table, known in ids.items():
        assert known < after[table]
    events = {row["event_id"] for row in rows(corpus / "build", "events")}
    new.unlink()
    invoke("build", "-C", corpus)
    assert _ids(corpus) == ids
    assert {row["event_id"] for row in rows(corpus / "build", "events")} <= events


@pytest.mark.parametrize("place", [".", "sources", "..", "../elsewhere"])
def test_maintainer_starts_in_the_folder_of_the_files(tmp_path: Path, place: str) -> None:
    """Wherever the files lie, what `init`, `build` and `package` write is never taken for one of them."""
    corpus = tmp_path / "archive" / "corpus"
    collected = collect(Path(os.path.normpath(corpus / place)))
    assert invoke("init", corpus, "--source", collected).exit_code == 0
    assert invoke("build", "-C", corpus).exit_code == 0
    assert invoke("package", "-C", corpus).exit_code == 0
    again = json.loads(invoke("build", "-C", corpus, "--json").stdout)
    assert again["run"] == {"files": len(COLLECTED), "processed": 0, "reread": 0, "again": 0, "fresh": False}
    names = {row["path"].rsplit("/", 1)[-1] for row in rows(corpus / "build", "sources")}
    assert names == set(COLLECTED)


def _ids(corpus: Path) -> dict[str, set[str]]:
    return {table: {row[key] for row in rows(corpus / "build", table)} for table, key in IDS.items()}


def _shards(corpus: Path) -> set[str]:
    return {file.name for file in (corpus / "build" / ".cache").glob("shard-*")}


def test_maintainer_is_told_which_file_is_broken_and_why(small: Path, tmp_path: Path) -> None:
    corpus = shutil.copytree(small, tmp_path / "corpus")
    (corpus / "sources" / "picture.md").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    done = invoke("build", "-C", corpus, "--jobs", "1")
    assert done.exit_code == 0
    assert ["file-binary", "1"] in [line.split() for line in done.stdout.splitlines()]
    (reject,) = [row for row in rows(corpus / "build", "rejects") if row["code"] == "file-binary"]
    (source,) = [row for row in rows(corpus / "build", "sources") if row["source_id"] == reject["source_id"]]
    assert (source["path"], source["status"], source["media_type"]) == ("sources/picture.md", "rejected", "image/png")
    traced = invoke("trace", reject["reject_id"], "-C", corpus)
    assert "sources/picture.md" in traced.stdout
    assert len(rows(corpus / "build", "articles")) == len(COLLECTED)


# The dataset downloader: has a browser, pandas, DuckDB, a csv reader.


def test_downloader_verifies_what_arrived(sample: Path) -> None:
    for name in ("datapackage", "huggingface"):
        folder = sample / "dist" / name
        command = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
        done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_downloader_reads_the_same_rows_with_pandas_duckdb_and_csv(sample: Path) -> None:
    import duckdb
    import pandas as pd

    package = sample / "dist" / "datapackage"
    resources = {r["name"]: r for r in json.loads((package / "datapackage.json").read_text("utf-8"))["resources"]}
    assert list(resources) == [*TABLES, "event_reports_flat"]
    for name in TABLES:
        resource = resources[name]
        columns = [field["name"] for field in resource["schema"]["fields"]]
        frame = pd.read_parquet(package / "parquet" / f"{name}.parquet")
        text = pd.read_csv(package / resource["path"], dtype=str, keep_default_na=False)
        with (package / resource["path"]).open(encoding="utf-8", newline="") as stream:
            plain = list(csv.DictReader(stream))
        assert columns == list(frame.columns) == list(text.columns) == list(plain[0])
        assert len(frame) == len(text) == len(plain) > 0
        assert text.to_dict("records") == plain
        assert [row[columns[0]] for row in plain] == frame[columns[0]].tolist()
        (count,) = duckdb.execute(
            f"SELECT count(*) FROM read_parquet('{package}/parquet/{name}.parquet')"
        ).fetchone() or (0,)
        assert count == len(frame)


def test_downloader_asks_duckdb_who_told_the_call(sample: Path) -> None:
    """One event, many reports, over the keys of five tables; the answer is in sources/README.md."""
    import duckdb

    folder = sample / "dist" / "datapackage" / "parquet"
    query = f"""
        WITH called AS (
            SELECT event_id
            FROM '{folder}/events.parquet' JOIN '{folder}/event_participants.parquet' USING (event_id)
            WHERE type = 'call' AND date_start = DATE '2025-02-12'
              AND entity_id IN ('per/donald-trump', 'per/vladimir-putin')
            GROUP BY event_id HAVING count(*) = 2
        )
        SELECT event_id, list_sort(list(DISTINCT collection))
        FROM called
        JOIN '{folder}/event_reports.parquet' USING (event_id)
        JOIN '{folder}/articles.parquet' USING (article_id)
        JOIN '{folder}/sources.parquet' USING (source_id)
        GROUP BY event_id
    """
    ((_, told),) = duckdb.execute(query).fetchall()
    assert {"harbor-wire", "river-times", "northern-page", "lantern-blog"} <= set(told)


def test_downloader_walks_from_a_mention_back_to_the_bytes(sample: Path) -> None:
    """With nothing but the csv module and hashlib, for every mention that was published."""
    package = sample / "dist" / "datapackage" / "csv"
    sources, articles, mentions = (
        {row[key]: row for row in _read_csv(package / f"{name}.csv")}
        for name, key in (("sources", "source_id"), ("articles", "article_id"), ("mentions", "mention_id"))
    )
    entities = {row["entity_id"] for row in _read_csv(package / "entities.csv")}
    assert len(mentions) > 300
    walked = 0
    for mention in mentions.values():
        article = articles[mention["article_id"]]
        source = sources[article["source_id"]]
        data = (sample / source["path"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == source["sha256"] == article["source_sha256"]
        assert mention["entity_id"] in entities
        start, end = int(mention["start"]), int(mention["end"])
        assert article[mention["field"]][start:end] == mention["surface"]
        found = data[int(mention["source_start"]) : int(mention["source_end"])].decode(source["encoding"])
        walked += found == mention["surface"]
    # the rest stands in the file with markup or a character reference inside; `check` compares those
    assert walked > 0.97 * len(mentions)


def _read_csv(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.read_text("utf-8"), newline="")))


# The Hugging Face user: has `load_dataset`, and not Broadsheet.

LOAD = """
import json, sys
from datasets import get_dataset_config_names, get_dataset_default_config_name, load_dataset
root, cache = sys.argv[1:]
told = {"configs": get_dataset_config_names(root), "default": get_dataset_default_config_name(root), "tables": {}}
for name in told["configs"]:
    cached = load_dataset(root, name, split="train", cache_dir=cache)
    streamed = load_dataset(root, name, split="train", streaming=True)
    told["tables"][name] = {
        "arrow": cached.features.arrow_schema.remove_metadata().to_string(),
        "same": cached.features == streamed.features,
        "rows": cached.num_rows,
        "equal": list(streamed) == cached.to_list(),
        "columns": cached.column_names,
    }
assert "broadsheet" not in sys.modules
print(json.dumps(told))
"""


def test_hugging_face_user_loads_every_table_offline(sample: Path, tmp_path: Path) -> None:
    from broadsheet.schema.arrow import arrow_schema
    from broadsheet.schema.features import features
    from broadsheet.schema.load import core_tables

    offline = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path), "HF_DATASETS_DISABLE_PROGRESS_BARS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", LOAD, str(sample / "dist" / "huggingface"), str(tmp_path / "cache")],
        env={**os.environ, **offline},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout)
    assert (told["default"], sorted(told["configs"])) == ("articles", sorted(TABLES))
    for name, table in core_tables().items():
        found = told["tables"][name]
        assert found["columns"] == arrow_schema(table).names
        assert found["arrow"] == features(table).arrow_schema.remove_metadata().to_string()
        assert (found["same"], found["equal"]) == (True, True)
        assert found["rows"] == len(rows(sample / "dist" / "datapackage" / "parquet", name))


# CI of a corpus repository: has a pull request, wants its files and lines.


@pytest.fixture
def pull_request(sample: Path, tmp_path: Path) -> Path:
    """A checkout with the build/ that CI had cached."""
    project = copy_sample(tmp_path / "checkout")
    shutil.copytree(sample / "build", project / "build")
    return project


def test_ci_names_the_file_that_breaks_a_rule(small: Path, tmp_path: Path) -> None:
    """The project allows titles of 60 characters; a file comes in with a longer one."""
    corpus = shutil.copytree(small, tmp_path / "corpus")
    schema = corpus / "schemas" / "articles.yaml"
    head, tail = schema.read_text("utf-8").split("  - name: title\n", 1)
    limits = "minLength: 1\n      maxLength: 60"
    schema.write_text(f"{head}  - name: title\n{tail.replace('minLength: 1', limits, 1)}", "utf-8")
    assert invoke("check", "-C", corpus, "--jobs", "1").exit_code == 0

    bad = corpus / "sources" / "long.txt"
    title = "长" * 61
    bad.write_text(f"<!--1748800000000-->\n[{title}](https://river.example/x)\n------\n\n<p>一段。</p>\n", "utf-8")
    done = invoke("check", "-C", corpus, "--json")
    assert done.exit_code == 1
    told = json.loads(done.stdout)
    assert set(told) == {"status", "subject", "counts", "summary", "codes", "findings"}
    assert told["codes"]["constraint"] == 1
    (found,) = [finding for finding in told["findings"] if finding["severity"] == "error"]
    assert (found["code"], found["resource"], found["field"]) == ("constraint", "articles", "title")
    assert (found["path"], found["line"]) == ("sources/long.txt", 2)
    assert found["sample"].startswith("长长长")
    assert told["summary"]["error"] == 1
    text = invoke("check", "-C", corpus).stdout
    assert "sources/long.txt:2 (articles.title [" in text
    bad.unlink()
    assert invoke("check", "-C", corpus).exit_code == 0


def test_ci_names_the_line_of_the_descriptor(pull_request: Path) -> None:
    descriptor = pull_request / "datapackage.yaml"
    text = descriptor.read_text("utf-8").replace("redistribution: excerpt", "redistributon: excerpt")
    descriptor.write_text(text, "utf-8")
    line = text.splitlines().index("    redistributon: excerpt") + 1
    done = broadsheet("check", "-C", pull_request, "--json")
    assert done.returncode == 2
    (found,) = json.loads(done.stdout)["findings"]
    assert (found["code"], found["line"]) == ("key-unknown", line)
    assert found["path"].endswith("datapackage.yaml")
    assert "'redistribution'" in found["message"]


def test_ci_compares_contracts_without_sources_or_build(pull_request: Path) -> None:
    shutil.rmtree(pull_request / "sources")
    shutil.rmtree(pull_request / "build")
    assert invoke("check", "-C", pull_request, "--schema-only").exit_code == 0
    assert not (pull_request / "build").exists()
    schema = pull_request / "schemas" / "mentions.yaml"
    lines = schema.read_text("utf-8").splitlines(keepends=True)
    at = next(n for n, line in enumerate(lines) if "name: surface" in line)
    required = next(n for n in range(at, len(lines)) if "required: true" in lines[n])
    schema.write_text("".join(lines[:required] + lines[required + 1 :]), "utf-8")
    done = invoke("check", "-C", pull_request, "--schema-only", "--json")
    assert done.exit_code == 1
    (found,) = json.loads(done.stdout)["findings"]
    assert found["code"] == "schema-loosened"
    assert found["path"].endswith("schemas/mentions.yaml")
    assert at < found["line"] <= required + 1
    assert "surface" in found["message"]


def test_ci_sees_a_release_that_lost_a_column(sample: Path, tmp_path: Path) -> None:
    """Breaking changes are named before they ship."""
    import pyarrow.parquet as pq

    released = shutil.copytree(sample / "dist", tmp_path / "released")
    for file in (released / "datapackage/parquet/events.parquet", *released.glob("huggingface/data/events/*.parquet")):
        table = pq.read_table(file)
        pq.write_table(table.append_column("mood", table.column("type")), file)
    done = invoke("check", sample / "dist", "--against", released, "--json")
    found = [f for f in json.loads(done.stdout)["findings"] if f["code"] in ("schema-change", "version-step")]
    assert done.exit_code == 1
    assert any((f["resource"], f["field"], f["severity"]) == ("events", "mood", "error") for f in found)


def test_ci_is_told_when_broadsheet_itself_failed_on_a_file(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build goes on after such a file; the check must not call that clean."""
    corpus = shutil.copytree(small, tmp_path / "corpus")

    def broken(*_: object) -> Rows:
        raise ZeroDivisionError("made up")

    monkeypatch.setattr("broadsheet.annotate.Annotator.annotate", broken)
    done = invoke("check", "-C", corpus, "--jobs", "1", "--json")
    assert done.exit_code == 1
    found = [f for f in json.loads(done.stdout)["findings"] if f["code"] == "annotate-failed"]
    assert sorted(f["path"] for f in found) == sorted(f"sources/{name}" for name in COLLECTED)
    assert all("ZeroDivisionError: made up" in f["message"] for f in found)
