"""The organizations of the Chinese pack: the file itself, and what the gazetteer makes of it."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

import broadsheet
from broadsheet.annotate.gazetteer import Authority, load_organizations, load_persons, load_places, load_shields
from broadsheet.findings import BroadsheetError
from broadsheet.schema.strict_yaml import read_yaml

PACK = Path(broadsheet.__file__).parent / "packs" / "zh"
FILE = PACK / "authority" / "organizations.csv"
COLUMNS = ["id", "name_en", "latin", "hans", "tw", "hk", "country", "kind", "wikidata", "source"]
KINDS = {
    "government",
    "ministry",
    "parliament",
    "court",
    "military",
    "agency",
    "party",
    "alliance",
    "international_body",
    "armed_group",
    "media",
    "company",
    "platform",
    "ngo",
    "think_tank",
    "university",
    "central_bank",
    "other",
}


def read_rows() -> list[dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


ROWS = read_rows()


@pytest.fixture(scope="module")
def organizations() -> dict[str, Authority]:
    return {organization.entity_id: organization for organization in load_organizations(PACK)}


def bearers(organizations: dict[str, Authority], name: str) -> set[str]:
    return {key for key, organization in organizations.items() if name in organization.names}


def test_the_file_is_plain_utf8_with_unix_line_ends():
    content = FILE.read_bytes()
    assert not content.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in content
    assert content.decode("utf-8").splitlines()[0].split(",") == COLUMNS


def test_there_are_enough_rows_and_they_are_sorted_by_a_unique_id():
    ids = [row["id"] for row in ROWS]
    assert len(ids) >= 350
    assert ids == sorted(set(ids))
    assert [i for i in ids if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", i)] == []


def test_every_row_has_an_english_name_a_known_kind_and_a_source():
    assert [row["id"] for row in ROWS if not row["name_en"] or row["kind"] not in KINDS or not row["source"]] == []


def test_countries_are_iso_codes():
    import pycountry

    codes = {country.alpha_2 for country in pycountry.countries} | {"XK"}
    assert {row["country"] for row in ROWS if row["country"]} - codes == set()


def test_wikidata_ids_look_like_ids_and_are_used_once():
    items = [row["wikidata"] for row in ROWS if row["wikidata"]]
    assert [item for item in items if not re.fullmatch(r"Q[1-9]\d*", item)] == []
    assert [item for item, count in Counter(items).items() if count > 1] == []


def test_the_simplified_column_holds_no_traditional_character():
    from opencc import OpenCC

    convert = OpenCC("t2s").convert
    assert [(row["id"], row["hans"]) for row in ROWS if convert(row["hans"]) != row["hans"]] == []


def test_cells_have_no_stray_space_and_repeat_no_name():
    cells = [cell for row in ROWS for cell in (row["latin"], row["hans"], row["tw"], row["hk"]) if cell]
    names = [cell.split("|") for cell in cells]
    assert [n for n in names if len(n) != len(set(n)) or any(not name or name != name.strip() for name in n)] == []


def test_no_alias_has_one_character(organizations):
    assert [o.entity_id for o in organizations.values() if any(len(name) < 2 for name in o.names)] == []


@pytest.mark.parametrize(
    ("name", "entity"),
    [
        ("北约", "org/nato"),
        ("北大西洋公约组织", "org/nato"),
        ("NATO", "org/nato"),
        ("北約", "org/nato"),
        ("美国国务院", "org/us-state-department"),
        ("五角大楼", "org/us-defense-department"),
        ("五角大廈", "org/us-defense-department"),
        ("中情局", "org/cia"),
        ("中央情报局", "org/cia"),
        ("国家杜马", "org/russia-state-duma"),
        ("欧委会", "org/european-commission"),
        ("歐盟執委會", "org/european-commission"),
        ("欧洲议会", "org/european-parliament"),
        ("中央军委", "org/central-military-commission"),
        ("商务部", "org/china-mofcom"),
        ("东盟", "org/asean"),
        ("東協", "org/asean"),
        ("路透社", "org/reuters"),
        ("塔斯社", "org/tass"),
        ("德国之声中文网", "org/deutsche-welle-chinese"),
        ("FX168财经报社", "org/fx168"),
        ("真实社交", "org/truth-social"),
        ("真相社交", "org/truth-social"),
        ("哈瑪斯", "org/hamas"),
        ("臉書", "org/facebook"),
        ("俄罗斯天然气工业股份公司", "org/gazprom"),
        ("中芯国际", "org/smic"),
        ("聯準會", "org/federal-reserve"),
        ("國際特赦組織", "org/amnesty"),
        ("巴黎政治学院", "org/sciences-po"),
        ("审计法院", "org/cour-des-comptes"),
        ("斯图加特日报", "org/stuttgarter-zeitung"),
        ("三K党", "org/ku-klux-klan"),
        ("美军参谋首长联席会议", "org/us-joint-chiefs"),
        ("國際原子能機構理事會", "org/iaea-board-of-governors"),
        ("委内瑞拉国家电视台", "org/venezolana-de-television"),
        ("桑地诺民族解放阵线", "org/fsln"),
    ],
)
def test_a_name_finds_its_organization(organizations, name, entity):
    assert bearers(organizations, name) == {entity}


def test_a_countrys_soldiers_are_no_body_of_their_own(organizations):
    """The guide marks the country in 以军, 俄罗斯军队 and 美国军方, the body only in 以色列国防军."""
    soldiers = ["以军", "俄军", "乌军", "美军", "以色列军队", "俄罗斯军队", "乌克兰军方", "美国军方", "缅甸军方"]
    assert [name for name in soldiers if bearers(organizations, name)] == []
    assert bearers(organizations, "以色列国防军") == {"org/idf"}


def test_traditional_forms_are_generated_for_every_region(organizations):
    names = organizations["org/peoples-liberation-army"].names
    assert {"解放军", "解放軍", "中国人民解放军", "中國人民解放軍"} <= set(names)
    assert {"台灣央行", "臺灣央行", "台湾央行"} <= set(organizations["org/taiwan-bank"].names)
    assert organizations["org/asean"].hans == "东盟"
    assert organizations["org/asean"].hant == "東協"
    assert organizations["org/state-council-of-china"].hant == "國務院"


def test_a_weak_form_is_kept_apart_from_the_names(organizations):
    state = organizations["org/us-state-department"]
    assert state.weak == ("国务院", "國務院")
    assert "国务院" not in state.names
    assert bearers(organizations, "国务院") == {"org/state-council-of-china"}
    assert organizations["org/x"].weak == ("X",)


def test_english_names_that_are_words_are_no_aliases(organizations):
    assert bearers(organizations, "Apple") == set()
    assert "苹果公司" in organizations["org/apple"].names


def test_platforms_known_by_a_latin_name_have_it_in_both_scripts(organizations):
    tiktok = organizations["org/tiktok"]
    assert "TikTok" in tiktok.names
    telegram = organizations["org/telegram"]
    assert (telegram.hans, telegram.hant, telegram.names) == ("Telegram", "Telegram", ("Telegram",))


def test_loading_twice_gives_the_same_in_the_same_order():
    first, second = load_organizations(PACK), load_organizations(PACK)
    assert first == second
    assert [o.entity_id for o in first] == sorted(o.entity_id for o in first)
    assert all(list(o.names) == sorted(set(o.names)) for o in first)


def test_a_file_without_a_column_is_refused(tmp_path):
    (tmp_path / "authority").mkdir()
    (tmp_path / "authority" / "organizations.csv").write_text("id,name_en\nnato,NATO\n", encoding="utf-8")
    with pytest.raises(BroadsheetError) as caught:
        load_organizations(tmp_path)
    assert caught.value.finding.code == "columns-differ"
    assert "'latin'" in caught.value.finding.message


def test_a_row_with_a_missing_cell_is_refused_with_its_line(tmp_path):
    (tmp_path / "authority").mkdir()
    text = ",".join(COLUMNS) + "\nnato,NATO,,北约,,,,alliance,Q7184,own\neu,EU,,欧盟\n"
    (tmp_path / "authority" / "organizations.csv").write_text(text, encoding="utf-8")
    with pytest.raises(BroadsheetError) as caught:
        load_organizations(tmp_path)
    assert (caught.value.finding.code, caught.value.finding.line) == ("value-invalid", 3)


def test_ministries_name_organizations_that_exist(organizations):
    lexicon = read_yaml(PACK / "lexicon" / "ministries.yaml").value
    named = {target for entry in lexicon["ministries"] for target in entry.get("special", {}).values()}
    named |= {entry["default"] for entry in lexicon["ministries"] if "default" in entry}
    assert {f"org/{target}" for target in named} - set(organizations) == set()


def test_ministries_are_complete_and_no_suffix_stands_twice():
    lexicon = read_yaml(PACK / "lexicon" / "ministries.yaml").value
    entries = lexicon["ministries"]
    assert [e for e in entries if "{country}" not in e["id"] or "{country}" not in e["name_en"]] == []
    assert {entry["kind"] for entry in entries} <= KINDS
    suffixes = [suffix for entry in entries for suffix in entry["suffixes"]]
    assert [suffix for suffix, count in Counter(suffixes).items() if count > 1] == []
    assert {
        "外交部",
        "国防部",
        "财政部",
        "内政部",
        "司法部",
        "卫生部",
        "议会",
        "政府",
        "武装部队",
        "央行",
    } <= set(suffixes)


def test_a_shield_contains_a_name_and_is_none(organizations):
    here = {name for a in [*organizations.values(), *load_places(PACK)] for name in [*a.names, *a.weak]}
    names = here | {name for person in load_persons(PACK) for name in person.names}
    shields = load_shields(PACK)
    assert "发展中国家" in shields
    # A person may come to bear a shield's name (加西亚): the name then wins, so only places and organizations count.
    assert [s for s in shields if s in here] == []
    parts = {s: {s[i:j] for i in range(len(s)) for j in range(i + 2, len(s) + 1)} for s in shields}
    assert [s for s in shields if not parts[s] & names] == []
