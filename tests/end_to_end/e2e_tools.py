"""What the end-to-end tests share: five files in five layouts, projects made of them, and the command line."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from linked import EPOCH
from typer.testing import CliRunner, Result

import forked

ROOT = Path(__file__).resolve().parents[2]

Rows = list[dict[str, Any]]

FRONT_MATTER = """\
---
title: "法国总统马克龙到访柏林"
date: "2024-05-29 08:30:00 +0800"
author: 林一
tags:
  - 法国
  - 德国
---

法国总统马克龙5月28日在柏林与德国总理朔尔茨举行会谈。

双方谈到怎样加强欧洲的防务。
"""
FEED_HTML = """\
<!--1716940800000-->
[朔尔茨在柏林接待马克龙](https://feed.example/world/20240528/berlin/)
------

<p>德国总理朔尔茨5月28日在柏林与法国总统马克龙会谈。</p><p>朔尔茨说，两国要<b>更多</b>地一起买武器 &amp; 弹药。</p>
"""
FEED_CAPTIONS = """\
<!--1716944400000-->
[柏林会谈之后](https://stories.example/zh/a-7001)
------

<div><i>程望<br>2024-05-28T20:15:00.000Z</i></div><img src="https://stories.example/7001.jpg"><div><small>两人走过勃兰登堡门</small></div><p>马克龙周二与朔尔茨会谈约两个小时。</p><p><strong>下一步</strong></p><p>意大利总理梅洛尼没有参加。</p>
"""
PAGE_DUMP = """\
首页  »  国际频道

法德领导人举行会谈

2024-05-29 06:02:11

来源:北页网

  北页社柏林5月28日电 法国总统马克龙28日在柏林与德国总理朔尔茨举行会谈。

  两人没有说明下次会谈的时间。(记者:陆禾)
"""
BLOG_HTML = """\

---
title: '馬克龍與朔爾茨在柏林會談'
categories:
 - 新聞
author: 提燈新聞
date: Wed, 29 May 2024 01:10:00 GMT
---

<div>
<p>法國總統馬克龍28日在柏林與德國總理朔爾茨會談。</p>
<h3>巴黎的看法</h3>
<p>馬克龍表示，歐洲必須自己保護自己。</p>
</div>
"""
COLLECTED: Mapping[str, str] = {
    "blog.md": BLOG_HTML,
    "captions.txt": FEED_CAPTIONS,
    "feed.txt": FEED_HTML,
    "note.md": FRONT_MATTER,
    "page.txt": PAGE_DUMP,
}
TABLES = (
    "sources",
    "articles",
    "media",
    "links",
    "entities",
    "mentions",
    "events",
    "event_participants",
    "event_reports",
    "rejects",
)


def collect(folder: Path) -> Path:
    """A folder of the five files, as a collector leaves them."""
    folder.mkdir(parents=True)
    for name, text in COLLECTED.items():
        (folder / name).write_text(text, "utf-8")
    return folder


def copy_sample(folder: Path, order: Callable[[Iterable[Path]], Iterable[Path]] = sorted) -> Path:
    """The project of this repository, without git and without what was built; files are made in the given order."""
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "datapackage.yaml", folder)
    shutil.copytree(ROOT / "schemas", folder / "schemas")
    for file in order([file for file in (ROOT / "sources").rglob("*") if file.is_file()]):
        place = folder / file.relative_to(ROOT)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, place)
    return folder


def forked_broadsheet(*words: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own that was forked from one which has read the packs; it starts at once."""
    return forked.broadsheet(*words, env={"SOURCE_DATE_EPOCH": EPOCH}, **options)


def broadsheet(*words: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, as a user runs it."""
    environment = {**os.environ, "SOURCE_DATE_EPOCH": EPOCH, **options.pop("env", {})}
    command = [options.pop("python", sys.executable), "-m", "broadsheet", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, **options)


def invoke(*words: str | Path) -> Result:
    """The command in this process, which is quicker."""
    done = CliRunner(env={"SOURCE_DATE_EPOCH": EPOCH}).invoke(invoked(), [str(word) for word in words])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def invoked() -> Any:
    from broadsheet.cli import app

    return app


def rows(build: Path, table: str) -> Rows:
    """The rows of a table of a build."""
    import pyarrow.parquet as pq

    return pq.read_table(build / f"{table}.parquet").to_pylist()


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its path."""
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def built(project: Path) -> dict[str, bytes]:
    """The tables and the report of a build, without its cache."""
    return {
        file.name: file.read_bytes()
        for file in (project / "build").iterdir()
        if file.is_file() and file.suffix in (".parquet", ".json")
    }


def differing(first: Mapping[str, bytes], second: Mapping[str, bytes]) -> list[str]:
    """Names of files that are not the same on both sides."""
    return sorted(name for name in {*first, *second} if first.get(name) != second.get(name))
