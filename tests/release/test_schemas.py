from dataclasses import replace

import pytest

from broadsheet.package import PackageReport
from broadsheet.project import Project, load_project
from broadsheet.release.contracts import of_emitted, of_project
from broadsheet.release.schemas import Change, Column, Contract, Policy, Shape, compare

NAME = Column("string", required=True, words=("Name", "What it is called."))
PORT = Shape(
    {"port_id": Column("string", required=True), "name": NAME, "berths": Column("int64", False, {"minimum": 1})},
    key=("port_id",),
    references=frozenset({(("name",), "ships", ("home",))}),
)
OLD = Contract(
    {"ports": PORT, "ships": Shape({"home": NAME})},
    licenses=frozenset({"CC0-1.0"}),
    collections={"wire": Policy("excerpt", "Wire terms")},
    words={"title": "Ports"},
)


def ports(**columns: Column | None) -> Contract:
    """OLD with columns of `ports` replaced, added, or (None) removed."""
    after = {name: column for name, column in {**PORT.columns, **columns}.items() if column is not None}
    return shaped(columns=after)


def shaped(**values: object) -> Contract:
    return replace(OLD, tables={**OLD.tables, "ports": replace(PORT, **values)})


def limited(**limits: object) -> Contract:
    return ports(berths=Column("int64", False, {"minimum": 1, **limits}))


def told(changes: tuple[Change, ...]) -> list[tuple[str, str, str | None]]:
    return [(change.kind, change.table, change.column) for change in changes]


@pytest.mark.parametrize(
    ("new", "kind", "table", "column", "message"),
    [
        (replace(OLD, tables={"ports": PORT}), "breaking", "ships", None, "the table is gone"),
        (replace(OLD, tables={**OLD.tables, "sea": PORT}), "additive", "sea", None, "the table is new"),
        (ports(berths=None), "breaking", "ports", "berths", "the column is gone"),
        (ports(depth=Column("double")), "additive", "ports", "depth", "the column is new"),
        (ports(berths=Column("int32", False, {"minimum": 1})), "breaking", "ports", "berths", "int64 and is int32"),
        (ports(name=replace(NAME, required=False)), "breaking", "ports", "name", "it may be null now"),
        (ports(berths=Column("int64", True, {"minimum": 1})), "cosmetic", "ports", "berths", "never null now"),
        (limited(minimum=0), "additive", "ports", "berths", "minimum was 1 and is 0"),
        (limited(minimum=2), "cosmetic", "ports", "berths", "minimum was 1 and is 2"),
        (limited(minimum=None), "additive", "ports", "berths", "minimum was 1 and is not given"),
        (limited(maximum=9), "cosmetic", "ports", "berths", "maximum was not given and is 9"),
        (limited(unique=True), "cosmetic", "ports", "berths", "unique"),
        (limited(minimum="x"), "additive", "ports", "berths", "minimum was 1 and is x"),
        (shaped(key=("name",)), "breaking", "ports", None, "its key was port_id and is name"),
        (shaped(unique=frozenset({("name", "berths")})), "cosmetic", "ports", None, "name, berths"),
        (shaped(references=frozenset()), "breaking", "ports", "name", "need not stand in ships"),
        (shaped(columns=dict(reversed(PORT.columns.items()))), "cosmetic", "ports", None, "another order"),
        (shaped(words=("Ports", "")), "cosmetic", "ports", None, "reads differently"),
        (ports(name=replace(NAME, words=("Title", ""))), "cosmetic", "ports", "name", "reads differently"),
        (replace(OLD, licenses=frozenset()), "breaking", "", None, "not under CC0-1.0 any more"),
        (replace(OLD, licenses=OLD.licenses | {"MIT"}), "additive", "", None, "under MIT now"),
        (replace(OLD, collections={"wire": Policy("metadata", "Wire terms")}), "additive", "", None, "narrowed"),
        (replace(OLD, collections={"wire": Policy("full", "Wire terms")}), "additive", "", None, "widened"),
        (replace(OLD, collections={"wire": Policy("excerpt")}), "breaking", "", None, "license of collection wire"),
        (replace(OLD, collections={}), "additive", "", None, "collection wire is gone"),
        (replace(OLD, words={"title": "Harbors"}), "cosmetic", "", None, "title of the dataset"),
    ],
)
def test_a_change_has_its_class(new: Contract, kind: str, table: str, column: str | None, message: str) -> None:
    found = compare(OLD, new)
    assert told(found) == [(kind, table, column)]
    assert message in found[0].message


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (["a"], ["a", "b"], "additive"),
        (["a", "b"], ["a"], "breaking"),
        (["a"], ["b"], "breaking"),
        (["a", "b"], ["b", "a"], "cosmetic"),
        (None, ["a"], "cosmetic"),
        (["a"], None, "additive"),
    ],
)
def test_values_of_a_list_of_values(before: list[str] | None, after: list[str] | None, kind: str) -> None:
    old, new = (ports(name=replace(NAME, constraints={"enum": v} if v else {})) for v in (before, after))
    assert told(compare(old, new)) == [(kind, "ports", "name")]


