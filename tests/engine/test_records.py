"""Ids, byte offsets, and spans that markup cuts through. Offsets below were counted by hand."""

import hashlib

from broadsheet.annotate.model import Annotation, EntityDraft, MentionDraft, ReportDraft
from broadsheet.document import (
    Article,
    Block,
    ByteMap,
    Document,
    Reject,
    SourceFile,
    SourceText,
    Span,
    concatenate,
)
from broadsheet.engine.records import Rows, document_rows
from broadsheet.project import Collection

COLLECTION = Collection("one", "One", ("*",), license="CC0-1.0", redistribution="excerpt")


def document(text: str, *articles: Article, encoding: str = "utf-8", rejects: tuple[Reject, ...] = ()) -> Document:
    data = text.encode(encoding)
    source = SourceFile("one", "s/a.md", data, hashlib.sha256(data).hexdigest(), "text/markdown")
    byte_map = ByteMap(text, encoding)
    return Document(source, text, encoding, byte_map, ("plain",), "parsed", articles=articles, rejects=rejects)


def article(text: str, *paragraphs: SourceText, **fields: object) -> Article:
    blocks = tuple(Block("paragraph", paragraph) for paragraph in paragraphs)
    values: dict[str, object] = {"title": None, "span": Span(0, len(text)), "position": 0, **fields}
    return Article(blocks=blocks, language="zh-Hans", **values)  # type: ignore[arg-type]


def piece(text: str, words: str) -> SourceText:
    return SourceText.verbatim(words, text.index(words))


def mention(start: int, end: int, surface: str, field: str = "body") -> MentionDraft:
    return MentionDraft(field, start, end, surface, "place", "loc/x", "r", 0.5)  # type: ignore[arg-type]


def report(start: int, end: int, trigger: str, key: int = 1) -> ReportDraft:
    return ReportDraft("body", start, end, trigger, "call", "occurred", "r", key)


def rows(made: Document, *annotations: Annotation) -> Rows:
    return document_rows(made, annotations or (Annotation(),) * len(made.articles), COLLECTION, "7")


def test_offsets_are_bytes() -> None:
    text = "题目\n中a国\n"
    made = rows(
        document(text, article(text, piece(text, "中a国"), title=piece(text, "题目"))),
        Annotation((mention(2, 3, "国"), mention(0, 2, "题目", "title"))),
    )
    (row,) = made.articles
    assert [(s.field, s.text_start, s.text_length, s.source_start, s.source_length) for s in row.segments] == [
        ("title", 0, 2, 0, 6),
        ("body", 0, 3, 7, 7),
    ]
    assert [(m.start, m.end, m.source_start, m.source_end) for m in made.mentions] == [(2, 3, 11, 14), (0, 2, 0, 6)]
    assert (row.source_start, row.source_end) == (0, 15)
    assert (row.character_count, row.license) == (3, "CC0-1.0")
    assert row.body_sha256 == hashlib.sha256("中a国".encode()).hexdigest()
    (source,) = made.sources
    assert (source.parser_version, source.redistribution, source.bytes) == ("7", "excerpt", 15)


def test_offsets_in_another_encoding() -> None:
    text = "一二三"
    made = rows(
        document(text, article(text, piece(text, "一二三")), encoding="gb18030"), Annotation((mention(1, 3, "二三"),))
    )
    assert [(m.source_start, m.source_end) for m in made.mentions] == [(2, 6)]


def test_ids_do_not_depend_on_neighbours() -> None:
    text = "甲\n乙\n"
    first = article(text, piece(text, "甲"), url="https://example.org/1")
    second = article(text, piece(text, "乙"), url="https://example.org/2", position=1)
    both = rows(document(text, first, second)).articles
    alone = rows(document(text, second)).articles
    assert both[1].article_id == alone[0].article_id
    source = hashlib.sha256(b"one\0s/a.md").hexdigest()[:16]
    assert both[0].source_id == f"src-{source}"
    expected = hashlib.sha256(f"src-{source}\0https://example.org/1".encode()).hexdigest()[:16]
    assert both[0].article_id == f"art-{expected}"


def test_articles_of_one_name_are_numbered() -> None:
    text = "甲\n乙\n"
    found = rows(
        document(text, article(text, piece(text, "甲")), article(text, piece(text, "乙"), position=1))
    ).articles
    assert found[1].article_id == f"{found[0].article_id}-2"


def test_mention_that_markup_cuts_is_left_out_with_a_reject() -> None:
    text = "去[北](u)京了"
    body = concatenate([piece(text, "去"), piece(text, "北"), piece(text, "京了")])
    made = rows(document(text, article(text, body)), Annotation((mention(1, 3, "北京"), mention(0, 1, "去"))))
    assert [m.surface for m in made.mentions] == ["去"]
    (reject,) = made.rejects
    assert (reject.code, reject.table, reject.field, reject.value) == (
        "span-not-verifiable",
        "mentions",
        "surface",
        "北京",
    )
    assert reject.article_id == made.articles[0].article_id
    assert (reject.source_start, reject.source_end) == (4, 14)


