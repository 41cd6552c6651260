from pathlib import Path

import linked
import pyarrow.parquet as pq
import pytest

from broadsheet.check.huggingface import check_huggingface, read_card
from broadsheet.package import PackageReport, package
from broadsheet.schema.features import features
from broadsheet.schema.load import core_tables


@pytest.fixture(scope="module", autouse=True)
def offline(tmp_path_factory: pytest.TempPathFactory) -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_HUB_OFFLINE", "1")
        patch.setenv("HF_HOME", str(tmp_path_factory.mktemp("hf")))
        patch.setattr("datasets.config.HF_DATASETS_CACHE", tmp_path_factory.mktemp("datasets"))
        yield


@pytest.mark.parametrize("name", list(core_tables()))
def test_every_config_loads_cached_and_streaming(packaged: PackageReport, name: str, tmp_path: Path) -> None:
    from datasets import load_dataset

    root = str(packaged.dist / "huggingface")
    expected = features(core_tables()[name])
    rows = pq.read_table(packaged.dist / "datapackage" / "parquet" / f"{name}.parquet").to_pylist()
    cached = load_dataset(root, name, split="train", cache_dir=str(tmp_path))
    assert cached.features == expected
    assert cached.to_list() == rows
    streamed = load_dataset(root, name, split="train", streaming=True)
    assert streamed.features == expected
    assert list(streamed) == rows
    (info,) = (one for one in read_card(packaged.dist / "huggingface")["dataset_info"] if one["config_name"] == name)
    file = packaged.dist / "huggingface" / "data" / name / "train-00000-of-00001.parquet"
    assert info["download_size"] == file.stat().st_size
    assert info["splits"][0]["num_examples"] == packaged.rows[name] == len(rows)
    assert info["splits"][0]["num_bytes"] == info["dataset_size"] == cached.info.splits["train"].num_bytes


def test_every_config_loads_from_several_shards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Groups of one row or two, several in a shard: `datasets` sees the data package's rows, whole and streaming."""
    from datasets import load_dataset

    monkeypatch.setattr("broadsheet.package.parquet.STEP", 1)
    monkeypatch.setattr("broadsheet.package.parquet.GROUP_ROWS", 2)
    monkeypatch.setattr("broadsheet.package.parquet.GROUP_BYTES", 600)  # an article with a body has more
    monkeypatch.setattr("broadsheet.package.huggingface.SHARD_BYTES", 500)
    project = linked.write_project(tmp_path / "project")
    made = package(project, project.build_dir, project.dist_dir)
    root = made.dist / "huggingface"
    assert sorted(file.name for file in (root / "data" / "sources").iterdir()) == [
        f"train-0000{number}-of-00002.parquet" for number in range(2)
    ]
    card = read_card(root)
    files = {config["config_name"]: config["data_files"][0]["path"] for config in card["configs"]}
    assert files["links"] == "data/links/train-00000-of-00001.parquet"
    for info in card["dataset_info"]:
        name = info["config_name"]
        if name not in ("sources", "articles", "event_reports", "links"):
            continue  # nothing in them that these have not, and each is loaded twice
        rows = pq.read_table(made.dist / "datapackage" / "parquet" / f"{name}.parquet").to_pylist()
        cached = load_dataset(str(root), name, split="train", cache_dir=str(tmp_path / "cache"))
        streamed = load_dataset(str(root), name, split="train", streaming=True)
        assert cached.features == streamed.features == features(core_tables()[name])
        assert cached.to_list() == list(streamed) == rows
        assert info["splits"][0]["num_bytes"] == cached.info.splits["train"].num_bytes
        listed = [files[name]] if isinstance(files[name], str) else files[name]
        assert info["download_size"] == sum((root / path).stat().st_size for path in listed)
    assert check_huggingface(root).status(strict=True) == 0


