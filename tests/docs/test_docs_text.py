"""The text of the documentation: links resolve, nothing is copied, no place of a machine is named."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from docs_pages import ROOT, anchors, links, pages, shown

SHARED = Path(os.environ.get("BROADSHEET_SHARED", ROOT.parent / "shared"))
LENGTH = 20
NOT_HAN = re.compile(r"[^\u4e00-\u9fff]+")
INDEX_HOSTS = ("py" + "pi.org", "python" + "hosted.org", "npm" + "js.org", "deb" + "ian.org")
MACHINE = re.compile(r"(?<![\w.])/(?:work|home|root|tmp|Users|var|mnt)/")


@pytest.mark.parametrize("page", pages(), ids=shown)
def test_internal_links_resolve(page: Path) -> None:
    for target in links(page):
        if target.startswith(("https://", "http://", "mailto:")):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), f"{shown(page)}: {target}"
        assert not anchor or anchor in anchors(file), f"{shown(page)}: {target}"


@pytest.mark.parametrize("page", pages(), ids=shown)
def test_no_machine_and_no_index_is_named(page: Path) -> None:
    text = page.read_text("utf-8")
    assert not MACHINE.search(text)
    assert [host for host in INDEX_HOSTS if host in text] == []


def test_every_page_of_docs_can_be_reached_from_the_readme() -> None:
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md" or not page.is_file():
            continue
        reached.add(page)
        targets = (target.partition("#")[0] for target in links(page) if "://" not in target)
        waiting += [(page.parent / target).resolve() for target in targets if target]
    assert [shown(page) for page in pages() if page not in reached] == []


def windows(text: str) -> Iterator[str]:
    """Every run of LENGTH Chinese characters, whatever stands between them."""
    bare = NOT_HAN.sub("", text)
    return (bare[at : at + LENGTH] for at in range(len(bare) - LENGTH + 1))


def test_no_sentence_of_others_is_copied() -> None:
    if not SHARED.is_dir():
        pytest.skip(f"the development data is not at {SHARED.name}: set BROADSHEET_SHARED")
    own = {window: shown(page) for page in pages() for window in windows(page.read_text("utf-8"))}
    files = [file for folder in ("seeds", "corpora", "gold") for file in (SHARED / folder).rglob("*") if file.is_file()]
    assert files
    copied = {own[w] for file in files for w in windows(file.read_text("utf-8", "ignore")) if w in own}
    assert copied == set()
