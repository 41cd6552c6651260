"""The pages for those who download a dataset: what is no Python or command of ours runs, too, and is shown complete."""

import functools
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import duckdb
import pytest
from docs_pages import ROOT, blocks, links

USE = ROOT / "docs" / "use"


class Silent(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def address(sample: Path) -> Iterator[str]:
    """Where the published files of the sample can be downloaded."""
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Silent, directory=str(sample / "dist"))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_every_page_is_in_the_index() -> None:
    assert set(links(USE / "README.md")) >= {page.name for page in USE.glob("*.md")} - {"README.md"}


def test_the_queries_for_duckdb_answer(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(sample)
    shown = blocks(USE / "duckdb.md", "sql")
    assert len(shown) == 4
    with duckdb.connect() as connection:
        connection.execute(shown[0].text)
        for block in shown[1:]:
            assert connection.sql(block.text).fetchall(), f"line {block.line}: no rows"


def run(command: list[str], folder: Path, **environment: str) -> str:
    scripts = Path(sys.executable).parent
    found = {**os.environ, "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}", **environment}
    done = subprocess.run(command, cwd=folder, env=found, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-1500:] + done.stderr[-1500:]
    return done.stdout


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_what_the_shell_page_shows_downloads_and_verifies(address: str, tmp_path: Path) -> None:
    script = "set -e\n" + "\n".join(block.text for block in blocks(USE / "curl.md", "sh"))
    said = run(["bash", "-c", script], tmp_path, ADDRESS=address)
    assert "datapackage.zip: OK" in said
    assert "\nevents 2" in said  # some 260 rows


def test_frictionless_says_the_package_is_valid(sample: Path) -> None:
    (block,) = blocks(USE / "frictionless.md", "sh")
    assert "VALID" in run(["bash", "-c", block.text], sample).upper()


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
def test_the_lines_for_r_run(sample: Path) -> None:
    (block,) = blocks(USE / "r.md", "r")
    assert "statement" in run(["Rscript", "-e", block.text], sample, LC_ALL="C.UTF-8")
