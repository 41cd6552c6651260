"""The Chinese time grammar: what is found, and what it means.

Every expectation is worked out by hand with a calendar. The common anchor is Wednesday, 14 May 2025.
"""

import pickle
import time
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.annotate.times import Anchor, TimeGrammar, TimeValue, resolve
from broadsheet.findings import BroadsheetError

PACK = Path(str(files("broadsheet") / "packs" / "zh"))
GRAMMAR = TimeGrammar.load(PACK)
WEDNESDAY = date(2025, 5, 14)
# The day before yesterday: what a "previous" expression is counted from.
MONDAY = date(2025, 5, 12)
ANCHOR = Anchor(published=WEDNESDAY, previous=(MONDAY, MONDAY))


def value(sentence: str, direction=None, anchor: Anchor = ANCHOR, **options) -> TimeValue:
    """The value of the only expression of a sentence."""
    found = GRAMMAR.find(sentence)
    assert len(found) == 1, [match.text for match in found]
    return resolve(found[0], anchor, direction, **options)


def bounds(sentence: str, direction=None, anchor: Anchor = ANCHOR, **options) -> str:
    """As `start/end`, an open bound as `..`, or the problem."""
    got = value(sentence, direction, anchor, **options)
    if got.problem:
        return got.problem
    start, end = got.date_start or "..", got.date_end or ".."
    return str(start) if start == end else f"{start}/{end}"


@pytest.mark.parametrize("rule", GRAMMAR.lexicon.examples)
def test_every_rule_matches_its_examples_and_not_its_counterexamples(rule):
    like, unlike = GRAMMAR.lexicon.examples[rule]
    assert like
    assert unlike
    for text in like:
        assert rule in {match.rule for match in GRAMMAR.find(text)}, text
    for text in unlike:
        assert rule not in {match.rule for match in GRAMMAR.find(text)}, text


SPANS = [
    # stated days
    ("代表团2025年2月12日抵达", "2025年2月12日"),
    ("二〇二五年二月十二日公布", "二〇二五年二月十二日"),
    ("２０２５年２月１２日公布", "２０２５年２月１２日"),
    ("民國114年5月2日公告", "民國114年5月2日"),
    ("当地时间15日举行", "15日"),
    ("外长15日媒体见面会后", "15日"),
    ("部长18日记者会上", "18日"),
    ("总理18日内塔尼亚胡办公室称", "18日"),
    ("他于3月5日前往巴黎", "3月5日"),
    ("他2025年5月2号到", "2025年5月2号"),
    ("公报（9月1日）", "9月1日"),
    ("总统今（14）日宣布", "今（14）日"),
    # days of the week
    ("部长周三(5月14日)说", "周三(5月14日)"),
    ("部长周二（5月13日）说", "周二（5月13日）"),
    ("部長週三表示", "週三"),
    ("會議下個星期五舉行", "下個星期五"),
    ("日本周三宣布", "周三"),
    ("晚上周三见", "周三"),
    ("峰会5月14日（周三）开幕", "5月14日（周三）"),
    ("峰会5月14日星期三开幕", "5月14日星期三"),
    ("周三5月14日下午开幕", "周三5月14日下午"),
    ("总统周三晚些时候说", "周三晚些时候"),
    ("大会周日至周二(11至13日)召开", "周日至周二(11至13日)"),
    ("部长今天（5月14日）说", "今天（5月14日）"),
    # ranges
    ("会谈1月9日至10日举行", "1月9日至10日"),
    ("会谈8日至10日举行", "8日至10日"),
    ("访问5月30日到6月2日进行", "5月30日到6月2日"),
    ("在2019年至2021年间", "2019年至2021年"),
    ("他在2015、2016年两次到访", "2015、2016年"),
    ("展览周五至周日开放", "周五至周日"),
    # parts of the day
    ("会议15日上午10时举行", "15日上午10时"),
    ("会议15日晚8点半开始", "15日晚8点半"),
    ("记者会昨日下午3時30分舉行", "昨日下午3時30分"),
    ("爆炸在11月18日下午发生", "11月18日下午"),
    # lengths
    ("通话近90分钟。", "近90分钟"),
    ("通話90多分鐘。", "90多分鐘"),
    ("会谈持续了四个半小时。", "四个半小时"),
    ("会谈大约50分钟。", "大约50分钟"),
    ("会谈约两小时左右。", "约两小时左右"),
    ("附近3小时车程", "3小时"),
    ("停火10天内生效", "10天内"),
    ("三周之內完成", "三周之內"),
    # counted from here
    ("近三年前开始的项目", "近三年前"),
    ("今年 4月签约", "今年 4月"),
    ("自去年11月以来", "去年11月"),
    ("今年以来两国往来频繁", "今年以来"),
    ("周三之前他没有通话", "周三之前"),
    ("2014年之前的边界", "2014年"),
    ("2.2025年春天的计划", "2025年春天"),
    ("涨幅为3.20个百分点，用时7天才公布", "7天"),
    ("接下来的一年里", "接下来的一年里"),
]


