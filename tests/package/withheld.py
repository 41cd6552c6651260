"""A project most of which may not be published: full, excerpt, metadata, wire copy among full text, and a take-down.

Every place in which text of a source can stand holds a marker somewhere: `暗记` in simplified script, `暗記` in
traditional, `Zqxvar` in Latin letters. In the file that may be published in full there is none.
"""

from pathlib import Path

DESCRIPTOR = """\
name: sealed-words
title: Sealed words
version: 1.0.0
licenses: [{name: CC0-1.0}]
sources:
  - name: open
    title: Open Harbor
    files: sources/open/**
    license: CC0-1.0
    timezone: "+08:00"
    restrictions:
      - {agencies: [路透社, Reuters], redistribution: metadata, reason: wire copy}
  - name: part
    title: Half a Page
    files: sources/part/**
    redistribution: excerpt
  - name: closed
    title: Closed Ledger
    files: sources/closed/**
    redistribution: metadata
"""

OPEN = """---
title: 渡口的新桥通车
url: https://open.example.org/bridge
date: 2031-04-01 08:00:00 +0800
tags: [渡口, 新桥]
summary: 新桥通车，渡船停运。
---

渡口的新桥四月一日通车，两岸居民步行过河只要五分钟。法国总统马克龙和印度总理莫迪当天在巴黎会谈。

![桥上的行人](https://open.example.org/bridge.jpg)

渡船公司说，最后一班船的船票早已售完，船长把汽笛拉响了三次。
"""

WIRE = """---
title: 北方矿山复工
url: https://open.example.org/mine
date: 2031-04-02 09:00:00 +0800
tags: [矿山, 暗记标签]
description: 暗记摘要说矿工们领到了拖欠半年的工钱。
copyright: 暗记版权声明，矿山消息不得转载。
---

路透社斯德哥尔摩4月2日电 - 暗记正文第一段写矿工们清早排队下井，监工在门口点名。

总统顾问乌沙拉科夫（Yuri Usharakov）星期四抵达矿区，他说：“暗记引语里的巷道还要再加固一遍。”

德国总理默茨和日本首相石破茂4月1日在柏林会谈，暗记事件只写在这一段里。

![暗记替代文字](https://open.example.org/mine.jpg)

详见[暗记链接文字](https://open.example.org/mine/more)。（译者注：暗记译注在此。）

（路透社）
"""

LEARNER = """---
title: 矿区来客
url: https://open.example.org/guest
date: 2031-04-03 09:00:00 +0800
---

矿区的客人第二天就走了。乌沙拉科夫没有留下话，司机也不肯多谈。
"""

PART = """<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8"><title>山村小学的图书角</title>
<meta property="og:url" content="https://part.example.org/school">
<meta property="article:published_time" content="2031-04-04T10:00:00+08:00">
<meta name="description" content="暗记网页摘要写孩子们排队借书。"><meta name="keywords" content="学校,暗记关键词">
<meta name="copyright" content="暗记网页版权"></head><body><article><h1>山村小学的图书角</h1>
<p>山村小学把走廊尽头的储物间腾出来，摆上三排旧书架，算是有了图书角。孩子们放学以后轮流值日，登记借出去的每一本书。
校长说，最受欢迎的是讲海洋的画册，封面都快翻掉了。</p>
<p>暗记第二段讲值日表贴在门后，谁忘了还书就要多扫一次地，从来没有人真的挨过罚，老师们都看在眼里，笑而不语，
日子就这样一页一页翻过去，暗记长句还在继续，直到操场上的铃声响起，大家才把书合上，
各自回到座位上去，把下一页要讲的故事留给明天放学以后的那个下午。</p>
<p>西班牙首相桑切斯和埃及总统塞西4月3日在马德里会谈，暗记会谈没有发表声明，记者们在雨里等到深夜才散去。</p>
<figure><img src="https://part.example.org/a.jpg" alt="暗记图片替代">
<figcaption>暗记图片说明写书架前的孩子</figcaption></figure>
<p>更多内容见<a href="https://part.example.org/more">暗记网页链接</a>，或者看
<a href="https://part.example.org/en">Zqxvar link
text</a>，那里登着全部照片。</p></article></body></html>
"""

CLOSED = """---
title: 茶園春收
url: https://closed.example.org/tea
date: 2031年4月5日暗記日期
tags: [茶園, 暗記標籤]
summary: 暗記摘要說今年的春茶比往年晚了十天。
license: 暗記授權聲明
---

暗記正文寫茶農天沒亮就上山，竹簍裡的嫩芽帶著露水，到了中午才下山過秤。

加拿大總理卡尼和墨西哥總統辛鮑姆4月4日在渥太華會談，暗記事件只在這裡。

茶廠廠長說：「暗記引語，今年的價錢要看雨水。」

![暗記替代文字](https://closed.example.org/tea.jpg)
"""

BROKEN = """---
title: 霧中的燈塔
date: 2031-04-06
summary: "暗記沒有收尾的引號
tags: [暗記一, 暗記二
  : 暗記壞行
---

暗記燈塔守夜人說霧太大，船都停在外海，等到天亮才敢進港，廚房裡的火一夜沒有熄過。
"""

GONE = """---
title: 暗记标题也要拿掉
url: https://open.example.org/gone/1
date: 2031-04-07 08:00:00 +0800
tags: [暗记撤稿标签]
summary: 暗记撤稿摘要。
---

暗记撤稿正文写一位邻居的家事，总统顾问科隆佐夫（Ivan Kolonzov）也来做客，院子里的狗叫了一整夜。

肯尼亚总统鲁托和巴西总统卢拉4月6日在内罗毕会谈，暗记撤稿事件没有别处写过。
"""

AFTER = """---
title: 院子里的客人
url: https://open.example.org/yard
date: 2031-04-08 08:00:00 +0800
---

后来大家又说起那位客人。科隆佐夫没有再来，院子也就静了下来。
"""

FILES = {
    "open/bridge.md": OPEN, "open/mine.md": WIRE, "open/guest.md": LEARNER, "open/暗记文件名-gone.md": GONE,
    "open/yard.md": AFTER, "part/school.html": PART, "closed/tea.md": CLOSED, "closed/fog.md": BROKEN,
}  # fmt: skip
BLOCKLIST = "- {url: 'https://open.example.org/gone/*', reason: the family asked, date: 2031-05-01}\n"
MARKERS = ("暗记", "暗記", "Zqxvar")


def write(root: Path) -> Path:
    """The project without its blocklist."""
    for name, text in FILES.items():
        file = root / "sources" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    (root / "datapackage.yaml").write_text(DESCRIPTOR, "utf-8")
    return root
