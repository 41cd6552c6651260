"""English frames: at least one sentence, and one that must not be taken for it, per frame; written for these tests.

The articles are of Wednesday, 14 May 2025.
"""

import pytest
from annotate_tools import annotator, bounds
from english_tools import reports
from frame_examples import Example, report_of

PACK = annotator().pack("en")
UNDATED = "../2025-05-14"
MONDAY = "2025-05-12"
E_ = Example
EXAMPLES = [
    # calls
    E_("call.ring", "Macron called Zelensky on May 12.", "call", "Macron:i Zelensky:p", MONDAY),
    E_("call.speak", "Trump spoke by phone with Putin on Monday.", "call", "Trump:p Putin:p", MONDAY),
    E_("call.speak", "Modi spoke to Starmer over the phone yesterday.", "call", "Modi:p Starmer:p", "2025-05-13"),
    E_("call.converse", "Trump's call with Putin on 12 May lasted long.", "call", "Trump:p Putin:p", MONDAY),
    E_("call.converse", "Merz had a phone call with Macron on Monday.", "call", "Merz:p Macron:p", MONDAY),
    # meetings
    E_("meeting.meet", "Rubio met with Lavrov in Riyadh on Monday.", "meeting", "Rubio:p Lavrov:p", MONDAY),
    E_("meeting.meet", "Starmer and Modi met in London on May 12, 2025.", "meeting", "Starmer:p Modi:p", MONDAY),
    E_("meeting.meet", "Macron met German Chancellor Friedrich Merz.", "meeting", "Macron:p Merz:p", UNDATED),
    E_("meeting.session", "A meeting between Xi and Putin took place on Monday.", "meeting", "Xi:p Putin:p", MONDAY),
    E_("meeting.receive", "Putin welcomed Modi on Monday.", "meeting", "Putin:h Modi:p", MONDAY),
    E_("summit.summit", "Macron held a summit with Merz on Monday.", "summit", "Macron:p Merz:p", MONDAY),
    E_("talks.hold", "Talks between Russia and Ukraine began on Monday.", "talks", "RU:p UA:p", MONDAY),
    E_("talks.hold", "Lavrov held talks with Wang Yi on May 12.", "talks", "Lavrov:p Wang:p", MONDAY),
    # visits and invitations
    E_("visit.visit", "Macron visited China on Monday.", "visit", "Macron:i", MONDAY),
    E_("visit.visit", "Modi paid a visit to France on Monday.", "visit", "Modi:i", MONDAY),
    E_("visit.arrive", "Modi arrived in Moscow on Monday.", "visit", "Modi:i", MONDAY),
    E_("invitation.invite", "Putin invited Trump to Moscow on Monday.", "invitation", "Putin:i Trump:t", MONDAY),
    E_("invitation.invited", "Merz was invited by Macron on Monday.", "invitation", "Macron:i Merz:t", MONDAY),
    E_("invitation.at", "Modi came at the invitation of Putin.", "invitation", "Putin:i Modi:t", UNDATED),
    # statements
    E_("statement.say", "Rubio said on Monday that it was hard.", "statement", "Rubio:i", MONDAY),
    E_("statement.say", '"It is hard," said Lavrov.', "statement", "Lavrov:i", UNDATED),
    E_("statement.tell", "Zelensky told Macron on Monday it was hard.", "statement", "Zelensky:i Macron:t", MONDAY),
    E_("statement.publish", "Zelensky issued a statement on Monday.", "statement", "Zelensky:i", MONDAY),
    # agreements
    E_("agreement.reach", "China and France reached a trade deal on Monday.", "agreement", "CN:p FR:p", MONDAY),
    E_("agreement.sign", "Putin signed a gas contract with Modi on Monday.", "agreement", "Putin:p Modi:p", MONDAY),
    E_("agreement.agree", "Trump and Putin agreed to stop.", "agreement", "Trump:p Putin:p", UNDATED),
    E_("ceasefire.start", "India and Pakistan announced a ceasefire on Monday.", "ceasefire", "IN:p PK:p", MONDAY),
    # what one says to another
    E_("promise.promise", "Merz promised Zelensky further help on Monday.", "promise", "Merz:i Zelensky:t", MONDAY),
    E_("demand.demand", "On Monday Zelensky urged Russia to leave.", "demand", "Zelensky:i RU:t", MONDAY),
    E_("accusation.accuse", "India accused Pakistan of bad faith.", "accusation", "IN:i PK:t", UNDATED),
    E_("accusation.accused", "Pakistan was accused by India of bad faith.", "accusation", "IN:i PK:t", UNDATED),
    E_("rejection.reject", "Iran rejected the claim on Monday.", "rejection", "IR:i", UNDATED),
    E_("threat.threaten", "Trump threatened Iran on Monday.", "threat", "Trump:i IR:t", MONDAY),
    # sanctions, aid, releases
    E_("release.free", "Israel released ninety prisoners on Monday.", "release_exchange", "IL:i", MONDAY),
    E_("release.freed", "Two Israelis were freed by Hamas on Monday.", "release_exchange", "Hamas:i IL:t", MONDAY),
    E_("release.swap", "Russia and Ukraine held a prisoner swap on Monday.", "release_exchange", "RU:p UA:p", MONDAY),
    E_("sanction.impose", "Britain imposed sanctions on Russia on Monday.", "sanction", "UK:i RU:t", MONDAY),
    E_("sanction.target", "Canada sanctioned Russian banks on Monday.", "sanction", "CA:i RU:t", MONDAY),
    E_("sanction.imposed", "Sanctions imposed by Canada on Iran hurt.", "sanction", "CA:i IR:t", UNDATED),
    E_("sanction-relief.lift", "Britain lifted sanctions on Syria on Monday.", "sanction_relief", "UK:i SY:t", MONDAY),
    E_("aid.give", "Germany sent missiles to Ukraine on Monday.", "aid", "DE:i UA:t", MONDAY),
    # force
    E_("attack.strike", "Russia attacked Ukraine on Monday.", "attack", "RU:i UA:t", MONDAY),
    E_("attack.struck", "Ukraine was attacked by Russia on Monday.", "attack", "RU:i UA:t", MONDAY),
    E_("attack.attack", "Russian missile strikes on Ukraine killed two.", "attack", "RU:i UA:t", UNDATED),
    E_("invasion.invade", "Russia invaded Ukraine on February 24, 2022.", "invasion", "RU:i UA:t", "2022-02-24"),
    E_("invasion.invasion", "Russia's invasion of Ukraine shook many.", "invasion", "RU:i UA:t", UNDATED),
    E_("withdrawal.withdraw", "NATO withdrew its troops on Monday.", "withdrawal", "NATO:i", MONDAY),
    E_("expulsion.expel", "Poland expelled two Russian diplomats on Monday.", "expulsion", "PL:i RU:t", MONDAY),
    E_("arrest.arrest", "Turkish police arrested three men on Monday.", "arrest", "TR:i", MONDAY),
    E_("arrest.arrested", "Peskov was arrested by Turkish police on Monday.", "arrest", "TR:i Peskov:t", MONDAY),
    # offices, laws
    E_("appointment.appoint", "Putin appointed Sergei Shoigu as envoy.", "appointment", "Putin:i Shoigu:t", UNDATED),
    E_("election.win", "Anthony Albanese won the election on May 3.", "election", "Albanese:p", "2025-05-03"),
    E_("other.law", "Lithuania passed a new law on Monday.", "other", "LT:i", MONDAY),
    E_("other.leave", "Lithuania joined NATO in 2004.", "other", "LT:i", "2004-01-01/2004-12-31"),
]  # fmt: skip

