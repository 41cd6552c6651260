from pathlib import Path

import linked
import pytest

from broadsheet.collect import Sources
from broadsheet.emitted.package import read_emitted
from broadsheet.findings import BroadsheetError
from broadsheet.project import Project
from broadsheet.trace import Trace, trace


def of(project: Project, row_id: str, **more: int) -> Trace:
    return trace(read_emitted(project.build_dir), Sources(project), row_id, **more)


def test_a_mention_leads_to_its_bytes(project: Project) -> None:
    mention = linked._mentions()[1]
    found = of(project, mention.mention_id)
    (place,) = found.places
    assert (found.table, found.verdict) == ("mentions", "exact")
    assert (place.path, place.sha256, place.collection) == (linked.OPEN.path, linked.OPEN.sha256, "open")
    assert (place.text, place.expected) == ("安娜", "安娜")
    assert linked.OPEN.data[place.start : place.end].decode() == "安娜"
    assert place.characters is not None
    first, last = place.characters
    assert linked.OPEN_FILE[first:last] == "安娜"
    assert place.start != first or linked.OPEN_FILE[:first].isascii()


def test_characters_are_counted_in_the_encoding_of_the_file(project: Project) -> None:
    mention = linked._mentions()[6]
    (place,) = of(project, mention.mention_id).places
    assert place.characters == (13, 16)  # 5 of the title, a line feed, 7 of the body before it
    assert (place.start, place.end) == (25, 31)  # two bytes each but for the line feed


def test_an_article_leads_to_all_stretches_of_its_text(project: Project) -> None:
    found = of(project, linked.ARTICLES[linked.OPEN.id])
    assert [place.field for place in found.places] == ["title", "body", "body"]
    assert [place.verdict for place in found.places] == ["exact", "decoded", "exact"]
    assert "fish &amp; ferries" in found.places[1].text
    assert found.verdict == "decoded"


def test_an_event_leads_to_all_its_reports(project: Project) -> None:
    found = of(project, linked.CALL)
    assert {place.path for place in found.places} == {linked.OPEN.path, linked.PARTIAL.path}
    assert all(place.table == "event_reports" and "called" in place.text for place in found.places)
    assert found.total == 2


def test_an_entity_leads_to_its_mentions_as_far_as_asked(project: Project) -> None:
    assert len(of(project, linked.CITY).places) == 3
    found = of(project, linked.CITY, limit=2)
    assert (len(found.places), found.total) == (2, 3)


def test_a_source_leads_to_the_whole_file(project: Project) -> None:
    (place,) = of(project, linked.CLOSED.id).places
    assert (place.start, place.end) == (0, len(linked.CLOSED.data))
    assert place.text == f"{linked.CLOSED_TITLE}\n{linked.CLOSED_BODY}\n"


def test_rejects_lead_to_their_place_or_to_the_file(project: Project) -> None:
    file, article, cell = (of(project, row.reject_id).places[0] for row in linked.rejects())
    assert (file.path, file.end) == (linked.BINARY.path, 3)
    assert article.text.strip() == linked.EMPTY_TITLE
    assert cell.text == "WITHHELD-ONE"
    assert cell.field == "published_at"


def test_a_report_leads_to_its_clause(project: Project) -> None:
    (place,) = of(project, linked._reports()[3].report_id).places
    assert place.text == "安娜与哈达德在海港城举行会谈"
    assert place.verdict == "exact"


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda file: file.write_bytes(b"other"), "the file changed since the build"),
        (lambda file: file.unlink(), "the file is not there"),
    ],
)
def test_a_file_that_is_not_the_same_is_a_mismatch(tmp_path: Path, spoil, reason: str) -> None:
    project = linked.write_project(tmp_path / "project")
    spoil(project.root / linked.OPEN.path)
    found = of(project, linked._mentions()[0].mention_id)
    assert found.verdict == "mismatch"
    assert (found.places[0].reason, found.places[0].text) == (reason, "")


def test_bytes_that_say_something_else_are_a_mismatch(tmp_path: Path) -> None:
    tables = linked.tables()
    tables["mentions"] = linked.changed(tables["mentions"], 0, source_start=0, source_end=4)
    project = linked.write_project(tmp_path / "project", tables)
    found = of(project, linked._mentions()[0].mention_id)
    assert found.verdict == "mismatch"
    assert (found.places[0].text, found.places[0].expected) == ("Lind", "Anna Lind")
    assert found.places[0].reason == "the bytes say something else"


def test_an_unknown_id_is_said(project: Project) -> None:
    with pytest.raises(BroadsheetError) as caught:
        of(project, "men-0000000000000000")
    assert caught.value.finding.code == "id-unknown"


def test_without_source_files_a_place_is_told_and_not_compared(project: Project) -> None:
    mention = linked._mentions()[1]
    found = trace(read_emitted(project.build_dir), None, mention.mention_id)
    (place,) = found.places
    assert (found.verdict, place.expected) == ("unchecked", mention.surface)
    assert (place.start, place.end) == (mention.source_start, mention.source_end)


def test_a_mention_names_its_rule(project: Project) -> None:
    (place,) = of(project, linked._mentions()[1].mention_id).places
    assert (place.rule, place.joined_by, place.basis) == ("hand", "", ())


def test_a_report_says_why_it_is_of_its_event(project: Project) -> None:
    (place,) = of(project, linked._reports()[3].report_id).places
    assert (place.rule, place.joined_by) == ("hand", "first")
    assert [basis.claim for basis in place.basis] == [*("trigger", "date", "participant", "participant", "place")]
