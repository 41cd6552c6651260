"""Patterns known to be plain are not shown to RE2; so RE2 must read every one of them."""

import random
import re
import warnings
from pathlib import Path

import pytest

from broadsheet.findings import BroadsheetError
from broadsheet.schema.load import core_dir, load_table
from broadsheet.schema.regular import both_read, read_by_re2

PARTS = (
    "a", "[a-z]", "(", "(?:", ")", "*", "+", "?", "??", "{2}", "{1,99}", "{3,}", "|", "^", "$", ".", r"\.", r"\[",
    r"[^ \t]", r"[\].-]", "一", "[一-鿿]", "-", "{", "(?=", r"\1", "[a&&b]", "[a||b]", "*+", "{,3}", r"\Z",
)  # fmt: skip


def test_re2_reads_every_plain_pattern() -> None:
    draw = random.Random(5)
    read = 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        for _ in range(8_000):
            pattern = "".join(draw.choices(PARTS, k=draw.randint(1, 8)))
            try:
                re.compile(pattern)
            except re.error:
                continue
            if both_read(pattern):
                read += 1
                read_by_re2(f"^(?:{pattern})$")
    assert read > 1_000


def test_the_largest_plain_patterns_fit_into_re2() -> None:
    for part in ("[一-鿿]{1,99}", ".{1,99}", "[^a]{0,99}"):
        pattern = part * (200 // len(part))
        assert both_read(pattern)
        read_by_re2(f"^(?:{pattern})$")


@pytest.mark.parametrize("pattern", ["(?=a)b", r"(a)\1", "a*+", "(?>a)", "a{1,1000}", "(a{99}){99}"])
def test_what_is_not_plain_goes_to_re2(pattern: str) -> None:
    assert not both_read(pattern)


def test_a_pattern_only_python_reads_is_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "links.yaml"
    text = (core_dir() / "links.yaml").read_text("utf-8")
    file.write_text(re.sub(r"pattern: .*", "pattern: '(?=a)b'", text, count=1), "utf-8")
    line = next(number for number, line in enumerate(file.read_text("utf-8").splitlines(), 1) if "(?=a)b" in line)
    with pytest.raises(BroadsheetError) as caught:
        load_table(file)
    assert (caught.value.finding.code, caught.value.finding.line) == ("value-invalid", line)


def test_core_patterns_are_plain() -> None:
    texts = [file.read_text("utf-8") for file in sorted(core_dir().glob("*.yaml"))]
    patterns = [pattern for text in texts for pattern in re.findall(r"pattern: '(.*)'", text)]
    assert len(patterns) > 30
    assert [pattern for pattern in patterns if not both_read(pattern)] == []
