"""English articles: names, times, discourse, cost; and one event told in two languages."""

import gc
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from annotate_tools import annotator, article, bounds, who
from english_tools import found, read, reports
from test_annotator import assert_sound

from broadsheet.engine import build
from broadsheet.project import load_project


@pytest.mark.parametrize(
    ("text", "names"),
    [
        # full names, and what is left of them afterwards
        (
            "Sergei Ryabkov spoke. Ryabkov left.",
            [("Sergei Ryabkov", "per/sergei-ryabkov"), ("Ryabkov", "per/sergei-ryabkov")],
        ),
        ("Ryabkov left.", []),
        ("Deputy Foreign Minister Ryabkov left.", [("Ryabkov", "per/sergei-ryabkov")]),
        ("Vladimir Putin's plan", [("Vladimir Putin", "per/vladimir-putin")]),
        ("Recep Tayyip Erdoğan", [("Recep Tayyip Erdoğan", "per/recep-tayyip-erdogan")]),
        # another person of that name
        ("Melania Trump smiled.", [("Melania Trump", "per/melania-trump")]),
        ("Theresa May resigned in May.", [("Theresa May", "per/theresa-may")]),
        # nations, never inside another word
        ("Russians and a Russian ship", [("Russians", "loc/russia"), ("Russian", "loc/russia")]),
        ("Indiana is not India.", [("Indiana", "loc/indiana"), ("India", "loc/india")]),
        ("He asked us about the US.", [("US", "loc/united-states")]),
        ("Two geese fly over the turkey.", []),
        # offices of state
        ("The Georgian Foreign Ministry", [("Georgian Foreign Ministry", "org/georgia-mfa")]),
        (
            "the Ministry of Foreign Affairs of Georgia",
            [("Ministry of Foreign Affairs of Georgia", "org/georgia-mfa")],
        ),
        # the power or the place
        ("Moscow said no.", [("Moscow", "org/government-of-russia")]),
        ("They met in Moscow.", [("Moscow", "loc/moscow")]),
        # names no list has
        ("President Tavi Rehanu came. Rehanu left.", [("Tavi Rehanu", "per/x"), ("Rehanu", "per/x")]),
        ('"No," said Orlo Pentti.', [("Orlo Pentti", "per/x")]),
        ("the Velden Trade Institute", [("Velden Trade Institute", "org/x")]),
        ("Big Blue Car", []),
    ],
)
def test_names(text: str, names: list[tuple[str, str]]) -> None:
    assert found(text) == names


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("Putin met Modi on Monday.", "2025-05-12"),
        ("Putin met Modi on 12 May 2025.", "2025-05-12"),
        ("Putin met Modi on Feb. 12.", "2025-02-12"),
        ("On Wednesday, February 12, 2025, Putin met Modi.", "2025-02-12"),
        ("Putin met Modi last week.", "2025-05-05/2025-05-11"),
        ("Putin met Modi yesterday.", "2025-05-13"),
        ("Putin will meet Modi tomorrow.", "2025-05-15"),
        ("Putin met Modi two days ago.", "2025-05-12"),
        ("Putin met Modi in Anchorage, Alaska, on Friday.", "2025-05-09"),
        ("Putin met Modi in March.", "2025-03-01/2025-03-31"),
        ("Putin met Modi for the first time since 2019.", "../2025-05-14"),
        ("On Monday Macron spoke, and on Tuesday Putin met Modi.", "2025-05-13"),
    ],
)
def test_when(text: str, when: str) -> None:
    (report,) = [r for r in reports(text) if r.type == "meeting"]
    assert bounds(report) == when


def test_abbreviations_end_no_sentence() -> None:
    (report,) = [r for r in reports("Mr. Putin, who met U.S. Gen. Modi, spoke on Feb. 3.") if r.type == "meeting"]
    assert set(who(report)) == {"per/vladimir-putin", "per/narendra-modi"}


def test_the_subject_of_a_later_verb_is_not_the_object_of_the_earlier() -> None:
    told = {r.type: who(r) for r in reports("Macron met Modi and visited Japan. Merz met Starmer. He visited Canada.")}
    assert told["visit"] == {"per/friedrich-merz": "initiator"}
    visits = [who(r) for r in reports("Macron met Modi and visited Japan.") if r.type == "visit"]
    assert visits == [{"per/emmanuel-macron": "initiator"}]


def test_who_speaks_in_a_quotation() -> None:
    text = '"Iran will not yield," Lavrov told reporters. "Israel attacked Iran on Monday." Later, Modi visited Japan.'
    told = {r.type: r for r in reports(text)}
    assert told["attack"].speaker_id == "per/sergey-lavrov"
    assert told["visit"].speaker_id is None


def test_a_speaker_without_a_known_name_is_nobody_else() -> None:
    text = 'China will push on. "China is strong," said the scholar.'
    assert [r for r in reports(text) if r.type == "statement"] == []


