"""The authority file of people, its roles and its list of ambiguous aliases obey their own rules."""

import csv
import re
from collections import defaultdict
from functools import cache
from importlib.resources import files
from itertools import pairwise

import opencc
import pycountry
import pytest

PACK = files("broadsheet") / "packs" / "zh"
PERSON_COLUMNS = ["id", "name_en", "latin", "hans", "tw", "hk", "country", "roles", "wikidata", "source"]
ROLE_COLUMNS = ["role", "en", "hans", "hant", "group"]
AMBIGUOUS_COLUMNS = ["alias", "ids", "rule", "note"]
GROUPS = {
    "head_of_state",
    "head_of_government",
    "minister",
    "envoy",
    "spokesperson",
    "military",
    "party",
    "body_head",
    "other",
}
RULES = {"role-in-force", "full-name-first", "needs-title"}
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
ROLE = re.compile(r"(?P<role>[a-z-]+)@(?P<at>[A-Z]{2}|[a-z0-9]+(?:-[a-z0-9]+)*):(?P<start>[\d-]*)\.\.(?P<end>[\d-]*)")
DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
# Characters the Traditional-to-Simplified dictionary changes although they are right in Simplified names.
SIMPLIFIED_ALREADY: frozenset[str] = frozenset()

to_simplified = cache(opencc.OpenCC("t2s").convert)
TO_TRADITIONAL = tuple(opencc.OpenCC(name) for name in ("s2t", "s2tw", "s2hk"))


def read(*parts: str) -> list[dict[str, str]]:
    text = PACK.joinpath(*parts).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@pytest.fixture(scope="module")
def people() -> list[dict[str, str]]:
    return read("authority", "persons.csv")


@pytest.fixture(scope="module")
def roles() -> list[dict[str, str]]:
    return read("lexicon", "roles.csv")


@pytest.fixture(scope="module")
def ambiguous() -> list[dict[str, str]]:
    return read("authority", "ambiguous_persons.csv")


def forms(row: dict[str, str], *columns: str) -> list[str]:
    return [form for column in columns for form in row[column].split("|") if form]


