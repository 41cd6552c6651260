"""The English pack: data that hangs together, and hangs together with the pack whose people it shares."""

import csv
from pathlib import Path

import pytest

from broadsheet.annotate.compiled import fingerprint
from broadsheet.annotate.frames import event_types
from broadsheet.annotate.latin import family_name
from broadsheet.annotate.pack import PACKS, Pack, languages, pack_folders
from broadsheet.annotate.times import TimeGrammar

FOLDER = PACKS / "en"
PACK = Pack(FOLDER)
OTHER = Pack(PACKS / "zh")
TIMES = TimeGrammar.load(FOLDER)
EXAMPLES = [(rule, text) for rule, (like, _) in TIMES.lexicon.examples.items() for text in like]
COUNTER_EXAMPLES = [(rule, text) for rule, (_, unlike) in TIMES.lexicon.examples.items() for text in unlike]


def rows(file: str) -> list[dict[str, str]]:
    with (FOLDER / file).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_it_is_one_of_the_packs() -> None:
    assert FOLDER in pack_folders()
    assert languages(FOLDER) == ("en",)


def test_ids_are_those_of_the_other_pack() -> None:
    assert set(PACK.by_id) <= set(OTHER.by_id)
    for entity, known in PACK.by_id.items():
        other = OTHER.by_id[entity]
        assert (known.hans, known.hant, known.name_en, known.country) == (
            other.hans, other.hant, other.name_en, other.country
        )  # fmt: skip


def test_most_people_and_bodies_have_a_name() -> None:
    for kind, most in (("person", 0.99), ("organization", 0.95)):
        theirs = [a.entity_id for a in OTHER.authorities if a.type == kind]
        assert sum(entity in PACK.by_id for entity in theirs) >= most * len(theirs)


def test_no_name_has_an_ideograph_or_one_letter() -> None:
    names = [name for a in PACK.authorities for name in (*a.names, *a.weak)]
    assert len(names) > 9000
    assert [name for name in names if any(ord(letter) >= 0x2E80 for letter in name)] == []
    assert [name for a in PACK.authorities for name in a.names if len(name) < 2] == []


def test_aliases_are_of_known_entities_sorted_and_given_once() -> None:
    listed = rows("authority/aliases.csv")
    ids = [row["id"] for row in listed]
    assert ids == sorted(set(ids))
    assert set(ids) <= set(OTHER.by_id)
    assert all(row["source"] and row["names"] for row in listed)


def test_a_nation_for_every_country_that_is_in_the_news() -> None:
    named = {row["id"] for row in rows("authority/aliases.csv")}
    members = "argentina australia brazil canada china france germany india indonesia italy japan mexico russia"
    members += " saudi-arabia south-africa south-korea turkey united-kingdom united-states ukraine israel iran"
    assert {f"loc/{country}" for country in members.split()} <= named


def test_roles_are_keys_of_the_other_pack() -> None:
    with (PACKS / "zh/lexicon/roles.csv").open(encoding="utf-8", newline="") as stream:
        known = {row["role"] for row in csv.DictReader(stream)}
    assert {role for roles in PACK.role_of.values() for role in roles if role not in known} <= {
        "counterpart",
        "diplomat",
        "director",
    }
    assert all(word == word.lower() for word in PACK.role_of)


def test_ministries_have_the_ids_of_the_other_pack() -> None:
    theirs = [(entry["id"], entry["name_en"], entry.get("special", {})) for entry in OTHER.ministries.values()]
    for suffix, entry in PACK.ministries.items():
        if suffix != "State Department":  # so called in one country only
            assert (entry["id"], entry["name_en"], entry.get("special", {})) in theirs


def test_event_types_say_what_those_of_the_other_pack_say() -> None:
    own, theirs = event_types(FOLDER), event_types(PACKS / "zh")
    assert len(own) >= 20
    assert {name: theirs[name] for name in own} == own


def test_the_fingerprint_depends_on_the_borrowed_files(tmp_path: Path) -> None:
    for name in ("zh", "en"):
        (tmp_path / name / "authority").mkdir(parents=True)
    (tmp_path / "en/pack.yaml").write_text("languages: [en]\nauthority: ../zh\n")
    (tmp_path / "zh/authority/persons.csv").write_text("id\n")
    before = fingerprint(tmp_path / "en")
    (tmp_path / "zh/authority/persons.csv").write_text("id\nx\n")
    assert fingerprint(tmp_path / "en") != before


@pytest.mark.parametrize(
    ("name", "country", "short"),
    [
        ("Vladimir Putin", "RU", "Putin"),
        ("Ursula von der Leyen", None, "von der Leyen"),
        ("Donald Trump Jr.", "US", "Trump"),
        ("Wang Yi", "CN", None),
        ("Mao Ning", "CN", "Mao"),
        ("Tsai Ing-wen", "TW", "Tsai"),
        ("Eric Chu", "TW", None),
        ("Lula", "BR", None),
        ("Theresa May", "GB", None),
    ],
)
def test_family_names(name: str, country: str | None, short: str | None) -> None:
    assert family_name(name, country, PACK.names) == short


@pytest.mark.parametrize(("rule", "text"), EXAMPLES, ids=str)
def test_times_like(rule: str, text: str) -> None:
    assert rule in {match.rule for match in TIMES.find(text)}


@pytest.mark.parametrize(("rule", "text"), COUNTER_EXAMPLES, ids=str)
def test_times_unlike(rule: str, text: str) -> None:
    assert rule not in {match.rule for match in TIMES.find(text) if match.text == text}
