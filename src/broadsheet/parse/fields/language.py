"""Language: what the file declares, else what its characters say."""

import re
from typing import Final

SIMPLIFIED: Final = (
    "们这国说时会来对发还过现经动进个后实开关长问间见电东车书门马鸟鱼风飞龙万与专业两严丧丰临为丽举义乌乐习乡买乱争于亏"
    "云产亲亿仅从仓仪价众优伙伟传伤伦伪体余侠侧侨俩债倾假儿兑党兰兴养内冈册写军农冲决况冻净减凤凭凯击划刘则刚创删别剂剑剧"
    "劝办务劳势区医华协单卖卢卫却厂厅历厉压厌厕参双变叙叶号叹吓吗启员响哗唤团园围图圆圣场坏块坚坛坝坟垄垒备复够头夺奖妇妈"
    "妆娱学宁宝审宪宫宽宾导寻寿将尔尘尝层属岁岂岛岗岭峡币师帐帮带库应庆庐废开异弃张弥弯弹强归录彻径忆怀态总恋恳恶恼惊惩惯战"
    "户执扩扫扬扰抚抢护报担拟拥择挂挡挥损换据掷搅携摄摆摇撑数断无旧旷显晓暂术机杀杂权条极构枪标栋树样桥检楼欢欧残毁毕汇汉污"
    "汤沟没泪泽洁浅测济浓涛润涨渊渐湾湿满灭灯灵灾炉点炼热爱爷状独狭狮猎玛环玺琐疗疯疮痪监盖盗盘着矿码确础礼祸离种积称稳穷窃"
    "竞笔笼签简粮红约级纪纯纲纳纵纷纸线练组细织终绍绎结绕绘给络绝统继绩绪续维综绿缓编缘缚缩网罗罚罢职联聪肃肠肤胁胜脉脑脚脸"
    "腊脱腾舆舰艺节苏范茧荐荡荣药莱获营萨蓝虏虑虚虽蚀补袭裤规视览觉触订认讨让训议讯记讲许论讽设访证评识诉词译试诗诚话诞该详语"
    "误诱请诸读课谁调谅谈谊谋谓谢谱贝负贡财责贤败货质贩贪贫购贯贴贵贷贸费贺贼资赋赌赏赔赖赚赛赞赢趋跃践轨转轮软轰轻载较辆辈输"
    "辞边辽达迁运远违连迟适选逊递遗邓郑邻酱释里鉴针钉钟钢钱铁铃铜银销锁错锋锐锦键镇镜闪闭闯闹闻阀阅队阳阴阵阶际陆陈险随隐难雾"
    "静韩页顶项顺须顾顿预领频题额颜类饭饮饰馆驱驳驶驻驾验骂骗骚骤鲁鲜鸡鸣鸿麦黄齐齿"
)
TRADITIONAL: Final = (
    "們這國說時會來對發還過現經動進個後實開關長問間見電東車書門馬鳥魚風飛龍萬與專業兩嚴喪豐臨為麗舉義烏樂習鄉買亂爭於虧"
    "雲產親億僅從倉儀價眾優夥偉傳傷倫偽體餘俠側僑倆債傾兒兌黨蘭興養內岡冊寫軍農衝決況凍淨減鳳憑凱擊劃劉則剛創刪別劑劍劇"
    "勸辦務勞勢區醫華協單賣盧衛卻廠廳歷厲壓厭廁參雙變敘葉號嘆嚇嗎啟員響嘩喚團園圍圖圓聖場壞塊堅壇壩墳壟壘備復夠頭奪獎婦媽"
    "妝娛學寧寶審憲宮寬賓導尋壽將爾塵嘗層屬歲豈島崗嶺峽幣師帳幫帶庫應慶廬廢異棄張彌彎彈強歸錄徹徑憶懷態總戀懇惡惱驚懲慣戰"
    "戶執擴掃揚擾撫搶護報擔擬擁擇掛擋揮損換據擲攪攜攝擺搖撐數斷無舊曠顯曉暫術機殺雜權條極構槍標棟樹樣橋檢樓歡歐殘毀畢匯漢污"
    "湯溝沒淚澤潔淺測濟濃濤潤漲淵漸灣濕滿滅燈靈災爐點煉熱愛爺狀獨狹獅獵瑪環璽瑣療瘋瘡瘓監蓋盜盤礦碼確礎禮禍離種積稱穩窮竊"
    "競筆籠簽簡糧紅約級紀純綱納縱紛紙線練組細織終紹繹結繞繪給絡絕統繼績緒續維綜綠緩編緣縛縮網羅罰罷職聯聰肅腸膚脅勝脈腦腳臉"
    "臘脫騰輿艦藝節蘇範繭薦蕩榮藥萊獲營薩藍虜慮虛雖蝕補襲褲規視覽覺觸訂認討讓訓議訊記講許論諷設訪證評識訴詞譯試詩誠話誕該詳語"
    "誤誘請諸讀課誰調諒談誼謀謂謝譜貝負貢財責賢敗貨質販貪貧購貫貼貴貸貿費賀賊資賦賭賞賠賴賺賽贊贏趨躍踐軌轉輪軟轟輕載較輛輩輸"
    "辭邊遼達遷運遠違連遲適選遜遞遺鄧鄭鄰醬釋裡鑑針釘鐘鋼錢鐵鈴銅銀銷鎖錯鋒銳錦鍵鎮鏡閃閉闖鬧聞閥閱隊陽陰陣階際陸陳險隨隱難霧"
    "靜韓頁頂項順須顧頓預領頻題額顏類飯飲飾館驅駁駛駐駕驗罵騙騷驟魯鮮雞鳴鴻麥黃齊齒臺灣"
)
HANS: Final = re.compile(f"[{''.join(sorted(set(SIMPLIFIED) - set(TRADITIONAL)))}]")
HANT: Final = re.compile(f"[{''.join(sorted(set(TRADITIONAL) - set(SIMPLIFIED)))}]")
HAN: Final = re.compile(r"[\u3400-\u9fff]")
KANA: Final = re.compile(r"[\u3040-\u30ff]")
HANGUL: Final = re.compile(r"[\uac00-\ud7af]")
CYRILLIC: Final = re.compile(r"[\u0400-\u04ff]")
ARABIC: Final = re.compile(r"[\u0600-\u06ff]")
LATIN: Final = re.compile(r"[A-Za-z]")
TAGS: Final = {
    "zh-cn": "zh-Hans",
    "zh-sg": "zh-Hans",
    "zh-my": "zh-Hans",
    "zh-hans": "zh-Hans",
    "zh-hans-cn": "zh-Hans",
    "cn": "zh-Hans",
    "chs": "zh-Hans",
    "zh-tw": "zh-Hant",
    "zh-hk": "zh-Hant",
    "zh-mo": "zh-Hant",
    "zh-hant": "zh-Hant",
    "zh-hant-tw": "zh-Hant",
    "zh-hant-hk": "zh-Hant",
    "cht": "zh-Hant",
}
TAG: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
ENOUGH: Final = 1500
UNDETERMINED: Final = "und"


def normalize(tag: str) -> str | None:
    """A declared tag in BCP 47 form; None if it does not settle the language (`zh` alone, or no tag at all)."""
    tag = tag.strip().replace("_", "-")
    known = TAGS.get(tag.lower())
    if known or tag.lower() in ("zh", "chi", "zho") or not TAG.fullmatch(tag):
        return known
    primary, *rest = tag.split("-")
    return "en" if primary.lower() == "en" else "-".join([primary.lower(), *rest])


def detect(text: str) -> str:
    """The language of a text by its script; Chinese by the characters that differ between its two forms."""
    sample = text[:ENOUGH]
    han = len(HAN.findall(sample))
    latin = len(LATIN.findall(sample))
    others = ((KANA, "ja"), (HANGUL, "ko"), (CYRILLIC, "ru"), (ARABIC, "ar"))
    for script, tag in others:
        if len(script.findall(sample)) * 5 > han + latin:
            return tag
    if han * 4 > latin:
        return "zh-Hant" if len(HANT.findall(sample)) > len(HANS.findall(sample)) else "zh-Hans"
    return "en" if latin else UNDETERMINED