@pytest.mark.parametrize(("sentence", "expected"), SPANS)
def test_the_expression_is_found_whole(sentence, expected):
    assert [match.text for match in GRAMMAR.find(sentence)] == [expected]


FALSE_FRIENDS = [
    "周恩来总理",
    "日内瓦会谈",
    "一日千里的发展",
    "损失10日元",
    "15日本企业参展",
    "2014年度报告",
    "每周三例会",
    "每月12日发薪",
    "同日本外相会谈",
    "当日本首相到访",
    "首次日本之行",
    "如今天气转暖",
    "今日头条网站",
    "第三天线",
    "四周环海",
    "建交四周年",
    "一年一度的集市",
    "百年未有的变局",
    "小时候的记忆",
    "十月革命广场",
    "五年计划",
    "三年级学生",
    "1号楼",
    "神舟二十号飞船",
    "天气预报",
    "基本周全",
    "G7日程",
    "证明天真",
]


@pytest.mark.parametrize("sentence", FALSE_FRIENDS)
def test_characters_of_other_words_are_no_time(sentence):
    assert GRAMMAR.find(sentence) == []


VALUES = [
    # stated in full: no anchor matters
    ("2024年2月29日", None, "2024-02-29"),
    ("2024-11-05", None, "2024-11-05"),
    ("二〇二四年十一月二十五日", None, "2024-11-25"),
    ("民國113年11月5日", None, "2024-11-05"),
    ("2024年11月", None, "2024-11-01/2024-11-30"),
    ("2024年11月底", None, "2024-11-21/2024-11-30"),
    ("2014年", None, "2014-01-01/2014-12-31"),
    ("一九九七年", None, "1997-01-01/1997-12-31"),
    ("2023年第三季度", None, "2023-07-01/2023-09-30"),
    ("2023年上半年", None, "2023-01-01/2023-06-30"),
    ("2023年夏季", None, "2023-06-01/2023-08-31"),
    ("2023年冬季", None, "2023-12-01/2024-02-29"),
    # day and month: the clause says which way
    ("3月5日", "past", "2025-03-05"),
    ("12月24日", "past", "2024-12-24"),
    ("9月1日", "future", "2025-09-01"),
    ("1月20日", "future", "2026-01-20"),
    ("1月20日", None, "2025-01-20"),
    ("6月1日", "past", "2025-06-01"),
    ("2月29日", "past", "2024-02-29"),
    ("12日", "past", "2025-05-12"),
    ("15日", "past", "2025-05-15"),
    ("20日", "past", "2025-04-20"),
    ("31日", "past", "2025-03-31"),
    ("20日", "future", "2025-05-20"),
    ("3日", "future", "2025-06-03"),
    ("20日", None, "2025-05-20"),
    ("十五日", None, "2025-05-15"),
    ("在20号", "future", "2025-05-20"),
    ("昨（13）日", "past", "2025-05-13"),
    ("本月8日", None, "2025-05-08"),
    ("上个月30日", None, "2025-04-30"),
    ("去年11月5日", None, "2024-11-05"),
    ("明年1月9至10日", None, "2026-01-09/2026-01-10"),
    # months
    ("3月", "past", "2025-03-01/2025-03-31"),
    ("10月", "past", "2024-10-01/2024-10-31"),
    ("10月", "future", "2025-10-01/2025-10-31"),
    ("三月份", None, "2025-03-01/2025-03-31"),
    ("4月初", "past", "2025-04-01/2025-04-10"),
    ("4月中旬", "past", "2025-04-11/2025-04-20"),
    ("二月下旬", "past", "2025-02-21/2025-02-28"),
    ("四月底", "past", "2025-04-21/2025-04-30"),
    ("3至4月", "past", "2025-03-01/2025-04-30"),
    ("11月至1月", "past", "2024-11-01/2025-01-31"),
    ("今年 4月", None, "2025-04-01/2025-04-30"),
    ("去年11月", None, "2024-11-01/2024-11-30"),
    ("上個月", None, "2025-04-01/2025-04-30"),
    ("下个月", None, "2025-06-01/2025-06-30"),
    ("上月底", None, "2025-04-21/2025-04-30"),
    ("月底", None, "2025-05-21/2025-05-31"),
    ("本（5）月", None, "2025-05-01/2025-05-31"),
    # years
    ("今年", None, "2025-01-01/2025-12-31"),
    ("去年", None, "2024-01-01/2024-12-31"),
    ("前年", None, "2023-01-01/2023-12-31"),
    ("去年年底", None, "2024-09-01/2024-12-31"),
    ("明年初", None, "2026-01-01/2026-04-30"),
    ("年底", None, "2025-09-01/2025-12-31"),
    ("去（2024）年", None, "2024-01-01/2024-12-31"),
    # days of the week: Wednesday is today
    ("周三", "past", "2025-05-14"),
    ("周三", "future", "2025-05-14"),
    ("周四", "past", "2025-05-08"),
    ("周四", "future", "2025-05-15"),
    ("周四", None, "2025-05-08"),
    ("星期天", "past", "2025-05-11"),
    ("上周五", "past", "2025-05-09"),
    ("本周一", None, "2025-05-12"),
    ("本周六", None, "2025-05-17"),
    ("下個禮拜一", None, "2025-05-19"),
    ("上上周日", None, "2025-05-04"),
    ("周二（5月6日）", "past", "2025-05-06"),
    ("5月6日（周二）", "past", "2025-05-06"),
    ("周二（6日）", "past", "2025-05-06"),
    # weeks
    ("本周", None, "2025-05-12/2025-05-18"),
    ("本周", "past", "2025-05-12/2025-05-14"),
    ("上周", "past", "2025-05-05/2025-05-11"),
    ("下週", "future", "2025-05-19/2025-05-25"),
    ("周末", "past", "2025-05-10/2025-05-11"),
    ("周末", "future", "2025-05-17/2025-05-18"),
    ("上周末", "past", "2025-05-10/2025-05-11"),
    # days counted from today
    ("昨天", None, "2025-05-13"),
    ("今早", None, "2025-05-14"),
    ("明日", None, "2025-05-15"),
    ("前天", None, "2025-05-12"),
    ("后天", None, "2025-05-16"),
    ("昨晚9點", None, "2025-05-13"),
    # ... and from what was mentioned before, Monday the 12th
    ("当天", None, "2025-05-12"),
    ("同一天", None, "2025-05-12"),
    ("前一天", None, "2025-05-11"),
    ("次日", None, "2025-05-13"),
    ("第二天", None, "2025-05-13"),
    ("同月20日", None, "2025-05-20"),
    ("次月1日", None, "2025-06-01"),
    ("同年3月5日", None, "2025-03-05"),
    ("次年5月", None, "2026-05-01/2026-05-31"),
    ("同年", None, "2025-01-01/2025-12-31"),
    ("前一周", None, "2025-05-05/2025-05-11"),
    ("前一个月", None, "2025-04-01/2025-04-30"),
    ("当月", None, "2025-05-01/2025-05-31"),
    # so long ago, so long after
    ("三天前", None, "2025-05-11"),
    ("两周前", None, "2025-04-28/2025-05-11"),
    ("三个月前", None, "2025-02-01/2025-02-28"),
    ("半年前", None, "2024-11-01/2024-11-30"),
    ("近三年前", None, "2022-01-01/2022-12-31"),
    ("三小时前", None, "2025-05-14"),
    ("三天后", None, "2025-05-15"),
    ("两年后", None, "2027-01-01/2027-12-31"),
    ("过去14天", None, "2025-04-30/2025-05-14"),
    ("未来三个月", None, "2025-05-14/2025-08-14"),
    ("两年来", None, "2023-05-14/2025-05-14"),
    # ranges
    ("1月9日至10日", "past", "2025-01-09/2025-01-10"),
    ("5月30日至6月2日", "future", "2025-05-30/2025-06-02"),
    ("12月30日至1月2日", "past", "2024-12-30/2025-01-02"),
    ("8日至10日", "past", "2025-05-08/2025-05-10"),
    ("28至2日", "past", "2025-04-28/2025-05-02"),
    ("周五至周日", "future", "2025-05-16/2025-05-18"),
    ("周日至周二(4至6日)", "past", "2025-05-04/2025-05-06"),
    ("昨天到今天", None, "2025-05-13/2025-05-14"),
    ("2019年至2021年", None, "2019-01-01/2021-12-31"),
    ("2015、2016年", None, "2015-01-01/2016-12-31"),
    # open on one side
    ("周一之前", "past", "../2025-05-12"),
    ("2014年之前", None, "../2013-12-31"),
    ("2030年前", None, "../2029-12-31"),
    ("年底前", None, "../2025-12-31"),
    ("5月30日前完成", "future", "../2025-05-30"),
    ("5月30日前往", "future", "2025-05-30"),
    ("自3月中以来", "past", "2025-03-01/.."),
    ("从7月1日开始", "future", "2025-07-01/.."),
    ("7月1日起", "future", "2025-07-01/.."),
    ("7月1日起诉", "past", "2025-07-01"),
    ("2022年后", None, "2022-01-01/.."),
    ("今年以来", None, "2025-01-01/2025-05-14"),
    # nothing can be said
    ("2月30日", None, "impossible"),
    ("2023年2月29日", None, "impossible"),
    ("2024年13月1日", None, "impossible"),
    ("2021年至2019年", None, "impossible"),
    ("近日", None, "vague"),
    ("几天之前", None, "vague"),
    ("三月前", None, "vague"),
    ("数月", None, "vague"),
]


