"""What worker processes are forked from."""

import subprocess
import sys
from pathlib import Path

import pytest

ASKED = """
import sys
import broadsheet.annotate.preload
from broadsheet.annotate import Annotator, _tools
loaded = _tools.cache_info().currsize
Annotator.load().preload()
print(loaded, _tools.cache_info().currsize, len(Annotator.load().event_types()) > 20)
print([name for name in ("pyarrow", "numpy", "pandas", "duckdb", "multiprocessing") if name in sys.modules])
print(open("/proc/self/status").read().partition("Threads:")[2].split()[0])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux forks workers")
def test_it_holds_the_packs_and_no_threads(tmp_path: Path) -> None:
    line = [sys.executable, "-c", ASKED]
    done = subprocess.run(line, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.splitlines() == ["2 2 True", "[]", "1"]
