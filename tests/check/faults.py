"""Seeded faults: what accidents and forgers do to packages, and what `broadsheet check` must say of each.

The expected code, severity, place and exit status were written from docs/findings.md before the faults were run.
"""

import gzip
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import linked
import pyarrow as pa
import pyarrow.parquet as pq
from forgery import SUMS, Copy, sha256

Spoil = Callable[[Copy], object]
FOR_PEOPLE = "event_reports_flat"
"""A table made of others, which a forger of those forgets: what is told of it too is not the fault."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, and how it must be told.

    Attributes:
        spoil: Makes it.
        form: What is spoiled and checked: a key of `forgery.FORMS`.
        code: That must be found, with this severity, at this place.
        resource: None if any will do.
        field: None if any will do.
        severity: Of the finding.
        status: Of `broadsheet check`.
        also: Other codes that a careful reader must expect with it; none but these may be found.
        says: Words that must stand in the message.
        options: Of `broadsheet check`.
    """

    spoil: Spoil
    form: str
    code: str
    resource: str | None = None
    field: str | None = None
    severity: str = "error"
    status: int = 1
    also: tuple[str, ...] = ()
    says: str = ""
    options: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.spoil.__name__


FAULTS: list[Fault] = []


def fault(form: str, code: str, resource: str | None = None, field: str | None = None, **more: object) -> Callable:
    def listed(spoil: Spoil) -> Spoil:
        FAULTS.append(Fault(spoil, form, code, resource, field, **more))  # type: ignore[arg-type]
        return spoil

    return listed


# The descriptor of a data package.


@fault("datapackage", "key-unknown", severity="warning", status=0, says="did you mean 'keywords'")
def slip_in_a_key(copy: Copy) -> None:
    copy.descriptor(lambda d: d.update(keywrds=d.pop("keywords")))


@fault("datapackage", "key-unknown", severity="warning", options=("--strict",), says="did you mean 'keywords'")
def slip_in_a_key_strict(copy: Copy) -> None:
    slip_in_a_key(copy)


@fault("foreign", "key-missing", "a")
def resource_without_data(copy: Copy) -> None:
    copy.foreign({"name": "a"})


@fault("foreign", "value-invalid", "a", "nr")
def key_of_no_column(copy: Copy) -> None:
    copy.foreign({"name": "a", "data": [{"x": 1}], "schema": {"fields": [{"name": "x"}], "primaryKey": ["nr"]}})


@fault("foreign", "value-invalid", "a")
def two_resources_of_one_name(copy: Copy) -> None:
    one = {"name": "a", "data": [{"x": 1}], "schema": {"fields": [{"name": "x"}]}}
    copy.foreign(one, one)


@fault("datapackage", "descriptor-differs", "events", says="schemas/events.yaml")
def schema_not_that_of_its_file(copy: Copy) -> None:
    copy.resource("events", lambda one: one["schema"]["fields"][0].update(type="integer"))


@fault("datapackage", "schema-loosened", also=("constraint", "descriptor-differs"))
def schema_loosened_with_its_data(copy: Copy) -> None:
    copy.schema("mentions", "      maximum: 1\n", "      maximum: 2\n")
    copy.cell("mentions", 0, confidence=1.5)


@fault("datapackage", "yaml-invalid")
def yaml_bomb_as_schema(copy: Copy) -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 9)}]" for at in range(1, 30)]
    copy.write("datapackage/schemas/links.yaml", "\n".join(lines).encode())


@fault("datapackage", "license-missing", severity="warning", status=0)
def no_license(copy: Copy) -> None:
    copy.descriptor(lambda d: d.pop("licenses"))


@fault("datapackage", "path-unsafe", "events", also=("descriptor-differs",))
def path_up(copy: Copy) -> None:
    (copy.root / "events.csv").write_bytes((copy.package / "csv/events.csv").read_bytes())
    copy.resource("events", lambda one: one.update(path="../events.csv"))


@fault("datapackage", "path-unsafe", "events", also=("descriptor-differs",))
def path_absolute(copy: Copy) -> None:
    copy.resource("events", lambda one: one.update(path="/etc/passwd"))


