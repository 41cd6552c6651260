"""The three body readers: nodes with exact offsets, whoever published them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.document import SourceText
from broadsheet.parse.bodies import html, kind_of, markdown, plain
from broadsheet.parse.bodies.nodes import Node


def nodes_of(reader, text: str) -> list[Node]:
    return list(reader.read(SourceText.verbatim(text)).nodes)


def shown(reader, text: str) -> list[tuple[str, str]]:
    return [(n.kind, n.url or n.text.text) for n in nodes_of(reader, text)]


HTML_CASES = {
    "paragraphs close each other": (
        "<p>甲<p>乙</p>丙",
        [("paragraph", "甲"), ("paragraph", "乙"), ("paragraph", "丙")],
    ),
    "inline markup goes, its text stays": (
        '<p>就<span class="x">议题</span>，<a href="/u">某人</a><b>说</b>。</p>',
        [("paragraph", "就议题，某人说。")],
    ),
    "a break ends a block": ("<p>甲<br>乙<br/>丙</p>", [("paragraph", "甲"), ("paragraph", "乙"), ("paragraph", "丙")]),
    "a break in a heading does not": ("<h3>甲：<br>乙</h3>", [("heading", "甲：乙")]),
    "a break in an English heading parts words": ("<h2>One<br>two</h2>", [("heading", "One two")]),
    "references are decoded": ("<p>A&amp;B &lt;C&gt; &#20013;&nbsp;&copy;</p>", [("paragraph", "A&B <C> 中\xa0©")]),
    "an unknown reference is text": ("<p>R&D; &bogus; &</p>", [("paragraph", "R&D; &bogus; &")]),
    "line ends collapse to a blank": ("<p>two\n   lines</p>", [("paragraph", "two lines")]),
    "but not between Chinese characters": ("<p>两\r\n  行</p>", [("paragraph", "两行")]),
    "blanks on a line stay": ("<p>A  B 中 文</p>", [("paragraph", "A  B 中 文")]),
    "ideographic blanks at the ends go": ("<p>\u3000\u3000缩进\u200b</p>", [("paragraph", "缩进")]),
    "script, style and frames are no text": (
        "<p>甲</p><script>if (a<b) x='<p>'</script><style>p{}</style><iframe>乙</iframe><p>丙</p>",
        [("paragraph", "甲"), ("paragraph", "丙")],
    ),
    "comments are no text": ("<p>甲<!-- <p>乙</p> -->丙</p>", [("paragraph", "甲丙")]),
    "items": ("<ul><li>甲<li>乙</ul>", [("item", "甲"), ("item", "乙")]),
    "figure": (
        '<figure><img src="a.jpg?x=1&amp;y=2" alt="no"><figcaption>说明</figcaption></figure><p>文</p>',
        [("image", "a.jpg?x=1&y=2"), ("caption", "说明"), ("paragraph", "文")],
    ),
    "an image inside a paragraph does not cut it": (
        '<p>前<img src="a.jpg">后</p>',
        [("paragraph", "前后"), ("image", "a.jpg")],
    ),
    "a lazy image": ('<img src="data:image/gif;base64,R0" data-src="b.png">', [("image", "b.png")]),
    "a quote in an attribute": ("<p title='it's > here'>甲</p>", [("paragraph", "here'>甲")]),
    "a less-than sign is text": ("<p>3 < 5，<中文></p>", [("paragraph", "3 < 5，<中文>")]),
    "preformatted lines": ("<pre>甲\n乙</pre>", [("paragraph", "甲"), ("paragraph", "乙")]),
    "a stray end tag": ("甲</span></div>乙", [("paragraph", "甲"), ("paragraph", "乙")]),
    "upper case": ("<P>甲<BR>乙</P>", [("paragraph", "甲"), ("paragraph", "乙")]),
    "hidden": ("<noscript><img src=a></noscript><p>甲</p>", [("paragraph", "甲")]),
    "empty blocks give nothing": ("<p> &nbsp; </p><div>\n</div>", []),
}


@pytest.mark.parametrize("name", HTML_CASES)
def test_html(name: str):
    text, expected = HTML_CASES[name]
    assert shown(html, text) == expected


def test_html_keeps_marks_links_and_elements():
    text = '<div><i>某人<br>2020-01-02</i></div><p><a href="/a?b=1&amp;c=2">甲</a>乙</p><p><b>丙</b> <b>丁</b></p>'
    first, second, third, fourth = nodes_of(html, text)
    assert first.marks == second.marks == {"em"}
    assert [(i.tag, i.start, i.end, i.value) for i in third.inlines] == [("a", 0, 1, "/a?b=1&c=2")]
    assert third.marks == set()
    assert fourth.marks == {"strong"}
    assert (first.element.tag, third.element.tag) == ("div", "p")


def test_html_remembers_the_classes_around_a_text():
    (node,) = nodes_of(html, '<div class="story-box" id="main"><p class=lead>甲</p></div>')
    assert node.element.classes() == "lead story-box main"


def test_html_runs_are_exact():
    text = "<p>一&amp;二<b>三</b></p>"
    (node,) = nodes_of(html, text)
    pieces = [(text[r.source_start : r.source_start + r.source_length], r.text_length) for r in node.text.runs]
    assert pieces == [("一", 1), ("&amp;", 1), ("二", 1), ("三", 1)]


MARKDOWN_CASES = {
    "paragraphs": ("甲\n\n乙\n", [("paragraph", "甲"), ("paragraph", "乙")]),
    "lines of one paragraph": ("two\nlines\n", [("paragraph", "two lines")]),
    "headings": ("# 一\n## 二 ##\n文\n", [("heading", "一"), ("heading", "二"), ("paragraph", "文")]),
    "underlined headings": ("小标题\n------\n\n文", [("heading", "小标题"), ("paragraph", "文")]),
    "a rule is nothing": ("甲\n\n---\n\n***\n\n乙", [("paragraph", "甲"), ("paragraph", "乙")]),
    "links keep their text": ("[某社](https://a.org/x_(y))报道", [("paragraph", "某社报道")]),
    "an image on its own line": ("![说明](https://a.org/b.jpg)", [("image", "https://a.org/b.jpg")]),
    "an image whose brackets were lost": ("![]()https://a.org/b.webp![]()", [("image", "https://a.org/b.webp")]),
    "emphasis": ("这是**重点**和*轻点*，__粗__。", [("paragraph", "这是重点和轻点，粗。")]),
    "stars and lines that are text": ("3 * 4 = 12，a_b_c，孤*星", [("paragraph", "3 * 4 = 12，a_b_c，孤*星")]),
    "escapes": (r"\#标签 \*星\*", [("paragraph", "#标签 *星*")]),
    "bullets go, numbers stay": ("- 甲\n- 乙\n\n1. 丙\n", [("item", "甲"), ("item", "乙"), ("item", "1. 丙")]),
    "quotations": ("> 引文\n\n正文", [("paragraph", "引文"), ("paragraph", "正文")]),
    "a hashtag is text": ("#话题# 继续", [("paragraph", "#话题# 继续")]),
    "raw HTML": (
        "甲\n\n<figure>\n<img src='a.png'>\n<figcaption>乙</figcaption>\n</figure>\n\n丙<br>丁",
        [("paragraph", "甲"), ("image", "a.png"), ("caption", "乙"), ("paragraph", "丙"), ("paragraph", "丁")],
    ),
    "references": ("A &amp; B", [("paragraph", "A & B")]),
    "shortcodes": ('甲 {{< video src="x" >}}', [("paragraph", "甲")]),
    "an address in angle brackets": ("见 <https://a.org/b>", [("paragraph", "见 https://a.org/b")]),
    "Windows line ends": ("# 甲\r\n\r\n乙\r\n", [("heading", "甲"), ("paragraph", "乙")]),
}


@pytest.mark.parametrize("name", MARKDOWN_CASES)
def test_markdown(name: str):
    text, expected = MARKDOWN_CASES[name]
    assert shown(markdown, text) == expected


def test_markdown_runs_are_exact_around_a_link():
    text = "前[中](https://a.org)后"
    (node,) = nodes_of(markdown, text)
    pieces = [text[r.source_start : r.source_start + r.source_length] for r in node.text.runs]
    assert pieces == ["前", "中", "后"]
    assert [(i.tag, i.start, i.end, i.value) for i in node.inlines] == [("a", 1, 2, "https://a.org")]


def test_plain_text_is_one_paragraph_a_line_and_knows_subheads():
    long = "这一段足够长，长得不会是小标题，因为它有超过三十个字，并且以句号结束，读者一看便知。"
    text = f"\u3000\u3000{long}\r\n\r\n  谈判代表的小标题\r\n\r\n  {long}\r\n"
    assert shown(plain, text) == [("paragraph", long), ("heading", "谈判代表的小标题"), ("paragraph", long)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("<p>甲</p><p>乙</p>", "html"),
        ("\n<div>\n甲\n</div>\n", "html"),
        ("一个很长的段落，其中没有标签。\n\n<p>乙</p>", "markdown"),
        ("甲[乙](https://a.org)", "markdown"),
        ("# 甲\n\n乙", "markdown"),
        ("甲\n\n乙", "plain"),
        ("1 < 2 and 3 > 2", "plain"),
    ],
)
def test_the_kind_of_a_body_is_seen_in_its_structure(text: str, kind: str):
    assert kind_of(text) == kind


TOKENS = [
    "<p>",
    "</p>",
    "<b>",
    "</b>",
    "<div>",
    "</div>",
    "<br>",
    "</a>",
    "&amp;",
    "&#x4e2d;",
    "<img/src=x>",
    "<!--",
    "-->",
    "<script>",
    "</script>",
    "甲",
    "文b",
    "<",
    ">",
    '"',
    "'",
    "[",
    "](u)",
    "![",
    "**",
    "*",
    "_",
    "`",
    "\\",
    "# ",
    "- ",
    "😀",
    "&",
    "1. ",
    "<a href='u'>",
    "\n",
    " ",
    "\u3000",
    "```\n",
    "---\n",
    "\r\n",
    "> ",
]
MARKUP = st.lists(st.sampled_from(TOKENS), max_size=40).map("".join)


@given(MARKUP, st.sampled_from([html, markdown, plain]))
def test_every_run_of_every_node_gives_its_text(text: str, reader):
    for node in nodes_of(reader, text):
        for run in node.text.runs:
            piece = node.text.text[run.text_start : run.text_start + run.text_length]
            source = text[run.source_start : run.source_start + run.source_length]
            if run.text_length == run.source_length:
                assert piece.split() == source.split()
            assert run.source_length > 0
        starts = [r.text_start for r in node.text.runs]
        assert starts == sorted(starts)
        assert node.text.text == node.text.text.strip()


@given(st.text(alphabet="甲乙丙 abc，。", min_size=1).filter(lambda t: t.strip()))
def test_wrapping_in_a_paragraph_changes_nothing(text: str):
    (node,) = nodes_of(html, f"<p>{text}</p>")
    assert node.text.text == text.strip()