@pytest.mark.parametrize(("sentence", "direction", "expected"), VALUES)
def test_value(sentence, direction, expected):
    assert bounds(sentence, direction) == expected


LENGTHS = [
    ("90分钟", 90, "PT1H30M", False),
    ("近90分钟", 90, "PT1H30M", True),
    ("90多分鐘", 90, "PT1H30M", True),
    ("一个半小时", 90, "PT1H30M", False),
    ("四個半小時", 270, "PT4H30M", False),
    ("近三小时", 180, "PT3H", True),
    ("半小时", 30, "PT30M", False),
    ("三刻钟", 45, "PT45M", False),
    ("1.5小时", 90, "PT1H30M", False),
    ("1小时20分", 80, "PT1H20M", False),
    ("两个多小时", 120, "PT2H", True),
    ("90秒", 2, "PT1M30S", False),
    ("24小时", 1440, "PT24H", False),
    ("十二天", 17280, "P12D", False),
    ("3周之内", 30240, "P3W", False),
    ("一百二十天", 172800, "P120D", False),
    ("90日", 129600, "P90D", False),
    ("17個月內", None, "P17M", False),
    ("三年多", None, "P3Y", True),
    ("两年半", None, "P30M", False),
    ("5到10年", None, "P5Y/P10Y", True),
    ("三至四小时", None, "PT3H/PT4H", True),
]


