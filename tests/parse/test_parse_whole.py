"""Whole files: no bytes break the parser, every block is traceable, the seeds give what people read in them."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from parse_tools import assert_traceable, codes, document

from broadsheet.findings import CODES
from broadsheet.parse import PARSER_VERSION, fingerprint

TOKENS = [
    "---\n",
    "title: 题\n",
    "date: 2024-05-06\n",
    "tags: [a, 'b",
    "<!--1739434021000-->\n",
    "[题](https://a.org)\n",
    "------\n",
    "首页 » 国际\n",
    "2024-05-06 07:08\n",
    "来源:新华网\n",
    "• 相关阅读\n",
    "<p>正文。</p>",
    "<div><i>某人<br>2020-01-02T03:04:05Z</i></div>",
    "<figure><img src=a>说明</figure>",
    "<footer>翻译：林一</footer>",
    "<html><body>",
    "<script>",
    "![](a.jpg)\n",
    "(来源:某人)\n",
    "（路透社）\n",
    "(记者:林一)\n",
    "&amp;&#0;&#xD800;",
    "\ufeff",
    "\x00",
    "\r\n",
    "\n",
    "文字 ",
    "\u3000\u3000一段比较长的文字，有句号。\n",
]
FILES = st.one_of(
    st.binary(max_size=300),
    st.lists(st.sampled_from(TOKENS), max_size=25).map(lambda parts: "".join(parts).encode()),
    st.lists(st.one_of(st.sampled_from(TOKENS).map(str.encode), st.binary(max_size=4)), max_size=25).map(b"".join),
)


@settings(max_examples=300, deadline=None)
@given(FILES)
def test_any_bytes_give_a_document(data: bytes):
    parsed = document(data)
    assert "parse-failed" not in codes(parsed), parsed.rejects
    assert parsed.status in ("parsed", "empty", "not_article", "rejected")
    assert (parsed.status == "parsed") == any(article.blocks for article in parsed.articles)
    assert parsed.status == "parsed" or parsed.rejects
    assert set(codes(parsed)) <= CODES.keys()
    for reject in parsed.rejects:
        assert reject.position is None or reject.position < len(parsed.articles)
        assert reject.span is None or 0 <= reject.span.start <= reject.span.end <= len(parsed.text)
    for article in parsed.articles:
        article.body().text.encode()
        assert "\x00" not in article.body().text
        assert all(block.text.text == block.text.text.strip() != "" for block in article.blocks)
    assert_traceable(parsed)
    assert document(data) == parsed


def test_the_fingerprint_is_stable_and_the_version_is_one():
    assert fingerprint() == fingerprint()
    assert len(fingerprint()) == 64
    assert PARSER_VERSION.count(".") == 2


SHARED = Path(os.environ.get("BROADSHEET_SHARED", Path(__file__).parents[3] / "shared"))
SEEDS = sorted((SHARED / "seeds").glob("*.txt")) if (SHARED / "seeds").is_dir() else []


@pytest.mark.skipif(not SEEDS, reason="the real seed files are not at ../shared or $BROADSHEET_SHARED")
@pytest.mark.parametrize("number", range(len(SEEDS) or 1))
def test_real_seeds(number: int):
    seed = SEEDS[number]
    found = [json.loads(file.read_text(encoding="utf-8")) for file in (SHARED / "gold" / "articles").glob("s*.json")]
    gold = next(g for g in found if g["path"].endswith(seed.name))["articles"][0]
    parsed = document(seed.read_bytes(), path=seed.name)
    assert (parsed.status, codes(parsed)) == ("parsed", [])
    (article,) = parsed.articles
    assert article.title.text == gold["title"]
    assert article.publisher == gold["publisher"]
    assert article.language == gold["lang"]
    assert list(article.authors) == gold["authors"]
    assert article.url == gold["url"]
    assert article.published.local == gold["published"].removesuffix("Z")
    written = [block.text.text for block in article.blocks]
    wanted = [p for p in gold["paragraphs"] if not p.get("optional")]
    assert [w for w in written if w in {p["text"] for p in wanted}] == [p["text"] for p in wanted]
    accepted = {t if isinstance(t, str) else t["text"] for p in gold["paragraphs"] for t in (p["text"], *p["alt"])}
    assert set(written) <= accepted
    assert_traceable(parsed)