COUNTER_EXAMPLES = {
    "call.ring": "Trump called Putin a friend.",
    "call.speak": "Trump spoke of Putin in a book about phones.",
    "call.converse": "Macron and Merz repeated a call for calm.",
    "meeting.meet": "Russia and China met the deadline.",
    "meeting.session": "Macron and Merz walked past the meeting room.",
    "meeting.receive": "Putin welcomed the decision.",
    "summit.summit": "Macron summited a mountain with Merz.",
    "talks.hold": "Macron talks about Merz.",
    "visit.visit": "Macron praised the visitors from China.",
    "visit.arrive": "The parcel of Macron arrived late.",
    "invitation.invite": "Putin lost his invitation to Trump.",
    "invitation.invited": "Merz is inviting Macron.",
    "invitation.at": "Modi liked the invitation by Putin.",
    "statement.say": "Rubio is a man of few sayings.",
    "statement.tell": "Rubio can tell a joke.",
    "statement.publish": "Zelensky gave a smile.",
    "agreement.reach": "China and France reached the final.",
    "agreement.sign": "Putin signed a football.",
    "agreement.agree": "Trump and Putin are agreeable men.",
    "ceasefire.start": "India and Pakistan study the history of a truce.",
    "promise.promise": "Merz is a promising leader.",
    "demand.demand": "Merz asked a question.",
    "accusation.accuse": "India approved the plan.",
    "accusation.accused": "Pakistan was praised by India.",
    "rejection.reject": "Iran denied reporters entry.",
    "threat.threaten": "Trump likes thrillers.",
    "release.free": "Israel released a statement.",
    "release.freed": "Iran was free of snow.",
    "release.swap": "Russia and Ukraine swapped seats.",
    "sanction.impose": "Britain imposed order.",
    "sanction.target": "Canada studied Russian banks.",
    "sanction.imposed": "Sanctions hurt Iran.",
    "sanction-relief.lift": "Britain lifted a ban on pets.",
    "aid.give": "Germany sent a letter to Ukraine.",
    "attack.strike": "Russia hit a record.",
    "attack.struck": "Ukraine was praised by Poland.",
    "attack.attack": "Russian workers went on strike.",
    "invasion.invade": "Russia invented a game.",
    "invasion.invasion": "Russia saw an invasion of moths.",
    "withdrawal.withdraw": "NATO withdrew a remark.",
    "expulsion.expel": "Poland expelled air.",
    "arrest.arrest": "Turkish police noted arresting views.",
    "arrest.arrested": "Peskov was arresting.",
    "appointment.appoint": "Putin named a horse.",
    "election.win": "Albanese won the lottery.",
    "other.law": "Lithuania passed a test.",
    "other.leave": "Lithuania left the field.",
}


