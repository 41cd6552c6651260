import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.release.version import STEPS, Version, following, parse_version, reaches

ORDER = [  # semver.org, item 11, and around it
    "0.0.0-0", "0.0.0", "0.1.0", "0.1.1", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta",
    "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1", "1.1.0", "2.0.0", "10.0.0",
]  # fmt: skip
versions = st.builds(
    Version,
    st.tuples(*[st.integers(0, 12)] * 3),
    st.lists(st.from_regex(r"(0|[1-9][0-9]?|[a-c-][0-9a-c-]?)", fullmatch=True), max_size=3).map(tuple),
)


def version(text: str) -> Version:
    found = parse_version(text)
    assert found is not None, text
    return found


def test_versions_have_the_order_of_the_standard() -> None:
    assert sorted(map(version, reversed(ORDER))) == [version(text) for text in ORDER]


@pytest.mark.parametrize(
    "text",
    ["", None, "1", "1.0", "01.0.0", "1.0.0-01", "1.0.0-", "1.0.0+", "v1.0.0", "1.0.0 ", "1.0.0\n", "1.-1.0",
     "1.0.0-a..b", "١.0.0", "1.0.0-ä", "1." + "9" * 300 + ".0"],
)  # fmt: skip
def test_what_is_no_version_is_none(text: str | None) -> None:
    assert parse_version(text) is None


def test_build_metadata_does_not_count() -> None:
    assert version("1.2.3+linux.7") == version("1.2.3") != version("1.2.3-7")


@pytest.mark.parametrize(
    ("old", "step", "expected"),
    [
        ("1.2.3", "major", "2.0.0"), ("1.2.3", "minor", "1.3.0"), ("1.2.3", "patch", "1.2.4"),
        ("1.2.3", "none", "1.2.3"),
        ("0.4.2", "major", "0.5.0"), ("0.4.2", "minor", "0.5.0"), ("0.4.2", "patch", "0.4.3"),
        ("2.0.0-rc.1", "major", "2.0.0"), ("2.0.0-rc.1", "patch", "2.0.0"), ("1.3.0-rc.1", "minor", "1.3.0"),
        ("1.3.0-rc.1", "major", "2.0.0"), ("1.3.1-rc.1", "minor", "1.4.0"), ("1.3.1-rc.1", "patch", "1.3.1"),
        ("0.3.0-rc.1", "major", "0.3.0"),
    ],
)  # fmt: skip
def test_a_step_calls_for_a_version(old: str, step: str, expected: str) -> None:
    assert str(following(version(old), step)) == expected


@pytest.mark.parametrize(
    ("new", "old", "step", "expected"),
    [
        ("1.3.0", "1.2.3", "minor", True), ("1.2.4", "1.2.3", "minor", False), ("1.2.3", "1.2.3", "patch", False),
        ("1.2.3", "1.2.3", "none", True), ("1.2.2", "1.2.3", "none", False), ("2.0.0-rc.1", "1.2.3", "major", True),
        ("2.0.0-rc.2", "2.0.0-rc.1", "major", True), ("2.0.0-rc.1", "2.0.0-rc.1", "patch", False),
        ("1.4.0", "1.2.3", "major", False), ("1.3.0-rc.1", "1.3.0", "patch", False), ("1.0.0", "0.9.9", "major", True),
    ],
)  # fmt: skip
def test_a_version_reaches_a_step(new: str, old: str, step: str, *, expected: bool) -> None:
    assert reaches(version(new), version(old), step) is expected


@settings(max_examples=60)
@given(versions, st.sampled_from(STEPS))
def test_what_follows_reaches(old: Version, step: str) -> None:
    after = following(old, step)
    assert reaches(after, old, step)
    assert after > old or step == "none"
    assert parse_version(str(after)) == after


@settings(max_examples=60)
@given(versions, versions)
def test_a_longer_step_is_never_a_smaller_version(old: Version, new: Version) -> None:
    after = [following(old, step) for step in STEPS]
    assert after == sorted(after)
    reached = [reaches(new, old, step) for step in STEPS]
    assert reached == sorted(reached, reverse=True)