@pytest.mark.parametrize(("before", "after"), [("a+", "b+"), ("a+", None)])
def test_a_pattern_that_may_allow_more_is_additive(before: str, after: str | None) -> None:
    old, new = (ports(name=replace(NAME, constraints={"pattern": v} if v else {})) for v in (before, after))
    assert told(compare(old, new)) == [("additive", "ports", "name")]
    assert compare(new, old)[0].kind == ("cosmetic" if after is None else "additive")


def test_a_column_that_has_another_name_is_said_to_be_renamed() -> None:
    renamed = ports(name=None, label=NAME)
    assert [c.message for c in compare(OLD, renamed)] == [
        "the column is gone; renamed to label?",
        "the column is new; renamed from name?",
    ]
    assert [c.kind for c in compare(OLD, renamed)] == ["breaking", "additive"]
    assert (
        "renamed" not in compare(OLD, renamed, lambda *_: False)[0].message
    )  # who can look at the values knows better
    assert "renamed" in compare(OLD, ports(name=None, label=Column("string")), lambda *_: True)[0].message
    assert "renamed" not in compare(OLD, ports(name=None, label=Column("int64", words=NAME.words)))[0].message


def test_one_column_is_renamed_to_one() -> None:
    old = ports(alias=replace(NAME))
    found = compare(old, ports(name=None, label=NAME))
    assert sorted(c.message for c in found if c.kind == "breaking") == [
        "the column is gone",
        "the column is gone; renamed to label?",
    ]


def test_a_dataset_without_contract_is_compared_by_columns_and_types_only() -> None:
    bare = Contract({"ports": Shape({name: Column(c.type) for name, c in PORT.columns.items()})}, complete=False)
    assert compare(OLD, bare) == compare(bare, OLD) == ()
    assert told(compare(bare, ports(name=None))) == [("breaking", "ports", "name")]


def test_breaking_changes_come_first() -> None:
    new = replace(ports(berths=None, depth=Column("double")), words={}, licenses=frozenset())
    assert [c.kind for c in compare(OLD, new)] == ["breaking", "breaking", "additive", "cosmetic"]


def test_all_forms_have_the_contract_of_the_project(project: Project, packaged: PackageReport) -> None:
    from broadsheet.emitted.package import read_emitted

    declared = of_project(load_project(project.root))
    for form in ("datapackage", "huggingface"):
        assert compare(declared, of_emitted(read_emitted(packaged.dist / form))) == ()
    assert compare(declared, of_emitted(read_emitted(project.build_dir))) == ()
    assert declared.collections == {"open": Policy("full", "CC0-1.0"), "partial": Policy("excerpt"),
                                    "closed": Policy("metadata")}  # fmt: skip
    assert declared.tables["articles"].columns["body"].required  # though its CSV form may be an empty cell
    assert ("duplicate_of",) in {columns for columns, _, _ in declared.tables["articles"].references}


def test_a_descriptor_of_odd_entries_is_read() -> None:
    from broadsheet.release.contracts import _published

    odd = {"licenses": ["CC0", {"path": "x"}], "sources": "none", "contributors": [1], "title": 5}
    assert _published(odd) == {
        "licenses": frozenset({"x"}), "collections": {}, "words": {"contributors": [], "title": 5}
    }  # fmt: skip