@pytest.mark.parametrize(("sentence", "minutes", "iso", "approximate"), LENGTHS)
def test_length(sentence, minutes, iso, approximate):
    got = value(sentence)
    assert (got.minutes, got.duration, got.approximate) == (minutes, iso, approximate)
    assert got.date_start is None
    assert GRAMMAR.find(sentence)[0].kind == "duration"


def test_a_quotation_is_counted_from_its_own_day():
    anchor = Anchor(published=WEDNESDAY, quoted=MONDAY)
    assert value("昨天", "past", anchor).date_start == date(2025, 5, 11)
    assert value("昨天", "past", anchor).basis == "quotation"
    assert bounds("周三", "past", anchor) == "2025-05-07"


def test_the_basis_is_named():
    assert value("2024年11月5日").basis == "stated"
    assert value("周三").basis == "publication"
    assert value("次日").basis == "previous"
    assert value("近日").basis == "none"


def test_precision_is_that_of_the_text():
    precisions = {text: value(text).precision for text in ("5月6日", "上周", "六月底", "去年11月", "2014年", "近日")}
    assert precisions == {
        "5月6日": "day",
        "上周": "day",
        "六月底": "day",
        "去年11月": "month",
        "2014年": "year",
        "近日": "none",
    }


def test_the_rule_and_the_text_go_with_the_value():
    got = value("部长週三（14日）說")
    assert (got.rule, got.text) == ("day", "週三（14日）")


@pytest.mark.parametrize("sentence", ["周三", "12日", "3月5日", "今年", "上周", "当天", "三天前", "同月12日", "月底"])
def test_without_an_anchor_only_what_is_stated_resolves(sentence):
    assert bounds(sentence, anchor=Anchor()) == "no-anchor"
    assert bounds("2024年11月5日", anchor=Anchor()) == "2024-11-05"
    assert bounds("周二（2024年11月5日）", anchor=Anchor()) == "2024-11-05"


def test_a_bare_day_takes_the_month_of_its_sentence():
    anchor = Anchor(published=WEDNESDAY, near=date(2024, 11, 5))
    assert bounds("12日", "past", anchor) == "2024-11-12"
    assert bounds("3月12日", "past", anchor) == "2025-03-12"


