"""One list of findings in four forms; expectations are written by hand."""

import json
import re
from xml.etree import ElementTree as ET

import pytest

from broadsheet.check.report import KEPT, CheckReport, Gather, joined
from broadsheet.check.reporters import as_github, as_json, as_junit, as_summary, as_text
from broadsheet.findings import CODES, Severity, finding
from broadsheet.screen import width

HOSTILE = "a%b\r\n::error::forged ##[add-mask]x | <img src=x> [y](https://z.example) `c` *d* @who #1 \x00\x1b[31m"


def report(*findings: object, **more: object) -> CheckReport:
    gather = Gather()
    for one in findings:
        gather.take(one)  # type: ignore[arg-type]
    made = gather.report("build build")
    return CheckReport(**{field: getattr(made, field) for field in CheckReport.__slots__} | more)  # type: ignore[arg-type]


ORPHAN = finding(
    "foreign-key", "no such entity", resource="mentions", field="entity_id", row_key="men-1", sample="per/nobody"
)
LOOSE = finding(
    "schema-loosened", "'url' is required in the core", path="schemas/links.yaml", line=12, resource="links"
)
LATE = finding("published-after-archived", "published after it was collected", resource="articles", count=3)


def annotations(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Workflow commands as the runner reads them."""

    def plain(value: str) -> str:
        for code, sign in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
            value = value.replace(code, sign)
        return value

    found = []
    for line in text.splitlines():
        if match := re.fullmatch(r"\s*::(\w+)(?: ([^:]*))?::(.*)", line):
            pairs = (pair.split("=", 1) for pair in (match[2] or "").split(",") if pair)
            found.append((match[1], {key: plain(value) for key, value in pairs}, plain(match[3])))
    return found


def test_the_rest_is_counted_where_findings_stand_for_many() -> None:
    gather = Gather()
    for number in range(KEPT + 5):
        gather.add(
            "constraint", "too big (and 2 more)", resource="links", field="position", row_key=str(number), count=3
        )
    gather.add("constraint", "too big", resource="links", field="url", count=7)
    made = gather.report("x")
    assert len(made.findings) == KEPT + 1
    assert made.number(Severity.ERROR) == (KEPT + 5) * 3 + 7
    assert {found.message for found in made.findings} == {"too big"}
    assert [found.count for found in made.findings[:KEPT]] == [3] * (KEPT - 1) + [3 + 5 * 3]
    text = as_text(made)
    assert "  links.url           too big (and 6 more like it)" in text
    assert text.count("more like it)") == 5  # each of the five places once
    assert "  … and 63 more; --format json lists 21 of them" in text  # 82 without 7 and four times 3


def test_files_are_bounded_too() -> None:
    many = report(*(finding("hash-mismatch", "another hash", path=f"csv/{at}.csv") for at in range(500)))
    assert (len(many.findings), many.number(Severity.ERROR)) == (KEPT, 500)


def test_text_is_grouped_aligned_and_summed() -> None:
    wide = finding("foreign-key", "no such place", resource="mentions", field="entity_id", row_key="海港城")
    counts = {"rows of articles": 1200, "rows of mentions": 34, "spans exact": 19}
    lines = as_text(report(LATE, ORPHAN, wide, LOOSE, counts=counts)).splitlines()
    assert lines[:6] == [
        "checked build build",
        "",
        "error foreign-key (2): a reference to a row that is not there",
        "  mentions.entity_id [men-1]   no such entity: 'per/nobody'",
        "  mentions.entity_id [海港城]  no such place",
        "  remedy: Restore the row, or remove the reference.",
    ]
    assert width(lines[3].partition("no such")[0]) == width(lines[4].partition("no such")[0])
    assert "  schemas/links.yaml:12 (links)  'url' is required in the core" in lines
    assert "  articles  published after it was collected (and 2 more like it)" in lines
    assert lines[-5:] == [
        "looked at",
        "  rows in 2 tables  1,234",
        "  spans exact          19",
        "",
        "3 errors, 3 warnings, 0 notes: failed",
    ]


def test_text_says_how_many_it_does_not_show() -> None:
    many = report(*(finding("foreign-key", "no", resource="mentions", row_key=str(at)) for at in range(1000)))
    assert "  … and 995 more; --format json lists 20 of them" in as_text(many)
    few = report(*(finding("foreign-key", "no", resource="mentions", row_key=str(at)) for at in range(7)))
    assert "  … and 2 more; --format json lists all of them" in as_text(few)


def test_a_text_of_an_article_cannot_steer_a_log() -> None:
    hostile = finding("span-mismatch", HOSTILE, sample="::stop-commands::x")
    for text in (as_text(report(hostile)), as_github(report(hostile))):
        assert "##[" not in text
        assert "\x1b" not in text
        assert "\x00" not in text
    assert annotations(as_text(report(hostile))) == []
    (command, _, message) = annotations(as_github(report(hostile)))[0]
    assert (command, len(annotations(as_github(report(hostile))))) == ("error", 1)
    assert message.startswith("a%b\\r\\n::error::forged")


def test_json_has_totals_by_severity_and_code() -> None:
    value = json.loads(as_json(report(ORPHAN, LATE)))
    assert (value["status"], value["summary"]) == (1, {"error": 1, "warning": 3, "note": 0})
    assert value["codes"] == {"foreign-key": 1, "published-after-archived": 3}
    assert value["findings"][0] == {
        "code": "foreign-key",
        "message": "no such entity",
        "severity": "error",
        "remedy": CODES["foreign-key"].remedy,
        "resource": "mentions",
        "field": "entity_id",
        "row_key": "men-1",
        "count": 1,
        "sample": "per/nobody",
    }


JUNIT = """\
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="broadsheet check: build build" tests="4" failures="2" errors="0">
  <testsuite name="articles" tests="1" failures="0" errors="0">
    <testcase classname="articles" name="published-after-archived: published after it was collected">
      <system-out>warning: articles: published after it was collected (and 2 more like it)
remedy: Correct the zone in the profile.</system-out>
    </testcase>
  </testsuite>
  <testsuite name="links" tests="1" failures="1" errors="0">
    <testcase classname="links" name="schema-loosened: a project schema loosens the core" file="schemas/links.yaml" line="12">
      <failure type="schema-loosened" message="'url' is required in the core">error: schemas/links.yaml:12 (links): 'url' is required in the core
remedy: A project may tighten a core schema only.</failure>
    </testcase>
  </testsuite>
  <testsuite name="mentions" tests="2" failures="1" errors="0">
    <testcase classname="mentions" name="foreign-key: a reference to a row that is not there">
      <failure type="foreign-key" message="no such entity">error: mentions.entity_id [men-1]: no such entity: 'per/nobody'
remedy: Restore the row, or remove the reference.</failure>
    </testcase>
    <testcase classname="mentions" name="key-duplicate: two rows with one key" />
  </testsuite>
</testsuites>
"""  # noqa: E501


def test_junit_is_as_written_by_hand() -> None:
    gather = Gather()
    gather.ran("mentions", "foreign-key", "key-duplicate")
    for one in (ORPHAN, LOOSE, LATE):
        gather.take(one)
    assert as_junit(gather.report("build build")) == JUNIT


def test_junit_under_strict_and_when_stopped() -> None:
    strict = ET.fromstring(as_junit(report(LATE), strict=True))
    assert strict.find(".//failure").attrib == {
        "type": "published-after-archived",
        "message": "3: published after it was collected",
    }
    missing = finding("project-missing", "There is no project.", path="datapackage.yaml")
    stopped = ET.fromstring(as_junit(CheckReport(".", (missing,), stopped=True)))
    assert stopped.attrib["errors"] == "1"
    assert stopped.find(".//testsuite[@name='project']/testcase/error").attrib["message"] == "There is no project."


@pytest.mark.parametrize("sign", ["\x00", "\x0b", "\ud800", "\uffff", "\x1b"])
def test_junit_holds_what_xml_cannot(sign: str) -> None:
    made = as_junit(report(finding("span-mismatch", f"a{sign}b", sample=f"<&\"'>{sign}", path=f"x{sign}.txt")))
    failure = ET.fromstring(made.encode()).find(".//failure")
    assert failure.attrib["message"] == "a\ufffdb"


def test_annotations_stand_on_file_and_line_with_a_remedy() -> None:
    (loose,) = annotations(as_github(report(LOOSE)))
    assert loose == (
        "error",
        {"file": "schemas/links.yaml", "line": "12", "title": "schema-loosened"},
        "links: 'url' is required in the core\nA project may tighten a core schema only.",
    )
    odd = finding("file-unreadable", "no", path="a,b:100%/海.txt", line=3)
    assert as_github(report(odd)).startswith("::error file=a%2Cb%3A100%25/海.txt,line=3,title=file-unreadable::no%0A")


def test_ten_annotations_of_a_severity_and_nothing_lost() -> None:
    broken = [finding("hash-mismatch", "another hash", path=f"csv/{at}.csv") for at in range(400)]
    shown = annotations(as_github(report(*broken, LOOSE, LATE)))
    errors = [(names["title"], message) for command, names, message in shown if command == "error"]
    assert [title for title, _ in errors].count("hash-mismatch") == 9
    assert [title for title, _ in errors].count("schema-loosened") == 1
    assert "400 in all; 9 of them named here, more in the summary of the step." in dict(errors[:1])["hash-mismatch"]
    assert shown[-1][0] == "warning"
    assert "3 in all; 1 of them named here" in shown[-1][2]


def test_rows_of_a_column_share_an_annotation() -> None:
    orphans = [finding("foreign-key", "no", resource="mentions", field="entity_id", row_key=str(at)) for at in range(7)]
    other = finding("foreign-key", "no", resource="media", field="article_id", row_key="9")
    (first, second) = annotations(as_github(report(*orphans, other)))
    assert first[2].splitlines()[:2] == [
        "media.article_id [9]: no",
        "8 in all; 2 of them named here, more in the summary of the step.",
    ]
    assert second[2] == "mentions.entity_id [0]: no"


def test_a_message_that_counts_is_not_counted_again() -> None:
    cells = finding("formula-like", "12 cells start with =", resource="articles", field="title", count=12, sample="=1")
    assert "  articles.title  12 cells start with =: '=1'\n" in as_text(report(cells))


def test_more_than_ten_codes_share_the_last_annotation() -> None:
    codes = [code for code, known in CODES.items() if known.severity is Severity.ERROR][:14]
    shown = annotations(as_github(report(*(finding(code, "no", count=2) for code in codes))))
    assert len(shown) == 10
    named = {names["title"] for _, names, _ in shown} | set(re.findall(r"[a-z-]+(?= \(2\))", shown[-1][2]))
    assert set(codes) <= named


def test_the_summary_has_all_codes_and_no_markup_of_others() -> None:
    hostile = finding("span-mismatch", HOSTILE, resource="mentions", row_key="men|1", count=70_000)
    text = as_summary(report(hostile, LOOSE, LATE, counts={"rows of articles": 12}))
    rows = [line for line in text.splitlines() if line.startswith("| error") or line.startswith("| warning")]
    assert [len(re.findall(r"(?<!\\)\|", row)) for row in rows] == [6, 6, 6]
    assert "| 70,000 |" in text
    assert "and 69,999 more" in text
    assert "<img" not in text
    for sign in ("`", "*", "[", "](", "@", "https:", "##["):
        assert sign not in rows[1]
    assert "A project may tighten a core schema only&#46;" in text
    assert "| rows of articles | 12 |" in text
    assert len(as_summary(report(finding("span-mismatch", "x" * 1_000_000)))) < 2_000


def test_reports_of_several_packages_say_which() -> None:
    both = joined(
        "packages", {"datapackage": report(ORPHAN, LOOSE), "huggingface": report(ORPHAN, counts={"files": 2})}
    )
    places = [(found.path, found.resource) for found in both.findings]
    assert places == [
        ("datapackage", "mentions"),
        ("huggingface", "mentions"),
        ("datapackage/schemas/links.yaml", "links"),
    ]
    assert both.counts == {"huggingface: files": 2}
    assert "  huggingface (mentions.entity_id [men-1])  no such entity: 'per/nobody'" in as_text(both)
