"""The places of the Chinese pack: the file, the libraries behind it, and how the two are joined."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import broadsheet
from broadsheet.annotate import gazetteer
from broadsheet.annotate.gazetteer import Authority, Role, load_persons, load_places
from broadsheet.annotate.geography import slug
from broadsheet.findings import BroadsheetError

PACK = Path(broadsheet.__file__).parent / "packs" / "zh"
FILE = PACK / "authority" / "places.csv"
COLUMNS = ["id", "name_en", "latin", "hans", "tw", "hk", "country", "kind", "wikidata", "source"]
KINDS = {
    "continent",
    "region",
    "sea",
    "river",
    "mountain",
    "subdivision",
    "city",
    "capital",
    "district",
    "building",
    "base",
    "facility",
    "border",
    "disputed_area",
    "country_alias",
    "historical",
}
PERSON_HEADER = "id,name_en,latin,hans,tw,hk,country,roles,wikidata,source"


def read_rows() -> list[dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


ROWS = read_rows()


@pytest.fixture(scope="module")
def places() -> list[Authority]:
    return load_places(PACK)


def likeliest(places: list[Authority], name: str) -> Authority:
    return max((place for place in places if name in place.names), key=lambda place: place.prior)


def test_the_file_is_plain_utf8_with_unix_line_ends():
    content = FILE.read_bytes()
    assert not content.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in content
    assert content.decode("utf-8").splitlines()[0].split(",") == COLUMNS


def test_there_are_enough_rows_and_they_are_sorted_by_a_unique_id():
    ids = [row["id"] for row in ROWS]
    assert len(ids) >= 450
    assert ids == sorted(set(ids))
    assert [i for i in ids if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", i)] == []


def test_every_row_has_names_a_known_kind_and_a_source():
    lacking = [row["id"] for row in ROWS if not row["name_en"] or not row["hans"] or not row["source"]]
    assert lacking == []
    assert {row["kind"] for row in ROWS} <= KINDS


def test_countries_are_iso_codes_and_each_country_has_one_row():
    import pycountry

    codes = {country.alpha_2 for country in pycountry.countries} | {"XK"}
    assert {row["country"] for row in ROWS if row["country"]} - codes == set()
    own = [row["country"] for row in ROWS if row["kind"] == "country_alias"]
    assert [code for code, count in Counter(own).items() if count > 1 or not code] == []


def test_wikidata_ids_look_like_ids_and_are_used_once():
    items = [row["wikidata"] for row in ROWS if row["wikidata"]]
    assert [item for item in items if not re.fullmatch(r"Q[1-9]\d*", item)] == []
    assert [item for item, count in Counter(items).items() if count > 1] == []


def test_the_simplified_column_holds_no_traditional_character():
    from opencc import OpenCC

    convert = OpenCC("t2s").convert
    assert [(row["id"], row["hans"]) for row in ROWS if convert(row["hans"]) != row["hans"]] == []


def test_ids_are_unique_and_no_alias_has_one_character(places):
    ids = [place.entity_id for place in places]
    assert ids == sorted(set(ids))
    assert [p.entity_id for p in places if not p.names or any(len(name) < 2 for name in p.names)] == []


@pytest.mark.parametrize(
    ("name", "english", "country"),
    [
        ("基辅", "Kyiv", "UA"),
        ("基輔", "Kyiv", "UA"),
        ("Kiev", "Kyiv", "UA"),
        ("安克雷奇", "Anchorage", "US"),
        ("安克拉治", "Anchorage", "US"),
        ("利雅得", "Riyadh", "SA"),
        ("利雅德", "Riyadh", "SA"),
        ("纽约", "New York City", "US"),
        ("紐約", "New York City", "US"),
        ("纽约州", "New York State", "US"),
        ("克里米亚", "Crimea", "UA"),
        ("首尔", "Seoul", "KR"),
        ("汉城", "Seoul", "KR"),
        ("雪梨", "Sydney", "AU"),
        ("悉尼", "Sydney", "AU"),
        ("日内瓦", "Geneva", "CH"),
        ("杜拜", "Dubai", "AE"),
        ("华盛顿", "Washington, D.C.", "US"),
        ("埃尔门多夫-理查森联合军事基地", "Joint Base Elmendorf-Richardson", "US"),
        ("钓鱼台国宾馆", "Diaoyutai State Guesthouse", "CN"),
        ("沙姆沙伊赫", "Sharm el-Sheikh", "EG"),
        ("加沙", "Gaza Strip", "PS"),
        ("加薩走廊", "Gaza Strip", "PS"),
        ("顿涅茨克", "Donetsk", "UA"),
        ("库皮扬斯克", "Kupiansk", "UA"),
        ("金门", "Kinmen", "TW"),
        ("德州", "Texas", "US"),
        ("苏州", "Suzhou", "CN"),
        ("俄國", "Russia", "RU"),
        ("南韩", "South Korea", "KR"),
        ("北韓", "North Korea", "KP"),
        ("沙烏地", "Saudi Arabia", "SA"),
        ("沙地阿拉伯", "Saudi Arabia", "SA"),
        ("阿联酋", "United Arab Emirates", "AE"),
        ("紐西蘭", "New Zealand", "NZ"),
        ("寮國", "Laos", "LA"),
        ("马来西亚", "Malaysia", "MY"),
        ("中国香港特别行政区", "Hong Kong", "HK"),
        ("臺灣", "Taiwan", "TW"),
        ("巴登符腾堡邦", "Baden-Wurttemberg", "DE"),
        ("黑森邦", "Hesse", "DE"),
        ("里尔", "Lille", "FR"),
        ("哈塔伊省", "Hatay", "TR"),
        ("梁赞", "Ryazan", "RU"),
        ("红军城", "Pokrovsk", "UA"),
        ("伊貝爾", "Erbil", "IQ"),
        ("柔佛長堤", "Johor-Singapore Causeway", None),
    ],
)
def test_a_name_finds_its_place(places, name, english, country):
    place = likeliest(places, name)
    assert (place.name_en, place.country) == (english, country)


@pytest.mark.parametrize(
    ("name", "entity"),
    [
        ("中东", "loc/middle-east"),
        ("南中国海", "loc/south-china-sea"),
        ("台海", "loc/taiwan-strait"),
        ("霍尔木兹海峡", "loc/strait-of-hormuz"),
        ("荷姆茲海峽", "loc/strait-of-hormuz"),
        ("印太", "loc/indo-pacific"),
        ("苏联", "loc/soviet-union"),
        ("中东欧", "loc/central-and-eastern-europe"),
    ],
)
def test_regions_and_seas_have_no_country(places, name, entity):
    place = likeliest(places, name)
    assert (place.entity_id, place.country) == (entity, None)


def test_countries_carry_their_code_and_names_of_three_regions(places):
    by_id = {place.entity_id: place for place in places}
    zealand = by_id["loc/new-zealand"]
    assert (zealand.kind, zealand.country, zealand.hans, zealand.hant) == ("country", "NZ", "新西兰", "紐西蘭")
    assert {"新西兰", "新西蘭", "紐西蘭", "纽西兰", "New Zealand"} <= set(zealand.names)
    assert {by_id[f"loc/{name}"].kind for name in ("united-states", "russia", "south-korea", "taiwan")} == {"country"}
    assert by_id["loc/hong-kong"].kind == "territory"
    assert sum(place.kind == "country" for place in places) >= 195


def test_every_country_has_one_entity(places):
    codes = Counter(place.country for place in places if place.kind in {"country", "territory"})
    assert [code for code, count in codes.items() if count > 1] == []


def test_every_un_member_in_the_news_has_a_capital(places):
    capitals = {place.country for place in places if place.kind == "capital"}
    assert {"US", "CN", "RU", "UA", "GB", "FR", "DE", "JP", "KR", "KP", "IN", "SA", "QA", "TR", "BR", "ZA"} <= capitals


def test_words_and_given_names_are_no_places(places):
    names = {name for place in places for name in place.names}
    assert names.isdisjoint({"中美", "中非", "和平", "太平", "胜利", "来宾", "三角洲", "北部地区", "查德", "伊丽莎白"})
    assert names.isdisjoint({"中部省", "中央省", "西部区", "Nice", "Central", "Reading"})


def test_large_cities_of_geonames_are_there_and_small_ones_are_not(places):
    assert likeliest(places, "景德镇").country == "CN"
    assert likeliest(places, "海德堡").country == "DE"
    found = [place for place in places if place.kind == "city" and place.prior < 0.7]
    assert len(found) > 1500
    assert all(0.3 <= place.prior <= 0.6 for place in found)


def test_subdivisions_come_from_iso_3166_2(places):
    assert likeliest(places, "神奈川县").country == "JP"
    assert likeliest(places, "青森县").country == "JP"
    assert likeliest(places, "萨斯喀彻温").country == "CA"


def test_rows_win_over_libraries(places):
    assert [p.entity_id for p in places if "基辅" in p.names] == ["loc/kyiv"]
    assert [p.entity_id for p in places if "安克雷奇" in p.names] == ["loc/anchorage"]
    assert [p.entity_id for p in places if "北京市" in p.names] == ["loc/beijing"]


def test_organizations_of_a_building_are_likelier_than_the_building(places):
    organizations = {o.entity_id: o for o in gazetteer.load_organizations(PACK)}
    by_id = {place.entity_id: place for place in places}
    for name in ("white-house", "kremlin"):
        assert organizations[f"org/{name}"].prior > by_id[f"loc/{name}"].prior


def test_loading_twice_gives_the_same(places):
    assert load_places(PACK) == places


def test_abbreviations_are_single_characters_of_known_places(places):
    with (PACK / "lexicon" / "country_abbreviations.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    ids = {place.entity_id for place in places}
    assert [row["abbreviation"] for row in rows if row["country"] not in ids or len(row["abbreviation"]) != 1] == []
    short = {row["abbreviation"]: row["country"] for row in rows}
    assert len(short) == len(rows)
    assert short["华"] == "loc/china"
    assert short["港"] == "loc/hong-kong"
    assert {row["abbreviation"]: row["hant"] for row in rows}["韩"] == "韓"


def write_person(folder: Path, roles: str) -> None:
    (folder / "authority").mkdir()
    row = f"ada-example,Ada Example,A. Example,阿达·示例|示例,艾達,,CH,{roles},,own"
    (folder / "authority" / "persons.csv").write_text(f"{PERSON_HEADER}\n{row}\n", encoding="utf-8")


def test_offices_of_people_are_read_with_their_days(tmp_path):
    from datetime import date

    write_person(tmp_path, "president@CH:2020-02..2021;adviser@nato:..2023-12;envoy@CH:2024-05-06..")
    (person,) = load_persons(tmp_path)
    assert person.entity_id == "per/ada-example"
    assert person.roles == (
        Role("president", "CH", date(2020, 2, 1), date(2021, 12, 31)),
        Role("adviser", "nato", None, date(2023, 12, 31)),
        Role("envoy", "CH", date(2024, 5, 6), None),
    )
    assert {"示例", "艾達", "艾达", "阿達·示例", "Ada Example", "A. Example"} <= set(person.names)
    assert person.hant == "艾達"


def test_the_last_day_of_february_depends_on_the_year(tmp_path):
    from datetime import date

    write_person(tmp_path, "president@CH:2024-02..2024-02;adviser@CH:2023-02..2023-02")
    (person,) = load_persons(tmp_path)
    assert [role.end for role in person.roles] == [date(2024, 2, 29), date(2023, 2, 28)]


@pytest.mark.parametrize("roles", ["president", "president@CH:2020", "president@CH:2020-13..", "president@CH:20..21"])
def test_an_office_that_cannot_be_read_is_refused_with_its_line(tmp_path, roles):
    write_person(tmp_path, roles)
    with pytest.raises(BroadsheetError) as caught:
        load_persons(tmp_path)
    finding = caught.value.finding
    assert (finding.code, finding.path, finding.line, finding.field) == ("value-invalid", "persons.csv", 2, "roles")


@given(st.text(max_size=40))
def test_a_slug_is_safe_and_stays_as_it_is(text):
    made = slug(text)
    assert re.fullmatch(r"([a-z0-9]+(-[a-z0-9]+)*)?", made)
    assert slug(made) == made


def test_slugs_lose_accents_only():
    assert slug("São Tomé and Príncipe") == "sao-tome-and-principe"
    assert slug("Łódź") == "lodz"
    assert slug("Tromsø") == "tromso"