def test_mention_across_a_tag_or_a_line_stays() -> None:
    text = "去<b>北</b>\n京了"
    body = concatenate([piece(text, "去"), piece(text, "北"), piece(text, "京了")])
    made = rows(document(text, article(text, body)), Annotation((mention(1, 3, "北京"),)))
    assert [(m.source_start, m.source_end) for m in made.mentions] == [(6, 17)]
    assert made.rejects == []


def test_report_is_narrowed_to_its_longest_part_with_the_trigger() -> None:
    text = "昨天[甲国](u)与乙国通话两次[丙](v)说"
    parts = ["昨天", "甲国", "与乙国通话两次", "丙", "说"]
    body = concatenate([piece(text, part) for part in parts])
    assert body.text == "昨天甲国与乙国通话两次丙说"
    made = rows(document(text, article(text, body)), Annotation((), (report(0, 13, "通话"),)))
    (row,) = made.event_reports
    assert (row.start, row.end) == (4, 11)
    assert body.text[row.start : row.end] == "与乙国通话两次"
    assert text.encode()[row.source_start : row.source_end].decode() == "与乙国通话两次"
    assert [reject.code for reject in made.rejects] == ["span-not-verifiable"]
    assert "narrowed" in made.rejects[0].message


def test_report_whose_trigger_is_cut_is_left_out() -> None:
    text = "甲国通[话](u)了"
    body = concatenate([piece(text, "甲国通"), piece(text, "话"), piece(text, "了")])
    made = rows(document(text, article(text, body)), Annotation((), (report(0, 5, "通话"),)))
    assert made.event_reports == []
    assert "left out" in made.rejects[0].message


def test_words_that_are_not_there_are_not_published() -> None:
    text = "甲國與乙國通話"
    made = rows(
        document(text, article(text, piece(text, text))),
        Annotation((mention(0, 2, "甲国"), mention(3, 5, "乙國")), (report(0, 7, "通话"), report(0, 7, "通話"))),
    )
    assert [row.surface for row in made.mentions] == ["乙國"]
    assert [row.trigger for row in made.event_reports] == ["通話"]
    assert [reject.code for reject in made.rejects] == ["span-not-verifiable"] * 2


def test_report_over_two_paragraphs_with_a_caption_between() -> None:
    text = "甲国通话。\n图说\n很好。"
    made = rows(
        document(text, article(text, piece(text, "甲国通话。"), piece(text, "很好。"))),
        Annotation((), (report(0, 10, "通话"),)),
    )
    (row,) = made.event_reports
    assert (row.start, row.end) == (0, 5)


def test_title_that_is_not_in_the_file() -> None:
    text = "正文"
    made = rows(
        document(text, article(text, piece(text, "正文"), title=SourceText("标题"))),
        Annotation((mention(0, 2, "标题", "title"),)),
    )
    assert made.articles[0].title == "标题"
    assert [segment.field for segment in made.articles[0].segments] == ["body"]
    assert made.mentions == []
    assert "not in the file" in made.rejects[0].message


def test_rejects_have_place_and_short_value() -> None:
    text = "一二三"
    rejects = (
        Reject("date-unreadable", "m", "articles", "published_local", "x" * 300, Span(1, 3), 0),
        Reject("date-unreadable", "m", "articles", "published_local", "y", Span(1, 3), 0),
        Reject("not-article", "m"),
    )
    made = rows(document(text, article(text, piece(text, text)), rejects=rejects))
    first, second, third = made.rejects
    assert (first.source_start, first.source_end) == (3, 9)
    assert first.value is not None
    assert len(first.value) == 200
    assert first.article_id == made.articles[0].article_id
    assert second.reject_id == f"{first.reject_id}-2"
    assert (third.article_id, third.source_start, third.table) == (None, None, "sources")


def test_reports_of_one_event_share_its_provisional_id() -> None:
    text = "甲通话。乙通话。丙通话。"
    made = rows(
        document(text, article(text, piece(text, text))),
        Annotation((), (report(0, 4, "通话", 1), report(4, 8, "通话", 2), report(8, 12, "通话", 1))),
    )
    events = [row.event_id for row in made.event_reports]
    assert events == [f"{made.articles[0].article_id}#{key}" for key in (1, 2, 1)]


def test_entities_of_a_file_are_told_once() -> None:
    text = "甲\n乙\n"
    drafts = Annotation((), (), (EntityDraft("loc/x", "place", "X"),))
    two = (article(text, piece(text, "甲")), article(text, piece(text, "乙"), position=1))
    made = rows(document(text, *two), drafts, drafts)
    assert [row.entity_id for row in made.entities] == ["loc/x"]


def test_hostile_markup_is_verified_in_linear_time() -> None:
    import time

    text = "<" * 200_000 + "通话"
    began = time.perf_counter()
    made = rows(document(text, article(text, piece(text, text))), Annotation((mention(0, len(text), text),)))
    assert len(made.mentions) == 1
    # an equal slice needs no stripping; a different one is stripped once
    rows(document(text, article(text, piece(text, text))), Annotation((mention(0, len(text), "通话"),)))
    assert time.perf_counter() - began < 5
