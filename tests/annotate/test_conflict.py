"""Events of force and politics in one article: which are one, and whom they befall."""

from annotate_tools import reports, who
from frame_examples import people


def test_both_sides_strike_in_two_events() -> None:
    told = [r for r in reports("俄军5月12日空袭乌克兰。乌军5月12日炮击俄罗斯。") if r.type == "attack"]
    assert [who(r) for r in told] == [people("RU:i UA:t"), people("UA:i RU:t")]
    assert len({r.event_key for r in told}) == 2


def test_the_same_side_struck_in_two_ways_is_one_event() -> None:
    told = reports("俄军5月12日打击乌军阵地，摧毁乌军两处仓库。")
    assert [r.rule for r in told] == ["attack.hit", "military.act"]
    assert len({r.event_key for r in told}) == 1


def test_other_kinds_of_acts_of_one_country_are_other_events() -> None:
    told = reports("5月12日，日本发生火灾。5月12日，日本退出一项条约。")
    assert [r.rule for r in told] == ["other.disaster", "other.leave"]
    assert len({r.event_key for r in told}) == 2


def test_a_headline_joins_its_own_kind_only() -> None:
    told = reports("5月12日，日本退出一项条约。", "5月12日，日本发生火灾。", title="日本发生火灾")
    headline, treaty, fire = (
        next(r for r in told if match(r))
        for match in (
            lambda r: r.field == "title",
            lambda r: r.rule == "other.leave",
            lambda r: r.rule == "other.disaster",
        )
    )
    assert headline.event_key == fire.event_key != treaty.event_key


def test_the_place_of_a_clause_of_its_own_takes_part() -> None:
    (report,) = reports("在土耳其，5月12日发生强烈地震。")
    assert who(report) == people("TR:p")


def test_what_befalls_a_place_does_not_befall_who_spoke_before() -> None:
    told = reports("王毅5月12日表示满意，一座大桥5月12日通车。")
    assert "other.opening" not in {r.rule for r in told}


def test_a_mark_of_the_passive_counts_in_its_own_clause() -> None:
    told = [r for r in reports("俄军5月12日清剿被围士兵，击退乌军进攻。") if r.rule == "military.repel"]
    assert [who(r) for r in told] == [people("RU:i UA:t")]


def test_the_country_is_the_one_whose_press_is_quoted() -> None:
    told = [r for r in reports("据日本媒体报道，该国南部5月12日发生爆炸。") if r.type == "other"]
    assert [who(r) for r in told] == [people("JP:p")]


def test_the_opposition_is_no_refusal() -> None:
    (report,) = reports("法国反对派5月12日上街抗议。")
    assert (report.type, report.status, who(report)) == ("protest", "occurred", people("FR:i"))


def test_nobody_is_party_to_an_election_but_where_it_is() -> None:
    told = [r for r in reports("莫迪在美国总统大选前抵达法国。") if r.type == "election"]
    assert [who(r) for r in told] == [people("US:p")]


def test_a_group_without_a_name_is_not_the_speaker_before_it() -> None:
    told = reports("默茨5月12日表示满意，示威者在街头举行集会。")
    assert "protest.march" not in {r.rule for r in told}
