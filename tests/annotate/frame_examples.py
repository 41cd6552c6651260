"""At least one sentence, and one that must not be taken for it, per event frame of the Chinese pack.

Every sentence was written for these tests; participants, status and dates follow the guide of the hand annotation. The
articles are of Wednesday, 14 May 2025.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from annotate_tools import who

from broadsheet.annotate import ReportDraft

NAMES = {
    "Trump": "per/donald-trump",
    "Rubio": "per/marco-rubio",
    "Putin": "per/vladimir-putin",
    "Lavrov": "per/sergey-lavrov",
    "Peskov": "per/dmitry-peskov",
    "Shoigu": "per/sergei-shoigu",
    "Zelensky": "per/volodymyr-zelensky",
    "Macron": "per/emmanuel-macron",
    "Merz": "per/friedrich-merz",
    "Starmer": "per/keir-starmer",
    "Modi": "per/narendra-modi",
    "Wang": "per/wang-yi",
    "Xi": "per/xi-jinping",
    "Ishiba": "per/shigeru-ishiba",
    "Albanese": "per/anthony-albanese",
    "US": "loc/united-states",
    "RU": "loc/russia",
    "UA": "loc/ukraine",
    "CN": "loc/china",
    "PS": "loc/palestine",
    "JP": "loc/japan",
    "UK": "loc/united-kingdom",
    "DE": "loc/germany",
    "FR": "loc/france",
    "PL": "loc/poland",
    "LT": "loc/lithuania",
    "CA": "loc/canada",
    "IN": "loc/india",
    "PK": "loc/pakistan",
    "IR": "loc/iran",
    "IL": "loc/israel",
    "SY": "loc/syria",
    "TR": "loc/turkey",
    "EU": "org/european-union",
    "NATO": "org/nato",
    "Hamas": "org/hamas",
    "Congress": "org/us-congress",
    "USgov": "org/us-government",
    "HK": "loc/hong-kong",
    "SCOTUS": "org/us-supreme-court",
    "Kremlin": "org/kremlin",
    "Times": "org/new-york-times",
    "WhiteHouse": "org/white-house",
}
ROLES = {"i": "initiator", "p": "participant", "t": "target", "h": "host"}


def people(text: str) -> dict[str, str]:
    """`Trump:p Putin:p` as {entity id: role}."""
    pairs = (part.split(":") for part in text.split())
    return {NAMES[name]: ROLES[role] for name, role in pairs}


@dataclass(frozen=True)
class Example:
    """A sentence that tells one event by one frame.

    Attributes:
        rule: Id of the frame.
        text: One sentence, or two where the second needs the first.
        type: Of the event.
        who: Participants by role, as `people` reads them.
        when: Bounds of the event: a day, `start/end`, or nothing.
        status: Of the event.
    """

    rule: str
    text: str
    type: str
    who: str
    when: str
    status: str = "occurred"

    def __str__(self) -> str:
        return f"{self.rule} {self.text}"


def report_of(found: Sequence[ReportDraft], example: Example) -> ReportDraft:
    """The report that the frame of an example gives: its type, status, participants and words are those expected."""
    own = [report for report in found if report.rule == example.rule]
    assert own, [(report.rule, report.trigger) for report in found]
    report = own[0]
    assert (report.type, report.status) == (example.type, example.status)
    assert who(report) == people(example.who)
    assert report.trigger in example.text[report.start : report.end]
    return report


UNDATED = "../2025-05-14"
MONDAY = "2025-05-12"
E_ = Example
EXAMPLES = [
    # calls
    E_("call.converse", "特朗普5月12日与普京通了电话。", "call", "Trump:p Putin:p", MONDAY),
    E_("call.converse", "马克龙和默茨周一举行了视频通话。", "call", "Macron:p Merz:p", MONDAY),
    E_("call.converse", "中国外交部长王毅昨天同法国总统马克龙通电话。", "call", "Wang:p Macron:p", "2025-05-13"),
    E_("call.converse", "特朗普與普丁5月12日的通話持續很久。", "call", "Trump:p Putin:p", MONDAY),
    E_("call.ring", "马克龙5月12日致电泽连斯基。", "call", "Macron:i Zelensky:p", MONDAY),
    E_("call.ring-to", "默茨昨天给莫迪打了电话。", "call", "Merz:i Modi:p", "2025-05-13"),
    # meetings
    E_("meeting.meet", "王毅5月12日会见了拉夫罗夫。", "meeting", "Wang:p Lavrov:p", MONDAY),
    E_("meeting.meet", "莫迪5月12日拜會馬克龍。", "meeting", "Modi:p Macron:p", MONDAY),
    E_("meeting.meet", "斯塔默与莫迪5月12日在伦敦会晤。", "meeting", "Starmer:p Modi:p", MONDAY),
    E_("meeting.meet", "5月12日，习近平在北京会见法国总统马克龙。", "meeting", "Xi:p Macron:p", MONDAY),
    E_("meeting.receive", "普京5月12日在机场迎接莫迪。", "meeting", "Putin:h Modi:p", MONDAY),
    E_("meeting.session", "欧盟外长会议5月12日在布鲁塞尔举行。", "meeting", "EU:p", MONDAY),
    E_("meeting.chair", "特朗普5月12日会见了普京。鲁比奥也出席。", "meeting", "Rubio:p Trump:p Putin:p", MONDAY),
    E_("summit.summit", "欧盟峰会5月12日在布鲁塞尔举行。", "summit", "EU:p", MONDAY),
    E_("summit.summit", "中国和法国5月12日举行领导人会晤。", "summit", "CN:p FR:p", MONDAY),
    E_("summit.summit", "中国与法国5月12日举行首脑会晤。", "summit", "CN:p FR:p", MONDAY),
    E_("talks.hold", "王毅5月12日同拉夫罗夫举行会谈。", "talks", "Wang:p Lavrov:p", MONDAY),
    E_("talks.hold", "王毅5月12日与拉夫罗夫举行战略沟通。", "talks", "Wang:p Lavrov:p", MONDAY),
    E_("talks.hold", "美国与伊朗的谈判5月12日重启。", "talks", "US:p IR:p", MONDAY),
    # visits and invitations
    E_("visit.visit", "马克龙5月12日访问中国。", "visit", "Macron:i", MONDAY),
    E_("visit.visit", "莫迪5月12日赴法国出席论坛。", "visit", "Modi:i", MONDAY),
    E_("visit.visit", "习近平5月12日在法国调研。", "visit", "Xi:i", MONDAY),
    E_("visit.visit", "莫迪5月12日对法国进行国事访问。", "visit", "Modi:i", MONDAY),
    E_("visit.arrive", "莫迪5月12日抵达莫斯科。", "visit", "Modi:i", MONDAY),
    E_("invitation.invite", "普京5月12日邀请特朗普访问俄罗斯。", "invitation", "Putin:i Trump:t", MONDAY),
    E_("invitation.not-invited", "乌克兰没有受到邀请。", "invitation", "UA:t", "../2025-05-14", "unrealized"),
    E_("invitation.received", "莫迪5月12日受邀出席论坛。", "invitation", "Modi:t", UNDATED),
    E_("invitation.invited", "应普京邀请，习近平5月12日访问俄罗斯。", "invitation", "Putin:i Xi:t", UNDATED),
    # statements
    E_("statement.say", "鲁比奥5月12日表示，事情很复杂。", "statement", "Rubio:i", MONDAY),
    E_("statement.say", "据路透社报道，拉夫罗夫昨天说，事情很复杂。", "statement", "Lavrov:i", "2025-05-13"),
    E_("statement.say", "泽连斯基在社交媒体上写道：“谢谢。”", "statement", "Zelensky:i", UNDATED),
    E_("statement.colon", "拉夫罗夫：俄罗斯不会让步。", "statement", "Lavrov:i", UNDATED),
    E_("statement.publish", "泽连斯基5月12日发表了声明。", "statement", "Zelensky:i", MONDAY),
    E_("statement.write", "马克龙5月12日致函普京。", "statement", "Macron:i Putin:t", MONDAY),
    E_("statement.write", "習近平5月12日向普丁致賀電。", "statement", "Xi:i Putin:t", MONDAY),
    E_("statement.feeling", "莫迪5月12日对普京表示感谢。", "statement", "Modi:i Putin:t", MONDAY),
    E_("statement.interview", "莫迪5月12日接受路透社采访，谈到了水资源。", "statement", "Modi:i", MONDAY),
    E_("statement.press", "鲁比奥5月12日在记者会上回答了提问。", "statement", "Rubio:i", MONDAY),
    E_("statement.editorial", "《纽约时报》5月12日发表社论说，事情很复杂。", "statement", "Times:i", MONDAY),
    E_("statement.coming", "莫迪将于5月20日在议会发表讲话。", "statement", "Modi:i", "2025-05-20", "scheduled"),
    E_("statement.joint", "默茨与斯塔默5月12日发表联合声明。", "statement", "Merz:i Starmer:i", MONDAY),
    E_("statement.tell", "拉夫罗夫5月12日告诉鲁比奥，事情很复杂。", "statement", "Lavrov:i Rubio:t", MONDAY),
    E_("statement.silence", "克里姆林宫没有对此作出回应。", "statement", "Kremlin:i", UNDATED, "unrealized"),
    # agreements
    E_("agreement.reach", "中国与美国5月12日达成贸易协议。", "agreement", "CN:p US:p", MONDAY),
    E_("agreement.sign", "普京和莫迪5月12日签署了联合声明。", "agreement", "Putin:p Modi:p", MONDAY),
    E_("agreement.agree", "特朗普和普京5月12日同意停止攻势。", "agreement", "Trump:p Putin:p", MONDAY),
    E_("ceasefire.start", "印度和巴基斯坦5月12日宣布停火。", "ceasefire", "IN:p PK:p", MONDAY),
    # what one says to another
    E_("promise.promise", "默茨5月12日向泽连斯基承诺不会退缩。", "promise", "Merz:i Zelensky:t", MONDAY),
    E_("demand.demand", "泽连斯基5月12日要求俄罗斯撤离。", "demand", "Zelensky:i RU:t", MONDAY),
    E_("accusation.accuse", "印度5月12日指责巴基斯坦失信。", "accusation", "IN:i PK:t", MONDAY),
    E_("rejection.reject", "伊朗5月12日驳斥了这一说法。", "rejection", "IR:i", MONDAY),
    E_("threat.threaten", "特朗普5月12日威胁伊朗。", "threat", "Trump:i IR:t", MONDAY),
    # sanctions and aid
    E_("release.free", "以色列5月12日释放了一百名囚犯。", "release_exchange", "IL:i", MONDAY),
    E_("release.free", "两名以色列士兵昨天被哈马斯释放。", "release_exchange", "Hamas:i IL:t", "2025-05-13"),
    E_("sanction.impose", "英国5月12日对俄罗斯实施制裁。", "sanction", "UK:i RU:t", MONDAY),
    E_("sanction.ban", "加拿大5月12日对俄罗斯实行武器禁运。", "sanction", "CA:i RU:t", MONDAY),
    E_("sanction-relief.lift", "英国5月12日对叙利亚解除制裁。", "sanction_relief", "UK:i SY:t", MONDAY),
    E_("sanction-relief.lift", "特朗普5月12日宣布解除对叙利亚的制裁。", "sanction_relief", "Trump:i SY:t", MONDAY),
    E_("aid.give", "德国5月12日向乌克兰提供了防空武器。", "aid", "DE:i UA:t", MONDAY),
    # force
    E_("attack.strike", "俄罗斯5月12日空袭乌克兰。", "attack", "RU:i UA:t", MONDAY),
    E_("attack.strike", "乌克兰昨天遭俄罗斯炮击。", "attack", "RU:i UA:t", "2025-05-13"),
    E_("invasion.invade", "俄罗斯2022年2月24日入侵乌克兰。", "invasion", "RU:i UA:t", "2022-02-24"),
    E_("military.act", "俄罗斯5月12日摧毁了一座弹药库。", "military_action", "RU:i", MONDAY),
    E_("military.war", "乌克兰战争让许多人失去家园。", "military_action", "UA:p", ""),
    E_("expulsion.expel", "波兰5月12日驱逐了两名俄罗斯外交官。", "expulsion", "PL:i RU:t", MONDAY),
    E_("withdrawal.withdraw", "美国5月12日从叙利亚撤军。", "withdrawal", "US:i", MONDAY),
    E_("arrest.arrest", "土耳其警方5月12日逮捕了三名记者。", "arrest", "TR:i", MONDAY),
    E_("arrest.arrested", "拉夫罗夫5月12日被警方逮捕。", "arrest", "Lavrov:t", MONDAY),
    E_("protest.march", "加拿大5月12日爆发大规模示威。", "protest", "CA:i", MONDAY),
    # offices, laws
    E_("appointment.appoint", "普京5月12日任命绍伊古为特使。", "appointment", "Putin:i Shoigu:t", MONDAY),
    E_("appointment.take-office", "默茨5月6日就任总理。", "appointment", "Merz:p", "2025-05-06"),
    E_("appointment.leave-office", "石破茂5月12日宣布辞职。", "appointment", "Ishiba:p", MONDAY),
    E_("appointment.dismiss", "普京5月12日解除了绍伊古的职务。", "appointment", "Putin:i Shoigu:t", MONDAY),
    E_("election.hold", "波兰5月12日举行总统选举。", "election", "PL:p", MONDAY),
    E_("election.win", "阿尔巴尼斯5月3日赢得大选。", "election", "Albanese:p", "2025-05-03"),
    E_("other.law", "美国国会5月12日通过了这项法案。", "other", "Congress:i", MONDAY),
    E_("other.law", "美国国会周一表决通过太空资源保护修正案。", "other", "Congress:i", MONDAY),
    E_("other.sign-law", "特朗普5月12日签署了一项行政令。", "other", "Trump:i", MONDAY),
    E_("other.ruling", "美国最高法院5月12日裁定关税无效。", "other", "SCOTUS:i", MONDAY),
    E_("other.sentenced", "佩斯科夫5月12日被判入狱六年。", "other", "Peskov:t", MONDAY),
    E_("other.border", "立陶宛5月12日重新开放边境。", "other", "LT:i", MONDAY),
    E_("other.emergency", "法国5月12日宣布进入紧急状态。", "other", "FR:i", MONDAY),
    E_("other.relations", "日本与叙利亚5月12日恢复外交关系。", "other", "JP:p SY:p", MONDAY),
    E_("other.found", "北约5月12日成立一个新的工作组。", "other", "NATO:i", MONDAY),
    E_("other.death", "马克龙5月12日对莫迪的逝世表示哀悼。", "other", "Modi:p", MONDAY),
    E_("other.death", "莫迪5月12日病逝。", "other", "Modi:p", MONDAY),
    E_("other.leave", "立陶宛5月12日退出了一项公约。", "other", "LT:i", MONDAY),
    E_("attack.kill", "以色列士兵5月12日打死了两名少年。", "attack", "IL:i", MONDAY),
    E_("military.exercise", "法國實彈演習5月12日正式結束。", "military_action", "FR:i", MONDAY),
    E_("military.exercise", "日本与法国5月12日举行联合军演。", "military_action", "JP:i FR:p", MONDAY),
    E_("mobilization.deploy", "北约5月12日在波兰部署了部队。", "mobilization", "NATO:i", MONDAY),
    E_("release.freed", "佩斯科夫5月12日获释。", "release_exchange", "Peskov:t", MONDAY),
    E_("sanction.tariff", "美国5月12日对日本商品加征关税。", "sanction", "US:i JP:t", MONDAY),
    E_("sanction.counter", "加拿大5月12日对美国采取反制措施。", "sanction", "CA:i US:t", MONDAY),
    E_("other.lawsuit", "加拿大5月12日在法院起诉法国。", "other", "CA:i FR:t", MONDAY),
    E_("other.probe", "印度5月12日对此展开调查。", "other", "IN:i", MONDAY),
    E_("other.disaster", "日本一座火山5月12日剧烈喷发。", "other", "JP:p", MONDAY),
    E_("other.disaster", "5月12日，土耳其发生强烈地震。", "other", "TR:p", MONDAY),
    E_("other.ceremony", "法国5月12日举行国葬。", "other", "FR:p", MONDAY),
    E_("other.summon", "波兰5月12日召见俄罗斯大使。", "other", "PL:i RU:t", MONDAY),
    E_("other.order", "莫迪5月12日下令全国停课。", "other", "Modi:i", MONDAY),
    E_("other.coup", "叙利亚5月12日发生政变。", "other", "SY:i", MONDAY),
    E_("other.launch", "印度5月12日发射了一枚火箭。", "other", "IN:i", MONDAY),
    E_("other.recognize", "法国5月12日正式承认巴勒斯坦国。", "other", "FR:i PS:t", MONDAY),
    E_("other.press-conference", "特朗普5月12日举行记者会。", "other", "Trump:p", MONDAY),
]  # fmt: skip

COUNTER_EXAMPLES = {
    "invitation.invited": "普京没有提到应该发出的邀请。",
    "call.converse": "克里姆林宫说，通话技术进步很快。",
    "call.ring": "普京的致电文稿没有公开。",
    "call.ring-to": "特朗普喜欢打电话。",
    "meeting.meet": "王毅会见记者时心情很好。",
    "meeting.receive": "王毅欢迎这项决定。",
    "meeting.session": "王毅在会议室外等候。",
    "meeting.chair": "普京主持人缘好的节目。",
    "summit.summit": "这座山峰会让中国人着迷。",
    "talks.hold": "伊朗的谈判代表很年轻。",
    "visit.visit": "中国网站的访问量上升。",
    "visit.arrive": "马克龙的包裹昨天抵达。",
    "invitation.invite": "普京的邀请函很精美。",
    "invitation.received": "普京没有受邀出席论坛。",
    "invitation.not-invited": "普京邀请了特朗普。",
    "statement.say": "普京的演说很长。",
    "statement.colon": "时间表如下：普京在前。",
    "statement.publish": "王毅发表了一篇论文。",
    "statement.feeling": "王毅表示同意。",
    "statement.write": "普京在去信中画了一只鸟。",
    "statement.interview": "王毅接受了这一安排。",
    "statement.press": "王毅走进发布会会场。",
    "statement.editorial": "《纽约时报》报道了一次评论员会议。",
    "statement.coming": "王毅昨天发表讲话。",
    "statement.joint": "王毅发表了声明。",
    "statement.tell": "王毅告诉大家一个故事。",
    "statement.silence": "王毅对此作出了回应。",
    "agreement.reach": "王毅达成了心愿。",
    "agreement.sign": "王毅在书上签名。",
    "agreement.agree": "王毅的同意书在桌上。",
    "ceasefire.start": "印度研究停火的历史。",
    "promise.promise": "印度公司的保证金很高。",
    "demand.demand": "印度的要求是合理的。",
    "accusation.accuse": "印度批准了计划。",
    "rejection.reject": "印度外长拒绝透露细节。",
    "threat.threaten": "印度的威胁性很小。",
    "release.free": "印度的工厂释放出气体。",
    "sanction.impose": "印度的制裁名单很长。",
    "sanction.ban": "印度暂停了比赛。",
    "sanction-relief.lift": "印度解除了警报。",
    "aid.give": "印度提供了一份名单。",
    "attack.strike": "印度打击犯罪。",
    "invasion.invade": "印度河里有入侵者。",
    "military.act": "印度人在棋局里包围了对手。",
    "military.war": "印度的电影里有战争。",
    "expulsion.expel": "印度的驱逐舰很新。",
    "withdrawal.withdraw": "印度撤出了比赛。",
    "arrest.arrested": "印度警方逮捕了小偷。",
    "protest.march": "印度外交部提出严正抗议。",
    "arrest.arrest": "印度的船停在港口。",
    "appointment.appoint": "印度的任务很重。",
    "appointment.take-office": "印度的就业率上升。",
    "appointment.leave-office": "印度外长的辞职信没有公开。",
    "appointment.dismiss": "印度解除了警报。",
    "election.hold": "印度举行了板球比赛。",
    "election.win": "印度赢得了比赛。",
    "other.law": "印度通过了考验。",
    "other.sign-law": "印度外长签署了赠书。",
    "other.ruling": "印度公布了法院的判决书。",
    "other.sentenced": "印度法官判断失误。",
    "other.border": "印度开放了新的博物馆。",
    "other.emergency": "印度实施了新的教学计划。",
    "other.relations": "印度与法国庆祝建交七十周年。",
    "other.found": "印度的公司成立于上世纪。",
    "other.death": "印度总理悼念逝世的诗人。",
    "other.leave": "印度退出了比赛。",
    "attack.kill": "印度警方抓到了纵火嫌犯。",
    "military.exercise": "印度的演习手册很厚。",
    "mobilization.deploy": "印度部署了新的系统。",
    "release.freed": "印度获得了奖牌。",
    "sanction.tariff": "印度的关税问题很复杂。",
    "sanction.counter": "印度采取了节水措施。",
    "other.lawsuit": "印度公布了起诉书。",
    "other.probe": "印度发表了调查报告。",
    "other.disaster": "印度经济爆炸性增长。",
    "other.ceremony": "印度举行了板球比赛。",
    "other.summon": "印度召见了幸运观众。",
    "other.order": "印度禁止吸烟。",
    "other.coup": "印度发生了变化。",
    "other.launch": "哈马斯发射了火箭弹。",
    "other.recognize": "印度承认事情很复杂。",
    "other.press-conference": "印度记者会说汉语。",
}
# Not yet right, and why.