def test_every_frame_has_an_example_and_a_counterexample() -> None:
    assert PACK
    frames = sorted(frame.id for frame in PACK.frames)
    assert sorted({example.rule for example in EXAMPLES}) == frames
    assert sorted(COUNTER_EXAMPLES) == frames


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_example(example: Example) -> None:
    found = reports(example.text)
    report = report_of(found, example)
    assert bounds(report) == example.when


@pytest.mark.parametrize("rule", COUNTER_EXAMPLES)
def test_counterexample(rule: str) -> None:
    assert rule not in {r.rule for r in reports(COUNTER_EXAMPLES[rule])}


@pytest.mark.parametrize(
    ("text", "kind", "status", "when"),
    [
        ("Zelensky refused to meet Putin.", "meeting", "unrealized", "../2025-05-14"),
        ("Putin did not meet Zelensky.", "meeting", "unrealized", "../2025-05-14"),
        ("Putin never spoke by phone with Zelensky.", "call", "unrealized", "../2025-05-14"),
        ("If Putin meets Zelensky, peace is near.", "meeting", "unrealized", ""),
        ("Trump might meet Putin.", "meeting", "unrealized", ""),
        ("Trump wants to meet Putin.", "meeting", "unrealized", ""),
        ("Macron will visit China next week.", "visit", "scheduled", "2025-05-19/2025-05-25"),
        ("Modi plans to visit Moscow.", "visit", "scheduled", ""),
        ("Trump is set to meet Putin on Friday.", "meeting", "scheduled", "2025-05-16"),
        ("Trump said he would meet Putin tomorrow.", "meeting", "scheduled", "2025-05-15"),
        ("Wang Yi is to visit Japan on May 20, but the trip was cancelled.", "visit", "unrealized", "2025-05-20"),
        ("Will Smith watched as Putin met Modi.", "meeting", "occurred", UNDATED),
    ],
)
def test_status(text: str, kind: str, status: str, when: str) -> None:
    (report,) = [r for r in reports(text) if r.type == kind]
    assert (report.status, bounds(report)) == (status, when)