@pytest.mark.parametrize(
    "text", ["The US credit card giant said it was sorry.", "Iran met Iraq. An Iraqi cook said no."]
)
def test_a_country_that_only_modifies_a_word_does_not_speak(text: str) -> None:
    assert [r for r in reports(text) if r.type == "statement"] == []


def test_both_sides_are_the_parties_told_before() -> None:
    first, second = (r for r in reports("Xi met Modi on Monday. The two leaders held talks on Tuesday."))
    assert set(who(second)) == set(who(first)) == {"per/xi-jinping", "per/narendra-modi"}


def test_a_title_in_capital_letters_is_read() -> None:
    (report,) = read(title="Trump Meets Putin in Alaska").reports
    assert (report.type, report.field, report.place_id) == ("meeting", "title", "loc/alaska")


TEXT = (
    "U.S. President Donald Trump, the host, met Vladimir Putin's aides in “Anchorage”; he said: "
    "Erdoğan\u2019s on\u00a0Feb. 3."
)


@pytest.mark.parametrize("cut", range(0, len(TEXT), 7))
def test_any_piece_of_an_article_is_sound(cut: int) -> None:
    given = article(TEXT[cut:] + TEXT[:cut], TEXT[:cut], title=TEXT[cut : cut + 20], language="en")
    assert_sound(given, annotator().annotate(given))


def new(number: int) -> str:
    """A name, another for every number."""
    return f"Re{chr(97 + number % 26)}u{'o' * (number // 26)}"


LONG: dict[str, tuple[int, Callable[[int], str]]] = {
    "one name": (3_000, lambda n: "Putin " * n),
    "capital words": (3_000, lambda n: "Alpha Beta " * n),
    "capital letters": (20_000, lambda n: "A" * n),
    "offices": (2_000, lambda n: "president " * n),
    "offices of countries": (1_000, lambda n: "the Russian president " * n),
    "possessives": (1_500, lambda n: "Russia's " * n),
    "determiners": (4_000, lambda n: "the " * n + "Putin"),
    "events": (300, lambda n: "Putin met Modi, " * n),
    "events in one clause": (60, lambda n: "Putin met Modi and " * n),
    "quotations": (400, lambda n: 'Putin said: "' * n),
    "brackets": (1_500, lambda n: "Putin (" * n),
    "commas": (6_000, lambda n: "Putin" + ", " * n),
    "full stops": (10_000, lambda n: "J. " * n),
    "times": (1_500, lambda n: "Monday " * n + "Putin met Modi."),
    "digits": (20_000, lambda n: "1" * n),
    "numbers": (4_000, lambda n: "one " * n),
    "spaces": (20_000, lambda n: "Putin met" + " " * n + "Modi"),
    "given names": (2_000, lambda n: "Sergei Boris " * n),
    "learned names": (100, lambda n: " ".join(f"President Tavi {new(i)} left. {new(i)} came." for i in range(n))),
}  # fmt: skip


@pytest.mark.parametrize("what", LONG)
def test_four_times_the_text_costs_about_four_times_the_time(what: str) -> None:
    number, make = LONG[what]

    def seconds(times: int) -> float:
        given = article(make(number * times), language="en")
        gc.disable()
        try:
            start = time.process_time()
            annotator().annotate(given)
            return time.process_time() - start
        finally:
            gc.enable()

    short = max(min(seconds(1) for _ in range(2)), 0.005)
    assert seconds(4) < 9 * short


ZH = """---
title: 特朗普与普京通电话
date: 2025-02-13
---

美国总统特朗普2月12日与俄罗斯总统普京通了电话，通话持续近90分钟。特朗普邀请普京访问美国。
"""
EN = """---
title: Trump and Putin hold a long phone call
date: 2025-02-13
---

U.S. President Donald Trump spoke by phone with Russian President Vladimir Putin on Wednesday. Trump said so himself.
"""


def test_one_call_in_two_languages_is_one_event(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts/zh.md").write_text(ZH, encoding="utf-8")
    (tmp_path / "texts/en.md").write_text(EN, encoding="utf-8")
    (tmp_path / "datapackage.yaml").write_text("name: two\nsources:\n  - name: texts\n    files: texts/**\n")
    build(load_project(tmp_path), jobs=1)
    tables = {name: pq.read_table(tmp_path / f"build/{name}.parquet").to_pylist() for name in
              ("articles", "events", "event_reports", "entities")}  # fmt: skip
    languages = {row["article_id"]: row["language"] for row in tables["articles"]}
    assert sorted(languages.values()) == ["en", "zh-Hans"]
    (call,) = [row for row in tables["events"] if row["type"] == "call"]
    told = [row for row in tables["event_reports"] if row["event_id"] == call["event_id"]]
    assert {languages[row["article_id"]] for row in told} == {"en", "zh-Hans"}
    assert str(call["date_start"]) == str(call["date_end"]) == "2025-02-12"
    names = {row["entity_id"]: row["name_en"] for row in tables["entities"]}
    assert (names["per/donald-trump"], names["per/vladimir-putin"]) == ("Donald Trump", "Vladimir Putin")