def test_the_same_day_needs_a_day():
    month = Anchor(published=WEDNESDAY, previous=(date(2025, 4, 1), date(2025, 4, 30)))
    assert bounds("当天", anchor=month) == "no-anchor"
    talks = Anchor(published=WEDNESDAY, previous=(date(2025, 5, 8), date(2025, 5, 10)))
    assert bounds("前一天", anchor=talks) == "2025-05-07"
    assert bounds("次日", anchor=talks) == "2025-05-11"
    assert bounds("次日", anchor=Anchor(previous=(None, date(2025, 5, 8)))) == "2025-05-09"


def test_a_past_week_is_cut_only_if_asked():
    assert bounds("本周", "past", clip=False) == "2025-05-12/2025-05-18"
    assert bounds("本周", "future") == "2025-05-12/2025-05-18"


def test_kinds():
    kinds = {text: GRAMMAR.find(text)[0].kind for text in ("周三", "上周", "8至10日", "90分钟", "三天前", "周三之前")}
    assert kinds == {
        "周三": "date",
        "上周": "interval",
        "8至10日": "interval",
        "90分钟": "duration",
        "三天前": "relative",
        "周三之前": "interval",
    }


def test_several_in_one_sentence():
    sentence = "部长15日说，2024年底前签署的协议在过去三个月里生效，下周一（19日）复会，会期约两天。"
    texts = [match.text for match in GRAMMAR.find(sentence)]
    assert texts == ["15日", "2024年底前", "过去三个月里", "下周一（19日）", "约两天"]


def test_matches_survive_the_way_between_processes():
    found = GRAMMAR.find("周三（14日）至周五在三天前")
    assert pickle.loads(pickle.dumps(found)) == found


PIECES = [
    "年",
    "月",
    "日",
    "周",
    "三",
    "12",
    "2025",
    "半",
    "个",
    "小时",
    "前",
    "后",
    "至",
    "、",
    "（",
    "）",
    "上",
    "本",
    "今",
    "多",
]


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=30).map("".join)))
@settings(deadline=None, max_examples=300)
def test_any_text_gives_ascending_spans_that_slice_and_resolve(text):
    end = 0
    for match in GRAMMAR.find(text):
        assert end <= match.start < match.end <= len(text)
        assert text[match.start : match.end] == match.text
        end = match.end
        for direction in ("past", "future", None):
            for anchor in (ANCHOR, Anchor(), Anchor(date.min, None, (date.min, date.min)), Anchor(date.max)):
                got = resolve(match, anchor, direction)
                assert got.rule
                assert not (got.date_start and got.date_end and got.date_start > got.date_end)
                assert (got.problem is None) == bool(got.date_start or got.date_end or got.duration)


@pytest.mark.parametrize("piece", ["1", "一", "1月", "周三（", "12日至", "多个", "上上", "今年 ", "几十", "2025-"])
def test_hostile_repetition_costs_linear_time(piece):
    begin = time.perf_counter()
    GRAMMAR.find(piece * (200_000 // len(piece)))
    assert time.perf_counter() - begin < 10


def pack(tmp_path: Path, old: str, new: str) -> Path:
    text = (PACK / "times.yaml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "times.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("old", "new", "code", "says"),
    [
        ("kind: interval", "kind: intervall", "value-invalid", "intervall"),
        ("resolver: weekday", "resolver: weekdey", "value-invalid", "weekdey"),
        ("clock: true", "clok: true", "key-unknown", "clok"),
        ("pattern: '{length}'", "pattern: '{lenght}'", "value-invalid", "lenght"),
        ("pattern: '{length}'", "pattern: '({length}'", "value-invalid", "regular expression"),
        ("id: month-day\n", "id: year\n", "value-invalid", "twice"),
        ("  周: 週", "  周周: 週", "value-invalid", "one character"),
        ("starts: [digit]", "starts: [digits]", "value-invalid", "digits"),
        ("glue:", "glu:", "key-unknown", "glu"),
    ],
)
def test_a_wrong_pack_is_refused_with_its_line(tmp_path, old, new, code, says):
    with pytest.raises(BroadsheetError) as caught:
        TimeGrammar.load(pack(tmp_path, old, new))
    assert caught.value.finding.code == code
    assert says in caught.value.finding.message
    assert caught.value.finding.line


def test_a_missing_pack_is_refused(tmp_path):
    with pytest.raises(BroadsheetError, match="file-unreadable"):
        TimeGrammar.load(tmp_path)


def test_the_engine_knows_no_chinese():
    import broadsheet.annotate.times as engine

    for module in Path(engine.__file__).parent.glob("*.py"):
        assert module.read_text(encoding="utf-8").isascii(), module.name
