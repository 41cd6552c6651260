"""The entity table: counts, names, and who is in it."""

from dataclasses import replace
from itertools import permutations

from resolve_tools import entity, held, report

from broadsheet.resolve.entities import entity_rows
from broadsheet.resolve.reports import load_reports, told_of
from broadsheet.rows import EntityRow, MentionRow

BERG = entity("per/ada-berg", "Ada Berg", "阿达·贝里", "SE")
SWEDEN = entity("loc/sweden", "Sweden", "瑞典", "SE")
UNSEEN = replace(entity("per/x-1", "", "科尔姆", None, linked=False), name_en=None)


def mention(number: int, who: EntityRow, surface: str, start: int) -> MentionRow:
    return MentionRow(f"men-{number}-{start}", f"art-{number:02}", who.entity_id, who.type, "body", start,
                      start + len(surface), surface, 0, 1, "alias", 1.0)  # fmt: skip


def rows(drafts: list[EntityRow], mentions: list[MentionRow], reports=(), copies=()) -> dict[str, EntityRow]:
    told = told_of(load_reports(held("event_reports", reports)))
    found = entity_rows(held("entities", drafts), held("mentions", mentions), told, copies)
    assert [row.entity_id for row in found] == sorted({row.entity_id for row in found})
    return {row.entity_id: row for row in found}


MENTIONS = [
    mention(1, BERG, "贝里", 0),
    mention(1, BERG, "阿达·贝里", 9),
    mention(2, BERG, "贝里", 0),
    mention(2, SWEDEN, "瑞典", 4),
]


def test_mentions_and_articles_are_counted() -> None:
    found = rows([BERG, SWEDEN, BERG], MENTIONS)
    assert (found["per/ada-berg"].mention_count, found["per/ada-berg"].article_count) == (3, 2)
    assert (found["loc/sweden"].mention_count, found["loc/sweden"].article_count) == (1, 1)


def test_only_kept_articles_count() -> None:
    found = rows([BERG, SWEDEN], MENTIONS, copies=["art-02"])
    assert (found["per/ada-berg"].mention_count, found["per/ada-berg"].article_count) == (2, 1)
    # What only a copy names is in the table all the same: its mentions point to it.
    assert (found["loc/sweden"].mention_count, found["loc/sweden"].article_count) == (0, 0)


def test_aliases_are_the_surfaces_seen_commonest_first_then_by_character() -> None:
    found = rows([BERG], [*MENTIONS, mention(1, BERG, "Ada Berg", 30)])
    assert found["per/ada-berg"].aliases == ("贝里", "Ada Berg", "阿达·贝里")


def test_an_entity_nothing_points_to_is_left_out() -> None:
    assert set(rows([BERG, SWEDEN], MENTIONS[:2])) == {"per/ada-berg"}


def test_whom_only_a_report_points_to_is_in() -> None:
    told = report(1, "visit", "ada-berg>", place_id="loc/sweden", speaker_id="per/x-1")
    found = rows([BERG, SWEDEN, UNSEEN], [], [told])
    assert set(found) == {"per/ada-berg", "loc/sweden", "per/x-1"}
    assert found["per/ada-berg"].aliases == ()


def test_an_authority_row_wins_over_a_name_found_in_text() -> None:
    guess = replace(BERG, name="贝里", name_en=None, linked=False)
    assert rows([guess, BERG], MENTIONS)["per/ada-berg"] == rows([BERG], MENTIONS)["per/ada-berg"]


def test_unlinked_drafts_complete_each_other_whatever_their_order() -> None:
    latin = replace(UNSEEN, name_en="Kolm")
    nation = replace(UNSEEN, name="科爾姆", country="EE")
    seen = [mention(1, UNSEEN, "科尔姆", 0), mention(2, UNSEEN, "科爾姆", 0), mention(2, UNSEEN, "科尔姆", 9)]
    for drafts in permutations([UNSEEN, latin, nation]):
        row = rows(list(drafts), seen)["per/x-1"]
        assert (row.name, row.name_en, row.country, row.linked) == ("科尔姆", "Kolm", "EE", False)
