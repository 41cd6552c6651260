"""The benchmark runs and fills its table. No figure is asserted: machines differ."""

import importlib.util
import os
import re
import subprocess
import sys

from e2e_tools import ROOT


def benchmark(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "benchmarks" / "build.py"), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **environment})


def test_benchmark_prints_its_table() -> None:
    # a folder that is not there: the sample corpus is measured
    done = benchmark(
        "--files", "3", "--runs", "1", "--only", "floor,parse,trafilatura", BROADSHEET_SHARED="/nonexistent"
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("3 files of sources, ")
    assert re.search(r"^[0-9]+ cores, ", done.stdout, re.MULTILINE)
    table = [[cell.strip() for cell in line.split("|")[1:-1]] for line in done.stdout.splitlines() if "|" in line]
    assert table[0] == ["what", "files/s", "ms/file", "x floor", "MB"]
    lines = {row[0].split(",")[0]: row[1:] for row in table[2:]}
    assert list(lines) == ["floor: read", "parse", "trafilatura"]
    assert lines["floor: read"][2] == "1.0"
    speed, each, ratio, memory = lines["parse"]
    assert float(speed.replace(",", "")) > 0
    assert float(each) > 0
    assert float(ratio) > 1
    assert int(memory) > 10
    if importlib.util.find_spec("trafilatura") is None:
        assert lines["trafilatura"][0] == "absent"
        assert "not installed, so not measured: trafilatura" in done.stdout


def test_benchmark_names_what_it_knows() -> None:
    done = benchmark("--only", "floor,speed")
    assert done.returncode == 2
    assert "no such measure: speed" in done.stderr