@fault("datapackage", "path-unsafe", "events", also=("table-missing",))
def path_through_a_link(copy: Copy) -> None:
    file = copy.package / "csv" / "events.csv"
    file.rename(copy.root / "outside.csv")
    file.symlink_to(copy.root / "outside.csv")


@fault("datapackage", "path-remote", "events", also=("descriptor-differs",))
def path_on_the_web(copy: Copy) -> None:
    copy.resource("events", lambda one: one.update(path="https://example.org/events.csv"))


# Files, hashes, sizes, counts.


@fault("datapackage", "hash-mismatch", also=("table-unreadable",))
def tampered_parquet(copy: Copy) -> None:
    file = copy.package / "parquet" / "events.parquet"
    data = bytearray(file.read_bytes())
    data[len(data) // 3] ^= 1
    file.write_bytes(data)


@fault("datapackage", "hash-mismatch")
def csv_edited_by_hand(copy: Copy) -> None:
    file = copy.package / "csv" / "entities.csv"
    file.write_text(file.read_text("utf-8").replace("Norland", "Norlund"), "utf-8")


@fault("datapackage", "bytes-mismatch", also=("hash-mismatch",))
def download_broken_off(copy: Copy) -> None:
    file = copy.package / "csv" / "mentions.csv"
    file.write_bytes(file.read_bytes()[:-100])


@fault("datapackage", "hash-mismatch")
def wrong_hash_in_the_descriptor(copy: Copy) -> None:
    copy.resource("events", lambda one: one.update(hash="sha256:" + "0" * 64))


@fault("datapackage", "bytes-mismatch")
def wrong_size_in_the_descriptor(copy: Copy) -> None:
    copy.resource("events", lambda one: one["broadsheet:parquet"].update(bytes=7))


@fault("datapackage", "rows-mismatch", "events")
def wrong_count_in_the_descriptor(copy: Copy) -> None:
    copy.resource("events", lambda one: one["broadsheet:parquet"].update(rows=7))


@fault("datapackage", "descriptor-differs", "events", also=("check-limited",))
def hash_of_a_kind_nobody_knows(copy: Copy) -> None:
    copy.resource("events", lambda one: one.update(hash="crc32:00000000"))


@fault("datapackage", "table-missing", "events")
def part_missing(copy: Copy) -> None:
    (copy.package / "parquet" / "events.parquet").unlink()


@fault("datapackage", "table-missing", "events", also=("descriptor-differs", "value-invalid"))
def resource_missing(copy: Copy) -> None:
    copy.descriptor(lambda d: d["resources"].remove(next(r for r in d["resources"] if r["name"] == "events")))


@fault("datapackage", "descriptor-differs")
def file_nobody_lists(copy: Copy) -> None:
    (copy.package / "notes.txt").write_text("x")


@fault("datapackage", "descriptor-differs")
def file_listed_twice(copy: Copy) -> None:
    sums = copy.package / SUMS
    sums.write_text(sums.read_text("utf-8") + f"{'0' * 64}  LICENSE\n", "utf-8")


@fault("datapackage", "table-unreadable", "mentions")
def pages_spoiled_and_hashed_again(copy: Copy) -> None:
    file = copy.package / "parquet" / "mentions.parquet"
    with pq.ParquetFile(file) as parquet:
        chunk = parquet.metadata.row_group(0).column(0)
        start, size = chunk.dictionary_page_offset or chunk.data_page_offset, chunk.total_compressed_size
    data = bytearray(file.read_bytes())
    data[start : start + size] = b"\xff" * size
    file.write_bytes(data)
    copy.recorded("mentions")


@fault("datapackage", "descriptor-differs", "events")
def cell_changed_in_the_parquet_only(copy: Copy) -> None:
    file = copy.package / "parquet" / "events.parquet"
    pq.write_table(linked.changed(pq.read_table(file), 0, label_en="Nothing happened"), file)
    copy.recorded("events")


@fault("datapackage", "descriptor-differs", "events")
def rows_of_the_csv_in_another_order(copy: Copy) -> None:
    file = copy.package / "csv" / "events.csv"
    first, *rows = file.read_text("utf-8").splitlines(keepends=True)
    file.write_text(first + "".join(reversed(rows)), "utf-8")
    copy.recorded("events")


@fault("datapackage", "descriptor-differs", "events", says="csv/events.csv does not hold")
def csv_with_a_byte_order_mark(copy: Copy) -> None:
    file = copy.package / "csv" / "events.csv"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    copy.recorded("events")


@fault("datapackage", "descriptor-differs", "links")
def row_group_too_large(copy: Copy) -> None:
    one = copy.table("links")
    rows = 70_000
    more = pa.table(
        [[one.column(name)[0].as_py()] * rows if name != "position" else range(rows) for name in one.column_names],
        schema=one.schema,
    )
    copy.store("links", more, row_group_size=rows)


# Rows: written in both forms, hashed and counted again.


@fault("datapackage", "columns-differ", "events", "cameo")
def column_renamed(copy: Copy) -> None:
    table = copy.table("events")
    copy.store("events", table.rename_columns([{"cameo": "code"}.get(name, name) for name in table.column_names]))


@fault("datapackage", "columns-differ", "mentions", "confidence")
def column_of_another_type(copy: Copy) -> None:
    table = copy.table("mentions")
    at = table.schema.get_field_index("confidence")
    field = pa.field("confidence", pa.string(), nullable=False)
    copy.store("mentions", table.set_column(at, field, table["confidence"].cast(pa.string())))


@fault("datapackage", "columns-differ", "links")
def columns_in_another_order(copy: Copy) -> None:
    table = copy.table("links")
    copy.store("links", table.select(table.column_names[::-1]))


@fault("datapackage", "constraint", "mentions", "rule", also=("columns-differ",))
def required_cell_missing(copy: Copy) -> None:
    table = copy.table("mentions")
    at = table.schema.get_field_index("rule")
    cells = [None, *table["rule"].to_pylist()[1:]]
    copy.store("mentions", table.set_column(at, pa.field("rule", pa.string()), pa.array(cells, pa.string())))


@fault("datapackage", "cell-cast", "mentions", "confidence")
def number_that_is_none(copy: Copy) -> None:
    copy.cell("mentions", 0, confidence=float("nan"))


@fault("datapackage", "constraint", "events", "status")
def value_outside_an_enum(copy: Copy) -> None:
    copy.cell("events", 0, status="maybe")


@fault("datapackage", "constraint", "entities", "wikidata")
def value_outside_a_pattern(copy: Copy) -> None:
    copy.cell("entities", 0, wikidata="q42")


@fault("datapackage", "constraint", "media", "position")
def number_below_its_minimum(copy: Copy) -> None:
    copy.cell("media", 0, position=-1)


@fault("datapackage", "constraint", "mentions", "confidence")
def number_above_its_maximum(copy: Copy) -> None:
    copy.cell("mentions", 0, confidence=1.5)


@fault("datapackage", "constraint", "mentions", "rule")
def text_too_short(copy: Copy) -> None:
    copy.cell("mentions", 0, rule="")


@fault("datapackage", "constraint", "rejects", "value")
def text_too_long(copy: Copy) -> None:
    copy.cell("rejects", 0, value="x" * 201)


@fault("datapackage", "constraint", "event_reports", "participants")
def value_outside_an_enum_within_a_list(copy: Copy) -> None:
    copy.cell("event_reports", 0, participants=[{"entity_id": linked.LIND, "role": "boss"}])


@fault("datapackage", "key-duplicate", "media", "article_id, position")
def duplicate_key(copy: Copy) -> None:
    copy.rows("media", lambda rows: rows.append(rows[0]))


@fault("datapackage", "unique-key", "mentions", "article_id, field, start, end", also=("rows-contradict",))
def two_mentions_of_one_span(copy: Copy) -> None:
    copy.rows("mentions", lambda rows: rows.append(rows[0] | {"mention_id": linked.ident("men", "twin")}))


@fault("datapackage", "foreign-key", "events", "place_id")
def orphan(copy: Copy) -> None:
    copy.cell("events", 0, place_id="loc/nowhere")


@fault("datapackage", "foreign-key", "articles", "duplicate_of")
def duplicate_of_nothing(copy: Copy) -> None:
    copy.cell("articles", 0, duplicate_of=linked.ident("art", "none"), duplicate_kind="exact")


@fault("datapackage", "foreign-key", "event_reports", "participants")
def participant_who_is_no_entity(copy: Copy) -> None:
    people = [{"entity_id": linked.LIND, "role": "participant"}, {"entity_id": "per/nobody", "role": "participant"}]
    copy.cell("event_reports", 0, participants=people)


@fault("datapackage", "span-mismatch", "mentions", "surface")
def span_moved(copy: Copy) -> None:
    copy.rows("mentions", lambda rows: rows[0].update(start=rows[0]["start"] + 1, end=rows[0]["end"] + 1))


@fault("datapackage", "span-mismatch", "articles", "body_sha256")
def body_rewritten(copy: Copy) -> None:
    copy.rows("articles", lambda rows: rows[0].update(body=rows[0]["body"].replace("fish", "dish")))


@fault("datapackage", "published-after-archived", "articles", "published_at", severity="warning", status=0)
def clock_of_another_zone(copy: Copy) -> None:
    copy.cell("articles", 0, published_at=linked.STAMP.replace(hour=16))


@fault("datapackage", "rights-exceeded", "articles", "body")
def excerpt_too_long(copy: Copy) -> None:
    def lengthen(rows: list) -> None:
        row = next(row for row in rows if row["redistribution"] == "excerpt")
        row["body"] = linked.PARTIAL_BODY[:201]

    copy.rows("articles", lengthen)


@fault("datapackage", "rights-exceeded", "articles", "summary")
def summary_of_a_closed_source(copy: Copy) -> None:
    def tell(rows: list) -> None:
        next(row for row in rows if row["redistribution"] == "metadata")["summary"] = "What they said."

    copy.rows("articles", tell)


@fault("datapackage", "formula-like", "media", "credit", severity="note", status=0, options=("--strict",))
def cell_that_is_a_formula(copy: Copy) -> None:
    copy.cell("media", 0, credit='=HYPERLINK("https://example.org";"x")')


@fault("datapackage", "constraint", "mentions", "rule")
def pattern_that_backtracks_for_ever(copy: Copy) -> None:
    rule = "  - name: rule\n"
    kept = (copy.package / "schemas/mentions.yaml").read_text("utf-8").partition(rule)[2].partition("minLength: 1\n")[0]
    old = f"{rule}{kept}minLength: 1\n"
    copy.schema("mentions", old, f"{old}      pattern: '(a+)+|hand'\n")
    copy.cell("mentions", 0, rule="a" * 100_000 + "!")


# Rows that each keep the schema, but not beside one another.


@fault("datapackage", "rows-contradict", "events", "date_end")
def event_that_ends_before_it_begins(copy: Copy) -> None:
    copy.cell("events", 0, date_end=date(2031, 3, 2))


@fault("datapackage", "rows-contradict", "articles", "duplicate_of")
def duplicate_of_itself(copy: Copy) -> None:
    def point(rows: list) -> None:
        rows[1].update(duplicate_of=rows[1]["article_id"], duplicate_kind="exact")

    copy.rows("articles", point)


@fault("datapackage", "rows-contradict", "articles", "duplicate_of")
def duplicates_in_a_circle(copy: Copy) -> None:
    def point(rows: list) -> None:
        for one, other in ((0, 1), (1, 0)):
            rows[one].update(duplicate_of=rows[other]["article_id"], duplicate_kind="near")

    copy.rows("articles", point)


@fault("datapackage", "rows-contradict", "articles", "duplicate_kind")
def duplicate_of_no_kind(copy: Copy) -> None:
    copy.rows("articles", lambda rows: rows[1].update(duplicate_of=rows[0]["article_id"]))


@fault("datapackage", "rows-contradict", "mentions", "source_end")
def bytes_beyond_the_file(copy: Copy) -> None:
    copy.cell("mentions", 0, source_end=1_000_000)


@fault("datapackage", "rows-contradict", "articles", "source_sha256")
def article_of_another_source(copy: Copy) -> None:
    copy.cell("articles", 0, source_sha256="0" * 64)


@fault("datapackage", "rows-contradict", "entities", "mention_count")
def more_mentions_than_counted(copy: Copy) -> None:
    copy.rows("entities", lambda rows: next(r for r in rows if r["entity_id"] == linked.LIND).update(mention_count=1))


@fault("datapackage", "rows-contradict", "events", "report_count")
def more_reports_than_counted(copy: Copy) -> None:
    copy.rows("event_reports", lambda rows: rows.append(rows[0] | {"report_id": linked.ident("rep", "more")}))
    copy.rows("events", lambda rows: next(r for r in rows if r["event_id"] == linked.CALL).update(report_count=1))


def in_full(made: dict[str, pa.Table]) -> dict[str, pa.Table]:
    """Sources and articles of which nothing may be withheld: then all rows that were counted must be there."""
    freed = {}
    for name in ("sources", "articles"):
        at = made[name].schema.get_field_index("redistribution")
        full = pa.array(["full"] * made[name].num_rows)
        freed[name] = made[name].set_column(at, made[name].schema.field(at), full)
    return freed


@fault("build", "rows-contradict", "events", "type")
def event_of_a_type_nobody_reports(copy: Copy) -> None:
    copy.build(lambda made: {**in_full(made), "events": linked.changed(made["events"], 0, type="attack")})


@fault("build", "rows-contradict", "event_participants", "entity_id")
def participant_nobody_reports(copy: Copy) -> None:
    def add(made: dict[str, pa.Table]) -> dict[str, pa.Table]:
        people = made["event_participants"]
        one = people.slice(0, 1).to_pylist()[0] | {"entity_id": linked.CITY}
        more = pa.Table.from_pylist([one], schema=people.schema)
        return {**in_full(made), "event_participants": pa.concat_tables([people, more])}

    copy.build(add)


@fault("build", "rows-contradict", "events", "report_count")
def fewer_reports_than_counted(copy: Copy) -> None:
    copy.build(lambda made: {**in_full(made), "events": linked.changed(made["events"], 0, report_count=9)})


@fault("build", "rows-contradict", "mentions", "type")
def place_that_is_a_person(copy: Copy) -> None:
    copy.build(lambda made: {"mentions": linked.changed(made["mentions"], 0, type="place")})


@fault("datapackage", "rights-exceeded", "articles", "redistribution")
def article_freer_than_its_source(copy: Copy) -> None:
    def loosen(rows: list) -> None:
        next(row for row in rows if row["redistribution"] == "metadata")["redistribution"] = "excerpt"

    copy.rows("articles", loosen)


# What packages say beside their tables.


@fault("datapackage", "descriptor-differs", "sources", says="fileCount")
def source_with_another_count(copy: Copy) -> None:
    copy.descriptor(lambda d: d["sources"][0].update(fileCount=99))


@fault("datapackage", "descriptor-differs", "sources", says="hash")
def source_with_another_digest(copy: Copy) -> None:
    copy.descriptor(lambda d: d["sources"][0].update(hash="sha256:" + "0" * 64))


@fault("datapackage", "descriptor-differs", "event_reports_flat", says="label_en")
def table_for_people_rewritten(copy: Copy) -> None:
    copy.text("datapackage/event_reports_flat.csv", "Lind", "Lund")
    copy.recorded("event_reports_flat")


@fault("dist", "descriptor-differs", says="does not hold the files")
def zip_of_another_package(copy: Copy) -> None:
    shutil.make_archive(str(copy.root / "datapackage"), "zip", copy.dataset)
    (copy.root / SUMS).write_text(f"{sha256(copy.root / 'datapackage.zip')}  datapackage.zip\n", "utf-8")


@fault("huggingface", "descriptor-differs", says="the card does not name it")
def parquet_beside_a_config(copy: Copy) -> None:
    shutil.copy(copy.shard("events"), copy.shard("events").with_name("more.parquet"))
    copy.sums(copy.dataset)


@fault("datapackage", "span-mismatch", "articles", "segments")
def segment_beyond_its_text(copy: Copy) -> None:
    def move(rows: list) -> None:
        rows[0]["segments"][-1]["text_start"] += 1_000

    copy.rows("articles", move)


# The dataset: card, Croissant, Parquet footers.


@fault("huggingface", "rows-mismatch", "events", says="the card says [7]")
def card_with_another_count(copy: Copy) -> None:
    copy.info("events", lambda info: info["splits"][0].update(num_examples=7))


@fault("huggingface", "columns-differ", "events", "ghost")
def card_with_a_column_that_is_not_there(copy: Copy) -> None:
    copy.info("events", lambda info: info["features"].append({"name": "ghost", "dtype": "string"}))


@fault("huggingface", "columns-differ", "events", "event_id", says="the card says int64")
def card_with_another_type(copy: Copy) -> None:
    copy.info("events", lambda info: info["features"][0].update(dtype="int64"))


@fault("huggingface", "license-missing", severity="warning", status=0)
def card_without_license(copy: Copy) -> None:
    copy.card(lambda card: card.pop("license"))


@fault("huggingface", "yaml-invalid", also=("check-limited", "descriptor-differs"))
def yaml_bomb_as_card(copy: Copy) -> None:
    copy.text("huggingface/README.md", "language:\n", "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\nlanguage:\n")


@fault("huggingface", "hash-mismatch")
def croissant_with_another_digest(copy: Copy) -> None:
    copy.croissant(lambda value: value["distribution"][0].update(sha256="0" * 64))


@fault("huggingface", "rows-mismatch", "events", says="it says 7")
def croissant_with_another_count(copy: Copy) -> None:
    copy.croissant(lambda v: next(r for r in v["recordSet"] if r["name"] == "events")["annotation"].update(value=7))


@fault("huggingface", "columns-differ", "events", "event_id", also=("descriptor-differs",), says="no field describes")
def croissant_without_a_column(copy: Copy) -> None:
    copy.croissant(lambda v: next(r for r in v["recordSet"] if r["name"] == "events")["field"].pop(0))


@fault("huggingface", "descriptor-differs", "events", says="pandas")
def footer_with_metadata_of_pandas(copy: Copy) -> None:
    table = copy.table("events")
    copy.store("events", table.replace_schema_metadata({"pandas": "{}"}))


@fault("huggingface", "columns-differ", "events", "cameo")
def footer_without_a_column(copy: Copy) -> None:
    copy.store("events", copy.table("events").drop_columns(["cameo"]))


@fault("huggingface", "foreign-key", "mentions", "article_id")
def orphan_in_the_dataset(copy: Copy) -> None:
    copy.cell("mentions", 0, article_id=linked.ident("art", "none"))


@fault("huggingface", "descriptor-differs", "links")
def empty_table(copy: Copy) -> None:
    copy.store("links", copy.table("links").slice(0, 0))


@fault("huggingface", "table-missing", "events", also=("foreign-key", "descriptor-differs"))
def shard_missing(copy: Copy) -> None:
    copy.shard("events").unlink()


# Both packages.


@fault("dist", "descriptor-differs", says="licence")
def licenses_that_differ(copy: Copy) -> None:
    copy.card(lambda card: card.update(license="mit"))


@fault("dist", "descriptor-differs", says="version")
def versions_that_differ(copy: Copy) -> None:
    copy.descriptor(lambda d: d.update(version="9.9.9"))


@fault("dist", "descriptor-differs", "events")
def cell_changed_in_the_dataset_only(copy: Copy) -> None:
    table = linked.changed(copy.table("events"), 0, label_en="Nothing happened")
    pq.write_table(table, copy.shard("events"))
    copy.told("events", table.num_rows)


@fault("dist", "hash-mismatch")
def zip_tampered_with(copy: Copy) -> None:
    file = copy.root / "datapackage.zip"
    file.write_bytes(file.read_bytes() + b"x")


# Zips.


@fault("foreign", "package-limit", status=2)
def zip_bomb(copy: Copy) -> None:
    with zipfile.ZipFile(copy.root / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("datapackage.json", bytes(20 << 20))


@fault("foreign", "path-unsafe", status=2)
def zip_with_absolute_names(copy: Copy) -> None:
    with zipfile.ZipFile(copy.root / "absolute.zip", "w") as archive:
        archive.writestr("/tmp/datapackage.json", b"{}")


@fault("foreign", "path-unsafe", status=2)
def zip_with_names_that_lead_out(copy: Copy) -> None:
    with zipfile.ZipFile(copy.root / "slip.zip", "w") as archive:
        archive.writestr("../datapackage.json", b"{}")


@fault("zip", "package-invalid", status=2)
def zip_broken_off(copy: Copy) -> None:
    file = copy.root / "p.zip"
    shutil.make_archive(str(file.with_suffix("")), "zip", copy.package)
    file.write_bytes(file.read_bytes()[:-300])


@fault("zip", "foreign-key", "events", "place_id")
def zip_of_a_spoiled_package(copy: Copy) -> None:
    orphan(copy)
    shutil.make_archive(str(copy.root / "p"), "zip", copy.package)


# A build, beside its sources.


@fault("build", "hash-mismatch", also=("bytes-mismatch",))
def build_changed_by_hand(copy: Copy) -> None:
    file = copy.root / "build" / "events.parquet"
    pq.write_table(linked.changed(pq.read_table(file), 0, label_en="Nothing happened"), file)


@fault("build", "source-changed", severity="warning", status=0)
def source_edited(copy: Copy) -> None:
    (copy.root / linked.OPEN.path).write_bytes(linked.OPEN.data.replace(b"fish", b"dish"))


@fault("build", "source-missing", severity="warning", status=0)
def source_gone(copy: Copy) -> None:
    (copy.root / linked.OPEN.path).unlink()


@fault("build", "span-mismatch", "mentions", "source_start")
def bytes_of_another_word(copy: Copy) -> None:
    def move(made: dict[str, pa.Table]) -> dict[str, pa.Table]:
        first = made["mentions"]["source_start"][0].as_py()
        return {"mentions": linked.changed(made["mentions"], 0, source_start=first + 3)}

    copy.build(move)


@fault("build", "build-incomplete", status=2)
def build_without_report(copy: Copy) -> None:
    (copy.root / "build" / "report.json").unlink()


# What others made.


@fault("foreign", "cell-cast", "a", "x")
def text_in_a_column_of_dates(copy: Copy) -> None:
    copy.column("2031-03-03", "soon", type="date")


@fault("foreign", "constraint", "a", "x", says="required")
def foreign_cell_missing(copy: Copy) -> None:
    schema = {"fields": [{"name": "x", "constraints": {"required": True}}, {"name": "y"}]}
    copy.foreign({"name": "a", "path": "a.csv", "schema": schema}, a_csv="x,y\n1,a\n,b\n")


@fault("foreign", "constraint", "a", "x", says="categories")
def value_outside_its_categories(copy: Copy) -> None:
    copy.column("calm", "stormy", type="string", categories=["calm", {"value": "rough", "label": "Rough"}])


@fault("foreign", "constraint", "a", "x", says="pattern")
def foreign_pattern_that_backtracks_for_ever(copy: Copy) -> None:
    copy.column("a" * 100_000 + "!", constraints={"pattern": "(a|a?)+(a+)+$"})


@fault("foreign", "pattern-unsupported", "a", "x", severity="warning", status=0)
def pattern_that_looks_around(copy: Copy) -> None:
    copy.column("ab", constraints={"pattern": "a(?=b)b"})


@fault("foreign", "key-duplicate", "a", "x")
def foreign_duplicate_key(copy: Copy) -> None:
    schema = {"fields": [{"name": "x", "type": "integer"}], "primaryKey": "x"}
    copy.foreign({"name": "a", "path": "a.csv", "schema": schema}, a_csv="x\n1\n01\n")


@fault("foreign", "foreign-key", "b", "up")
def foreign_orphan(copy: Copy) -> None:
    parent = {"name": "a", "data": [{"x": 1}], "schema": {"fields": [{"name": "x", "type": "integer"}]}}
    keys = [{"fields": "up", "reference": {"resource": "a", "fields": "x"}}]
    child = {"name": "b", "data": [{"up": 2}], "schema": {"fields": [{"name": "up", "type": "integer"}]}}
    child["schema"]["foreignKeys"] = keys  # type: ignore[index]
    copy.foreign(parent, child)


@fault("foreign", "columns-differ", "a", "y")
def foreign_column_missing(copy: Copy) -> None:
    schema = {"fields": [{"name": "x"}, {"name": "y"}]}
    copy.foreign({"name": "a", "path": "a.csv", "schema": schema}, a_csv="x\n1\n")


@fault("foreign", "hash-mismatch")
def foreign_wrong_hash(copy: Copy) -> None:
    copy.foreign({"name": "a", "path": "a.csv", "hash": "md5:" + "0" * 32}, a_csv="x\n1\n")


@fault("foreign", "resource-invalid", "a")
def foreign_file_of_no_bytes(copy: Copy) -> None:
    copy.foreign({"name": "a", "path": "a.csv", "schema": {"fields": [{"name": "x"}]}}, a_csv="")


@fault("foreign", "package-limit", "a", also=("columns-differ",))
def compressed_bomb(copy: Copy) -> None:
    copy.foreign({"name": "a", "path": "a.csv.gz", "schema": {"fields": [{"name": "x"}]}})
    (copy.root / "a.csv.gz").write_bytes(gzip.compress((b"x" * 99_999 + b"\n") * 300, 9))


@fault("foreign", "package-invalid", status=2)
def descriptor_nested_without_end(copy: Copy) -> None:
    (copy.root / "datapackage.json").write_text("[" * 100_000)


TOGETHER = {
    "in_the_descriptor": (
        slip_in_a_key, no_license, schema_not_that_of_its_file, wrong_hash_in_the_descriptor,
        wrong_size_in_the_descriptor, wrong_count_in_the_descriptor, source_with_another_count,
        source_with_another_digest, table_for_people_rewritten,
    ),
    "in_cells": (
        value_outside_an_enum, value_outside_a_pattern, number_below_its_minimum, number_above_its_maximum,
        text_too_long, value_outside_an_enum_within_a_list, orphan, summary_of_a_closed_source, body_rewritten,
        schema_loosened_with_its_data, download_broken_off, hash_of_a_kind_nobody_knows, file_listed_twice,
        row_group_too_large, duplicates_in_a_circle,
    ),
    "in_keys_and_spans": (
        span_moved, duplicate_key, two_mentions_of_one_span, duplicate_of_nothing, clock_of_another_zone,
        excerpt_too_long, number_that_is_none, participant_who_is_no_entity,
        path_up, tampered_parquet,
    ),
    "between_rows": (
        event_that_ends_before_it_begins, duplicate_of_itself, bytes_beyond_the_file, article_of_another_source,
        more_mentions_than_counted, more_reports_than_counted, article_freer_than_its_source,
        segment_beyond_its_text,
        cell_changed_in_the_parquet_only, required_cell_missing,
    ),
    "in_columns": (
        column_renamed, column_of_another_type, columns_in_another_order, rows_of_the_csv_in_another_order,
        duplicate_of_no_kind,
    ),
    "in_the_card_and_croissant": (
        card_with_another_count, card_with_a_column_that_is_not_there, card_with_another_type, card_without_license,
        croissant_with_another_digest, croissant_with_another_count, croissant_without_a_column,
    ),
    "in_files_of_the_dataset": (
        orphan_in_the_dataset, empty_table, footer_with_metadata_of_pandas, parquet_beside_a_config,
        footer_without_a_column,
    ),
    "in_both_packages": (licenses_that_differ, versions_that_differ, cell_changed_in_the_dataset_only),
    "in_files": (csv_with_a_byte_order_mark, pages_spoiled_and_hashed_again, csv_edited_by_hand, file_nobody_lists),
    "in_paths": (path_absolute, yaml_bomb_as_schema, text_too_short),
    "in_a_build": (
        event_of_a_type_nobody_reports, participant_nobody_reports, fewer_reports_than_counted,
        place_that_is_a_person, build_changed_by_hand, source_edited,
    ),
    "in_the_zip": (zip_of_another_package, zip_tampered_with),
    "in_a_link_and_a_pattern": (path_through_a_link, pattern_that_backtracks_for_ever),
}  # fmt: skip
"""Faults that do not touch one another are seeded into one copy, in this order, and each must be told by itself."""


def groups() -> dict[str, list[Fault]]:
    """All faults: those seeded together by the name of their group, each other by its own."""
    listed = {one.spoil: one for one in FAULTS}
    made = {name: [listed[spoil] for spoil in spoils] for name, spoils in TOGETHER.items()}
    grouped = {one.name for faults in made.values() for one in faults}
    return made | {one.name: [one] for one in FAULTS if one.name not in grouped}