def test_articles_are_the_default(packaged: PackageReport, tmp_path: Path) -> None:
    from datasets import get_dataset_default_config_name, load_dataset

    root = str(packaged.dist / "huggingface")
    assert get_dataset_default_config_name(root) == "articles"
    assert load_dataset(root, split="train", cache_dir=str(tmp_path)).num_rows == 4


def test_the_card_describes_the_dataset(packaged: PackageReport) -> None:
    card = read_card(packaged.dist / "huggingface")
    assert card["license"] == "cc0-1.0"
    assert card["language"] == ["en", "zh"]
    assert card["pretty_name"] == "Harbor <b>News</b> | a *test*"
    assert card["size_categories"] == ["n<1K"]
    assert {"test", "harbor", "events"} <= set(card["tags"])
    body = (packaged.dist / "huggingface" / "README.md").read_text("utf-8").split("\n---\n", 1)[1]
    for heading in ("Tables", "Use it", "Collections", "Coverage", "Rights", "Limits", "Columns"):
        assert f"\n## {heading}\n" in body
    assert "| partial | excerpt | 1 | 1 | 1 | 1 |" in body
    assert "\n## Personal information\n" in body
    assert "write to Maker: of #things, through [https://example.org/harbor](https://example.org/harbor)." in body


@pytest.mark.parametrize("file", ["huggingface/README.md", "datapackage/README.md"])
def test_both_readmes_say_what_is_there_and_what_is_missing(packaged: PackageReport, file: str) -> None:
    text = (packaged.dist / file).read_text("utf-8")
    assert text.partition("\n## Coverage\n\n")[2].partition("\n## ")[0].splitlines() == [
        "- Articles by language: en (3), zh-Hans (1).",
        "- By year: 2031 (4).",
        "- By publisher: Open (2), Closed (1), Partial (1).",
        "- Marked as copies or revisions of others (`duplicate_of`): 0; without a printed date: 0; "
        "cut by a paywall or by who collected them (`truncated`): 0.",
        "- Files that gave no article: 1. What could not be used, or not without doubt, by code (`rejects.code`): "
        "body-empty (1), date-unreadable (1), file-binary (1).",
    ]


def test_parquet_is_plain(packaged: PackageReport) -> None:
    for file in (packaged.dist / "huggingface").rglob("*.parquet"):
        assert set(pq.read_metadata(file).metadata) == {b"ARROW:schema"}


def test_no_path_holds_a_word_that_names_a_split(packaged: PackageReport) -> None:
    for file in packaged.files:
        if file.path.startswith("huggingface/"):
            words = set(file.path.replace("-", "/").replace("_", "/").replace(".", "/").split("/"))
            assert not words & {"test", "dev", "eval", "val", "validation"}


def test_an_empty_table_is_left_out_and_named(tmp_path: Path) -> None:
    tables = linked.tables()
    project = linked.write_project(tmp_path / "project", tables | {"links": tables["links"].slice(0, 0)})
    report = package(project, project.build_dir, project.dist_dir)
    root = report.dist / "huggingface"
    assert not (root / "data" / "links").exists()
    assert "links" not in {config["config_name"] for config in read_card(root)["configs"]}
    assert "Left out because they are empty: `links`." in (root / "README.md").read_text("utf-8")
    assert (report.dist / "datapackage" / "csv" / "links.csv").read_text() == "article_id,position,url,text,relation\n"
    assert check_huggingface(root).status(strict=True) == 0


def test_a_licence_the_hub_does_not_know_is_named(tmp_path: Path) -> None:
    own = linked.DESCRIPTOR.replace("name: CC0-1.0\ncontr", "name: House-1\n    path: https://example.org/l\ncontr")
    project = linked.write_project(tmp_path / "project", descriptor=own)
    card = read_card(package(project, project.build_dir, project.dist_dir).dist / "huggingface")
    assert (card["license"], card["license_name"]) == ("other", "house-1")
    assert card["license_link"] == "https://example.org/l"
