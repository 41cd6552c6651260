import copy
import json
import os
from collections import Counter
from itertools import permutations
from pathlib import Path
from typing import Any

import linked
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.findings import BroadsheetError
from broadsheet.project import Project
from broadsheet.score import score
from broadsheet.score.articles import _same_time
from broadsheet.score.events import actor, alike
from broadsheet.score.measures import assign, b_cubed, b_cubed_within, values
from broadsheet.score.mentions import gold_mentions
from broadsheet.score.texts import Alignment, normalized

FIRST, SECOND = linked.OPEN_BODY.split("\n\n")


def span(text: str, para: int, words: str, **more: Any) -> dict[str, Any]:
    start = text.index(words)
    return {"para": para, "start": start, "end": start + len(words), "text": words, **more}


def entity(key: str, name: str, *forms: str) -> dict[str, Any]:
    return {"entity": key, "name_en": name, "name_zh": "", "type": "", "wikidata": None, "surface_forms": list(forms)}


def event(key: str, kind: str, dates: tuple[str | None, str | None], *people: str, **more: Any) -> dict[str, Any]:
    listed = [{"entity": person, "role": "participant"} for person in people]
    return {"id": key, "type": kind, "status": "occurred", "date_start": dates[0], "date_end": dates[1],
            "precision": "day", "participants": listed, "place": None, "certainty": "core", **more}  # fmt: skip


CITY_IN_GOLD = span(SECOND, 1, "海港", type="LOC", entity="loc/city")
EVENTS_OPEN = {
    "file": "a.txt",
    "sha256": linked.OPEN.sha256,
    "article": {"title": linked.OPEN_TITLE, "paragraphs": [FIRST, SECOND]},
    "mentions": [
        span(linked.OPEN_TITLE, -1, "Lind", type="PER", entity="per/lind", optional=True),
        span(FIRST, 0, "Anna Lind", type="PER", entity="per/lind"),
        span(FIRST, 0, "Omar Haddad", type="PER", entity="per/haddad"),
        span(SECOND, 1, "安娜", type="PER", entity="per/lind"),
        CITY_IN_GOLD | {"alt_spans": [[{"start": 3, "end": 6, "type": "LOC"}]]},
    ],
    "entities": [entity("per/lind", "Anna Lind"), entity("per/haddad", "Omar Haddad"), entity("loc/city", "City")],
    "events": [
        event("ev/call", "call", ("2031-03-03", "2031-03-03"), "per/lind", "per/haddad",
              evidence=[span(FIRST, 0, "Anna Lind called Omar Haddad")]),
        event("ev/fish", "statement", (None, None), "per/lind", certainty="minor",
              evidence=[span(FIRST, 0, "fish & ferries")]),
    ],
}  # fmt: skip
EVENTS_CLOSED = {
    "file": "d.txt",
    "sha256": linked.CLOSED.sha256,
    "article": {"title": linked.CLOSED_TITLE, "paragraphs": [linked.CLOSED_BODY]},
    "mentions": [
        span(linked.CLOSED_TITLE, -1, "海港城", type="LOC", entity="loc/city", optional=True),
        span(linked.CLOSED_BODY, 0, "哈达德", type="PER", entity="per/haddad"),
    ],
    "entities": [entity("loc/city", "City"), entity("per/haddad", "Omar Haddad")],
    "events": [
        event("ev/talks", "meeting", ("2031-03-01", "2031-03-05"), "per/haddad", "loc/city", place="loc/city",
              certainty="minor", evidence=[span(linked.CLOSED_BODY, 0, "安娜与哈达德在海港城举行会谈")]),
    ],
}  # fmt: skip
ARTICLES_OPEN = {
    "sha256": linked.OPEN.sha256,
    "articles": [
        {
            "title": linked.OPEN_TITLE.upper(),
            "title_ok": [linked.OPEN_TITLE.replace(" ", "  ")],
            "publisher": "The Open Post",
            "publisher_accept": ["OPEN"],
            "lang": "en-GB",
            "published": "2031-03-04T07:00Z",
            "published_accept": ["2031-03-04T08:00:00+01:00"],
            "authors": ["O. Pen Name", "Ida  Quill"],
            "url": "http://www.example.org//a.txt/?utm_source=x#top",
            "status": "parsed",
            "paragraphs": [
                {"text": FIRST, "optional": False},
                {"text": SECOND, "optional": True},
                {"text": "A third paragraph.", "optional": False},
            ],
        }
    ],
}


