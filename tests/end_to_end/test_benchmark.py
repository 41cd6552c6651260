"""The benchmarks run and fill their tables. No figure is asserted: machines differ."""

import importlib.util
import os
import re
import subprocess
import sys

from e2e_tools import ROOT


def benchmark(script: str, *words: str) -> subprocess.CompletedProcess[str]:
    """A benchmark over the sample corpus: the folder of real archives is one that is not there."""
    command = [sys.executable, str(ROOT / "benchmarks" / script), *words]
    environment = {**os.environ, "BROADSHEET_SHARED": "/nonexistent"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def table(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith("|")]


def assert_filled(cells: list[str]) -> None:
    speed, each, ratio, memory = cells
    assert float(speed.replace(",", "")) > 0
    assert float(each) > 0
    assert float(ratio) > 1
    assert int(memory) > 10


def test_the_benchmark_of_the_verbs_prints_its_table() -> None:
    done = benchmark("build.py", "--files", "3", "--runs", "1", "--only", "floor,parse")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("3 files of sources, ")
    assert re.search(r"^[0-9]+ cores, ", done.stdout, re.MULTILINE)
    head, _, floor, parse = table(done.stdout)
    assert head == ["what", "files/s", "ms/file", "x floor", "MB"]
    assert floor[0].startswith("floor: read")
    assert floor[3] == "1.0"
    assert parse[0] == "collect and parse"
    assert_filled(parse[1:])


def test_the_benchmark_of_the_parser_tells_speed_and_quality_and_does_without_the_peers() -> None:
    done = benchmark("parse.py", "--files", "3", "--runs", "1")
    assert done.returncode == 0, done.stderr
    speed, quality = done.stdout.split("Share that is right")
    lines = {row[0].split(":")[0]: row[1:] for row in table(speed)}
    assert list(lines)[2:] == ["floor", "broadsheet", "python-frontmatter and trafilatura", "newspaper4k"]
    assert_filled(lines["broadsheet"])
    for peer, module in (("python-frontmatter and trafilatura", "trafilatura"), ("newspaper4k", "newspaper")):
        if importlib.util.find_spec(module) is None:
            assert lines[peer][0] == "absent"
            assert peer not in quality
    head, _, ours, *_ = table(quality)
    title, paragraphs = (ours[head.index(name)] for name in ("title", "par. F1"))
    assert float(title) > 0.9
    assert float(paragraphs) > 0.9


def test_a_benchmark_names_what_it_knows() -> None:
    done = benchmark("build.py", "--only", "floor,speed")
    assert done.returncode == 2
    assert "no such measure: speed" in done.stderr