def holders(people: list[dict[str, str]]) -> dict[str, set[str]]:
    """Simplified alias to the ids that bear it."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in people:
        for form in forms(row, "hans", "tw", "hk"):
            found[to_simplified(form)].add(row["id"])
    return found


@pytest.mark.parametrize(
    ("parts", "columns"),
    [
        (("authority", "persons.csv"), PERSON_COLUMNS),
        (("lexicon", "roles.csv"), ROLE_COLUMNS),
        (("authority", "ambiguous_persons.csv"), AMBIGUOUS_COLUMNS),
    ],
)
def test_files_are_plain_csv_with_the_agreed_header(parts: tuple[str, ...], columns: list[str]) -> None:
    data = PACK.joinpath(*parts).read_bytes()
    assert b"\r" not in data
    assert not data.startswith(b"\xef\xbb\xbf")
    assert data.endswith(b"\n")
    rows = list(csv.reader(data.decode("utf-8").splitlines()))
    assert rows[0] == columns
    assert {len(row) for row in rows} == {len(columns)}
    assert [cell for row in rows for cell in row if cell != cell.strip()] == []


def test_the_file_is_large_enough(people: list[dict[str, str]], roles: list[dict[str, str]]) -> None:
    assert len(people) >= 900
    assert len(roles) >= 90


def test_ids_are_unique_sorted_slugs(people: list[dict[str, str]]) -> None:
    ids = [row["id"] for row in people]
    assert ids == sorted(set(ids))
    assert [i for i in ids if not SLUG.fullmatch(i)] == []


def test_every_person_has_names_country_role_and_source(people: list[dict[str, str]]) -> None:
    for column in ("name_en", "hans", "country", "roles", "source"):
        assert [row["id"] for row in people if not row[column]] == [], column


def test_no_alias_is_one_character_and_none_is_repeated_in_a_row(people: list[dict[str, str]]) -> None:
    short = [(row["id"], form) for row in people for form in forms(row, "hans", "tw", "hk") if len(form) < 2]
    assert short == []
    for row in people:
        for column in ("latin", "hans", "tw", "hk", "roles"):
            cells = row[column].split(";" if column == "roles" else "|")
            assert len(cells) == len(set(cells)), (row["id"], column)
            assert row[column] == "" or "" not in cells, (row["id"], column)
        # A regional form that is written like a Simplified one says nothing new.
        assert not set(forms(row, "hans")) & set(forms(row, "tw", "hk")), row["id"]


def test_aliases_are_chinese_without_title_marks(people: list[dict[str, str]]) -> None:
    allowed = re.compile(r"[\u3400-\u9fffA-Z·-]+")
    odd = [
        (row["id"], form) for row in people for form in forms(row, "hans", "tw", "hk") if not allowed.fullmatch(form)
    ]
    assert odd == []


def test_hans_holds_no_traditional_character(people: list[dict[str, str]]) -> None:
    wrong = [
        (row["id"], form)
        for row in people
        for form in forms(row, "hans")
        if form not in SIMPLIFIED_ALREADY and to_simplified(form) != form
    ]
    assert wrong == []


def test_regional_forms_are_no_mere_conversion(people: list[dict[str, str]]) -> None:
    for row in people:
        converted = {converter.convert(form) for converter in TO_TRADITIONAL for form in forms(row, "hans")}
        assert not converted & set(forms(row, "tw", "hk")), row["id"]


def test_countries_are_iso_codes(people: list[dict[str, str]]) -> None:
    known = {country.alpha_2 for country in pycountry.countries} | {"XK"}
    assert {row["country"] for row in people} <= known
    places = {
        match["at"] for row in people for match in ROLE.finditer(row["roles"]) if re.fullmatch("[A-Z]{2}", match["at"])
    }
    assert places <= known


def test_roles_are_known_and_their_periods_run_forward(
    people: list[dict[str, str]], roles: list[dict[str, str]]
) -> None:
    known = {row["role"] for row in roles}
    for row in people:
        for entry in row["roles"].split(";"):
            match = ROLE.fullmatch(entry)
            assert match, (row["id"], entry)
            assert match["role"] in known, (row["id"], entry)
            start, end = match["start"], match["end"]
            assert all(DATE.fullmatch(bound) for bound in (start, end) if bound), (row["id"], entry)
            shared = min(len(start), len(end))
            assert start[:shared] <= end[:shared], (row["id"], entry)


def test_wikidata_ids_have_their_form_and_belong_to_one_person(people: list[dict[str, str]]) -> None:
    items = [row["wikidata"] for row in people if row["wikidata"]]
    assert [item for item in items if not re.fullmatch(r"Q[1-9]\d*", item)] == []
    assert len(items) == len(set(items))


def test_no_two_people_share_every_full_name(people: list[dict[str, str]]) -> None:
    """Two rows with the same English name and the same first Chinese form are one person entered twice."""
    seen: dict[tuple[str, str], str] = {}
    for row in people:
        key = (row["name_en"], forms(row, "hans")[0])
        if row["id"] in {"zhang-jun", "zhang-jun-chief-justice"}:
            continue
        assert key not in seen, (row["id"], seen.get(key))
        seen[key] = row["id"]


def test_shared_aliases_are_listed_as_ambiguous(people: list[dict[str, str]], ambiguous: list[dict[str, str]]) -> None:
    listed = {row["alias"]: row["ids"] for row in ambiguous}
    shared = {alias: "|".join(sorted(ids)) for alias, ids in holders(people).items() if len(ids) > 1}
    assert {alias: ids for alias, ids in shared.items() if listed.get(alias) != ids} == {}


def test_ambiguous_aliases_exist_and_carry_a_known_rule(
    people: list[dict[str, str]], ambiguous: list[dict[str, str]]
) -> None:
    borne = holders(people)
    aliases = [row["alias"] for row in ambiguous]
    assert aliases == sorted(set(aliases))
    for row in ambiguous:
        assert row["ids"].split("|") == sorted(borne[row["alias"]]), row["alias"]
        assert row["rule"] in RULES, row["alias"]
        assert row["note"], row["alias"]
        assert to_simplified(row["alias"]) == row["alias"]


def test_roles_are_unique_grouped_and_have_title_words(roles: list[dict[str, str]]) -> None:
    keys = [row["role"] for row in roles]
    assert len(keys) == len(set(keys))
    assert [key for key in keys if not SLUG.fullmatch(key)] == []
    assert {row["group"] for row in roles} == GROUPS
    for row in roles:
        words = row["hans"].split("|")
        assert row["en"] and all(words), row["role"]
        assert len(words) == len(set(words)), row["role"]
        assert [word for word in words if to_simplified(word) != word] == [], row["role"]
        # A Traditional word stands here only if converting the Simplified words does not make it.
        converted = {converter.convert(word) for converter in TO_TRADITIONAL for word in words}
        assert not converted & set(forms(row, "hant")), row["role"]


@pytest.mark.parametrize(
    ("alias", "person"),
    [
        ("泽伦斯基", "volodymyr-zelensky"),
        ("泽连斯基", "volodymyr-zelensky"),
        ("卢比奥", "marco-rubio"),
        ("海格塞斯", "pete-hegseth"),
        ("瓦尔兹", "mike-waltz"),
        ("维特科夫", "steve-witkoff"),
        ("川普", "donald-trump"),
        ("普丁", "vladimir-putin"),
        ("施纪贤", "keir-starmer"),
        ("施凯尔", "keir-starmer"),
        ("乌夏科夫", "yuri-ushakov"),
        ("翁山苏姬", "aung-san-suu-kyi"),
        ("朱克伯格", "mark-zuckerberg"),
        ("林剑", "lin-jian"),
        ("让·卡斯泰", "jean-castex"),
        ("让·卡斯特克斯", "jean-castex"),
        ("英霍夫", "jim-inhofe"),
        ("殷荷菲", "jim-inhofe"),
        ("庞贝奥", "mike-pompeo"),
        ("彭培奥", "mike-pompeo"),
        ("佩洛茜", "nancy-pelosi"),
        ("史佩弗", "michael-spavor"),
        ("巴切莱特", "michelle-bachelet"),
    ],
)
def test_regional_spellings_lead_to_one_person(people: list[dict[str, str]], alias: str, person: str) -> None:
    assert holders(people)[alias] == {person}


def test_no_two_people_hold_a_single_office_at_once(people: list[dict[str, str]]) -> None:
    single = {"president", "prime-minister", "chancellor", "foreign-minister", "defense-minister", "state-chairman"}
    disputed = {"laurent-gbagbo", "yahya-jammeh"}  # held on after the successor took the oath
    terms: dict[tuple[str, str], list[tuple[str, str, str]]] = defaultdict(list)
    for row in people:
        for match in ROLE.finditer(row["roles"]):
            if match["role"] in single and match["start"] and row["id"] not in disputed:
                terms[match["role"], match["at"]].append((match["start"], match["end"] or "9999", row["id"]))
    for office, held in terms.items():
        held.sort()
        for (_, end, earlier), (start, _, later) in pairwise(held):
            shared = min(len(start), len(end))
            assert end[:shared] <= start[:shared], (office, earlier, later)


@pytest.mark.parametrize(
    ("role", "place", "day", "person"),
    [
        ("foreign-minister", "CN", "2023-05-10", "qin-gang"),
        ("foreign-minister", "CN", "2024-05-10", "wang-yi"),
        ("president", "US", "2022-03-01", "joe-biden"),
        ("president", "US", "2025-02-12", "donald-trump"),
        ("prime-minister", "GB", "2022-10-01", "liz-truss"),
        ("defense-minister", "RU", "2024-05-01", "sergei-shoigu"),
        ("defense-minister", "RU", "2024-06-01", "andrei-belousov"),
        ("secretary-general", "nato", "2024-09-30", "jens-stoltenberg"),
        ("secretary-general", "nato", "2025-01-10", "mark-rutte"),
        ("chancellor", "DE", "2025-06-01", "friedrich-merz"),
        ("prime-minister", "JP", "2025-11-01", "sanae-takaichi"),
    ],
)
def test_one_person_holds_an_office_on_a_day(
    people: list[dict[str, str]], role: str, place: str, day: str, person: str
) -> None:
    holding = [
        row["id"]
        for row in people
        for match in ROLE.finditer(row["roles"])
        if (match["role"], match["at"]) == (role, place)
        and (not match["start"] or match["start"] <= day)
        and (not match["end"] or match["end"] > day)
    ]
    assert holding == [person]