def write(folder: Path, **files: dict[str, Any]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, value in files.items():
        (folder / f"{name}.json").write_text(json.dumps(value), "utf-8")
    return folder


@pytest.fixture(scope="module")
def figures(project: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict]:
    gold = tmp_path_factory.mktemp("gold")
    write(gold / "events", a=EVENTS_OPEN, d=EVENTS_CLOSED)
    write(gold / "articles", a=ARTICLES_OPEN)
    return dict(score(gold, project.build_dir).figures)


def test_mentions(figures: dict[str, dict]) -> None:
    # found: Anna Lind, 安娜, 海港城 by its other reading, 哈达德; missed: Omar Haddad; extra: 海港城 in the body of d
    assert figures["mentions"] == {
        "precision": 0.8, "recall": 0.8, "f1": 0.8, "found": 4, "extra": 1, "missed": 1,
    }  # fmt: skip
    assert (figures["mentions, PER"]["found"], figures["mentions, PER"]["missed"]) == (3, 1)
    assert (figures["mentions, LOC"]["found"], figures["mentions, LOC"]["extra"]) == (1, 1)


def test_entities(figures: dict[str, dict]) -> None:
    assert figures["entities, B³"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0, "mentions": 4}


def test_events(figures: dict[str, dict]) -> None:
    assert figures["events"] == {
        "precision": 1.0, "recall": 0.6667, "f1": 0.8, "found": 2, "extra": 0, "missed": 1,
    }  # fmt: skip
    assert figures["core events"] == {"recall": 1.0, "f1": 1.0, "found": 1, "gold": 1}
    assert figures["of matched events"] == {"events": 2, "type equal": 0.5, "status equal": 1.0}
    # the call is right; the talks are claimed for one day of the five
    assert figures["dates of matched events"] == {
        "dated": 2, "both dates equal": 0.5, "first day equal": 0.5, "last day equal": 0.5, "any date given": 1.0,
        "of one day": 1, "of one day, equal": 1.0, "undated": 0, "of undated, date given": None,
    }  # fmt: skip
    assert figures["places of matched events"] == {"with place": 1, "place equal": 1.0, "given where there is none": 0}


def test_participants_are_compared_through_mentions_anywhere(figures: dict[str, dict]) -> None:
    # the call: both; the talks: Haddad, but Lind for the city
    assert figures["participants"] == {
        "precision": 0.75, "recall": 0.75, "f1": 0.75, "found": 3, "extra": 1, "missed": 1,
    }  # fmt: skip


def test_evidence_counts_characters_without_spaces(figures: dict[str, dict]) -> None:
    # AnnaLindcalledOmarHaddad is 24 of 36 characters predicted; the clause of the talks has 14
    assert (figures["evidence, by character"]["found"], figures["evidence, by character"]["extra"]) == (38, 12)
    assert figures["evidence, by character"]["recall"] == 1.0


def test_figures_by_type_and_status(figures: dict[str, dict]) -> None:
    # annotated: a call (found), a statement (missed), a meeting (found by talks, which count as a type of their own)
    assert figures["events, call"] == {
        "precision": 1.0, "recall": 1.0, "f1": 1.0, "gold": 1, "predicted": 1, "core recall": 1.0,
    }  # fmt: skip
    assert figures["events, meeting"] == {
        "precision": None, "recall": 1.0, "f1": None, "gold": 1, "predicted": 0, "core recall": None,
    }  # fmt: skip
    assert (figures["events, talks"]["precision"], figures["events, talks"]["recall"]) == (1.0, None)
    assert figures["events, statement"]["recall"] == 0.0
    assert figures["events by status, occurred"] == {"recall": 0.6667, "gold": 3}


def test_items_of_wikidata(project: Project, tmp_path: Path) -> None:
    known = [EVENTS_OPEN["entities"][0] | {"wikidata": "Q1"}, *EVENTS_OPEN["entities"][1:]]
    report = score(write(tmp_path, a=EVENTS_OPEN | {"entities": known}), project.build_dir)
    # two mentions of Lind are linked; the build gives no item
    assert report.figures["entities, Wikidata"] == {"given": 0.0, "equal": 0.0, "mentions": 2}


def test_what_stands_outside_the_annotated_text_is_counted_apart(project: Project, tmp_path: Path) -> None:
    half = EVENTS_OPEN | {"article": {"title": linked.OPEN_TITLE, "paragraphs": [FIRST]}}
    half |= {"mentions": EVENTS_OPEN["mentions"][:3]}
    report = score(write(tmp_path, a=half), project.build_dir)
    assert report.figures["outside the annotated text"] == {"mentions": 2, "events": 0}
    assert report.figures["mentions"]["extra"] == 0


def test_spans_are_looked_up_in_the_files(tmp_path: Path) -> None:
    project = linked.write_project(tmp_path / "project")
    gold = write(tmp_path / "gold", a=EVENTS_OPEN, d=EVENTS_CLOSED)
    # of a: 3 segments (one with a character reference), 3 mentions, 1 report; of d: 2 segments, 3 mentions, 1 report
    assert score(gold, project.build_dir, project=project).figures["spans that re-slice"] == {
        "share": 1.0, "exact": 12, "decoded": 1, "mismatch": 0, "not checked": 0,
    }  # fmt: skip
    wrong = linked.tables()
    wrong["mentions"] = linked.changed(wrong["mentions"], 0, source_end=3)
    linked.write_build(project.build_dir, wrong)
    (project.root / linked.CLOSED.path).write_bytes(b"changed")
    assert score(gold, project.build_dir, project=project).figures["spans that re-slice"] == {
        "share": 0.8571, "exact": 5, "decoded": 1, "mismatch": 1, "not checked": 6,
    }  # fmt: skip


def test_fields_of_articles(figures: dict[str, dict]) -> None:
    names = ("title", "publisher", "language", "published", "day", "authors", "url", "status")
    assert {name: figures["article fields"][name] for name in names} == dict.fromkeys(names, 1.0)
    assert figures["paragraphs"] == {
        "precision": 1.0, "recall": 0.5, "f1": 0.6667, "found": 1, "extra": 0, "missed": 1,
    }  # fmt: skip
    assert figures["articles per file"]["f1"] == 1.0


def test_wrong_fields_are_wrong(project: Project, tmp_path: Path) -> None:
    wrong = copy.deepcopy(ARTICLES_OPEN)
    wrong["articles"][0] |= {
        "title_ok": [], "title": "Other", "publisher_accept": [], "lang": "zh-CN", "authors": ["Ida Quill"],
        "published_accept": ["2031-03-05T07:00+00:00"], "url": "https://example.org/b.txt", "status": "empty_body",
    }  # fmt: skip
    found = score(write(tmp_path, a=wrong), project.build_dir).figures["article fields"]
    names = ("title", "publisher", "language", "published", "day", "authors", "url", "status")
    assert {name: found[name] for name in names} == dict.fromkeys(names, 0.0)


def test_a_file_the_build_lacks_counts_as_missed_or_is_left_out(project: Project, tmp_path: Path) -> None:
    gold = write(tmp_path, a=EVENTS_OPEN, z=EVENTS_OPEN | {"sha256": "0" * 64})
    report = score(gold, project.build_dir)
    assert report.missing == (f"{tmp_path.name}/z",)
    assert report.figures["mentions"]["missed"] == 1 + 4
    assert score(gold, project.build_dir, present=True).figures["mentions"]["missed"] == 1


def test_events_joined_across_articles_are_pairs(project: Project, tmp_path: Path) -> None:
    partial = {
        "sha256": linked.PARTIAL.sha256,
        "article": {"title": linked.PARTIAL_TITLE, "paragraphs": [linked.PARTIAL_BODY]},
        "mentions": [span(linked.PARTIAL_BODY, 0, "Omar Haddad", type="PER", entity="per/haddad")],
        "entities": [entity("per/haddad", "Omar Haddad")],
        "events": [event("ev/call", "talks", (None, None), "per/haddad",
                         evidence=[span(linked.PARTIAL_BODY, 0, "called Anna Lind again")])],
    }  # fmt: skip
    report = score(write(tmp_path, a=EVENTS_OPEN, c=partial), project.build_dir)
    assert report.figures["events across articles"] == {
        "gold pairs": 1, "joined": 1, "precision": 1.0, "recall": 1.0, "f1": 1.0,
    }  # fmt: skip


def test_a_folder_without_annotation_is_refused(project: Project, tmp_path: Path) -> None:
    with pytest.raises(BroadsheetError, match="argument-invalid"):
        score(tmp_path, project.build_dir)
    (tmp_path / "a.json").write_text("{")
    with pytest.raises(BroadsheetError, match=r"a\.json"):
        score(tmp_path, project.build_dir)


def test_readings_told_in_words_are_read() -> None:
    text = "北港外交部说"
    mention = span(text, 0, "北港外交部", type="ORG", entity="org/x", alt="LOC 北港 + ORG 外交部 acceptable")
    gold = {"article": {"title": "", "paragraphs": [text]}, "mentions": [mention]}
    (found,) = gold_mentions(gold)
    assert found.readings == ((((0, 0, 2), "LOC"), ((0, 2, 5), "ORG")),)
    mention["alt"] = 'span "北港" or "北港外交部说" is acceptable'
    (found,) = gold_mentions(gold)
    assert found.readings == ((((0, 0, 2), "ORG"),), (((0, 0, 6), "ORG"),))


def test_a_paragraph_without_its_dateline_is_aligned() -> None:
    gold = {"title": "题", "paragraphs": ["（海港社电） 船来了。"], "dateline": {"para": 0, "start": 0, "end": 7}}
    aligned = Alignment(gold, "题", "船来了。")
    assert aligned.spot("body", 0, 1) == (0, 6, 7)
    assert aligned.spot("title", 0, 1) == (-1, 0, 1)
    assert Alignment(gold, "别的", "别的").spot("title", 0, 1) is None
    assert Alignment(gold, "别的", "别的").spot("body", 0, 1) is None


def test_a_span_over_two_paragraphs_counts_to_the_end_of_the_first() -> None:
    gold = {"title": "t", "paragraphs": ["one two", "three"]}
    assert Alignment(gold, "t", "one two\n\nthree").spot("body", 4, 14) == (0, 3, 6)
    assert Alignment(gold, "t", "one two\n\nthree").spot("body", 9, 14) == (1, 0, 5)


def test_normalized_text_has_no_white_space_and_one_width() -> None:
    assert normalized(" ａ b\u200b\u3000Ｃ\n") == "abC"


@pytest.mark.parametrize(
    ("local", "instant", "form", "same"),
    [
        ("2031-03-04", None, "2031-03-04", True),
        ("2031-03-04", None, "2031-03-04T07:00", False),
        ("2031-03-04T07:00", None, "2031-03-04T07:00", True),
        ("2031-03-04T07:00:30", None, "2031-03-04T07:00", True),
        ("2031-03-04T07:00:30", None, "2031-03-04T07:00:31", False),
        ("2031-03-04T07:00", "2031-03-04T06:00+00:00", "2031-03-04T07:00+01:00", True),
        ("2031-03-04T07:00", "2031-03-04T07:00+00:00", "2031-03-04T07:00+01:00", False),
        (None, None, None, True),
        (None, None, "2031-03-04", False),
    ],
)
def test_times(local: str | None, instant: str | None, form: str | None, same: bool) -> None:
    from datetime import datetime

    row = {"published_local": local, "published_at": datetime.fromisoformat(instant) if instant else None}
    assert _same_time(row, form, [form]) is same


def test_types_that_readers_confuse() -> None:
    assert alike({"type": "call", "id": ""}, ("talks",))
    assert not alike({"type": "call", "id": ""}, ("meeting",))
    assert alike({"type": "other", "id": "ev/press-conference"}, ("statement",))
    assert alike({"type": "visit", "type_alt": ["aid"], "id": ""}, ("promise",))
    assert (actor("org/us-government"), actor("org/government-of-chad")) == ("loc/united-states", "loc/chad")


def test_b_cubed_of_one_wrong_join() -> None:
    # two true entities under one id: precision 1/2 for each of the two, 1 for the other two
    documents = [Counter([("a", 1), ("b", 1)]), Counter([("c", 2), ("c", 2)])]
    weights = np.array([[1, 1], [2, 0], [0, 2]])
    columns = b_cubed(documents, weights)
    assert values(columns) == {"precision": 0.75, "recall": 1.0, "f1": 0.8571, "mentions": 4}
    assert columns["precision"].tolist() == [0.75, 0.5, 1.0]
    assert values(b_cubed([Counter()], weights[:, :1]))["f1"] is None
    # within each document there is nothing to mix up but a and b
    within = b_cubed_within(documents, weights)
    assert within["precision"].tolist() == [0.75, 0.5, 1.0]
    assert values(b_cubed_within([Counter()], weights[:, :1]))["f1"] is None


def test_an_entity_split_over_two_articles_is_whole_in_each() -> None:
    documents, once = [Counter([("a", 1)]), Counter([("a", 2)])], np.array([[1, 1]])
    assert values(b_cubed(documents, once))["recall"] == 0.5
    assert values(b_cubed_within(documents, once))["recall"] == 1.0


@given(st.integers(1, 4).flatmap(lambda n: st.lists(st.lists(st.integers(0, 9), min_size=n, max_size=n), max_size=4)))
def test_the_assignment_is_the_best_one(weights: list[list[int]]) -> None:
    matched = assign(weights)
    assert len(set(matched.values())) == len(matched)
    rows, columns = range(len(weights)), range(len(weights[0]) if weights else 0)
    orders = permutations(range(max(len(rows), len(columns))))
    best = max((sum(weights[i][j] for i, j in enumerate(o) if i in rows and j in columns) for o in orders), default=0)
    assert sum(weights[i][j] for i, j in matched.items()) == best


GOLD = Path(os.environ.get("BROADSHEET_SHARED", Path(__file__).parents[3] / "shared")) / "gold" / "events"


@pytest.mark.skipif(not GOLD.is_dir(), reason="the hand annotation is not here (BROADSHEET_SHARED)")
def test_the_annotation_read_as_a_build_scores_full(tmp_path: Path) -> None:
    """The annotation turned into tables by this test, and scored against itself: nothing may be missed or extra."""
    from oracle import build_of

    figures = score(GOLD, build_of(GOLD, tmp_path)).figures
    for measure in ("mentions", "events", "participants", "evidence, by character"):
        assert (figures[measure]["extra"], figures[measure]["missed"]) == (0, 0), measure
    assert figures["entities, B³"]["f1"] == 1.0
    assert figures["core events"]["recall"] == 1.0
    assert {figures["of matched events"][name] for name in ("type equal", "status equal")} == {1.0}
    assert figures["dates of matched events"]["both dates equal"] == 1.0
    assert {figures[group]["f1"] for group in figures if group.startswith("events, ")} == {1.0}
