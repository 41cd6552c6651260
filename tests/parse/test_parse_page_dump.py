"""Whole pages as text: what stands around the body is told from it; bare text with and without a title."""

import pytest
from parse_tools import assert_traceable, codes, document, kinds, paragraphs

PORTAL = """两国外长通电话


                2024-03-05 18:26
                来源：
                    某某社


                    字号：默认
                        大
                        超大

                    |
\t\t\t\t\t          打印
                    |




                某某社北京3月5日电（记者陈一、林二）两国外长五日通电话。双方谈到航线与签证。




                【我要纠错】责任编辑：张三



                相关稿件
                另一条新闻的题目
"""

ONE_LINE = """某市召开治水工作会议

2014-05-21 09:30 来源：某某日报 作者：陈一 【字体：大 中 小】打印

　　某市昨天召开治水工作会议。
　　会议要求年内完成三条河道的整治。

责任编辑：张三
上一篇：别的新闻
"""

NAVIGATION = """首页
   |
   简
   |
   繁
   |
   EN
   |
   登录
     个人中心
     退出
   |
   邮箱
   |
   无障碍
     function goSearch(event) {
       var e = window.event || event;
       if(e.preventDefault){
         e.preventDefault();
       }else{
         e.returnValue=false;
       }
       // 按类别
       url = '//search.example/?q=' + encodeURIComponent(s);
     }
"""

RUN_ON = (
    "两国外长五日会谈。某某社记者 王五 摄\u2003\u2003新华社北京3月5日电（记者陈一、林二）两国外长五日在京会谈，"
    + "就航线、签证与边境贸易交换意见，并商定年内举行下一次会谈。" * 8
    + "\u2003\u2003会谈之后，双方共同会见记者。\u2003\u2003策划：张三\u2003\u2003统筹：李四、王五"
    " 【纠错】    【责任编辑:张三】  新闻链接 别的新闻  2024-03-04 阅读下一篇："
)


def test_a_portal_page():
    parsed = document(PORTAL, "a/2024-03-05-004.txt")
    (article,) = parsed.articles
    assert parsed.layers == ("page_dump", "plain")
    assert (article.title.text, article.publisher, article.published.local) == (
        "两国外长通电话",
        "某某社",
        "2024-03-05T18:26",
    )
    assert article.authors == ("陈一", "林二")
    assert paragraphs(parsed) == ["某某社北京3月5日电（记者陈一、林二）两国外长五日通电话。双方谈到航线与签证。"]
    assert_traceable(parsed)


def test_a_head_on_one_line():
    parsed = document(ONE_LINE)
    (article,) = parsed.articles
    assert (article.title.text, article.publisher) == ("某市召开治水工作会议", "某某日报")
    assert (article.published.local, article.authors) == ("2014-05-21T09:30", ("陈一",))
    assert paragraphs(parsed) == ["某市昨天召开治水工作会议。", "会议要求年内完成三条河道的整治。"]


@pytest.mark.parametrize(
    "line",
    [
        "2024年3月5日 10:20 | 来源：某某日报",
        "发布时间：2024-03-05 10:20   来源：某某日报   浏览次数：120",
        "来源：某某日报  时间：2024/03/05 10:20",
        "www.example.cn2024年03月05日 10:20来源：某某日报",
    ],
)
def test_heads_of_one_line_as_sites_print_them(line: str):
    (article,) = document(f"某市召开治水工作会议\n{line}\n【字号：大 中 小】 【打印】\n\n某市昨天召开会议。\n").articles
    assert (article.publisher, article.published.local) == ("某某日报", "2024-03-05T10:20")
    assert [block.text.text for block in article.blocks] == ["某市昨天召开会议。"]


def test_a_head_of_labels_as_offices_print_it():
    text = (
        "索 引 号：\n000/2024-1\n主题分类： 水利\n发文机关：\n某省水利厅\n标 题：\n关于整治河道的通知\n"
        "发文字号：水字〔2024〕3号\n"
        "发布日期：\n2024年03月05日\n来源：某省政府网\n\n各市水利局：\n\n三条河道年内完成整治。\n"
    )
    parsed = document(text)
    (article,) = parsed.articles
    assert (article.title.text, article.publisher, article.published.local) == (
        "关于整治河道的通知",
        "某省政府网",
        "2024-03-05",
    )
    assert paragraphs(parsed) == ["各市水利局：", "三条河道年内完成整治。"]


def test_a_second_title_belongs_to_the_head():
    text = (
        "某市召开治水工作会议\n三条河道年内完成整治\n2024-03-05 10:20\n来源：Example Daily News\n\n某市昨天召开会议。\n"
    )
    parsed = document(text)
    assert parsed.articles[0].title.text == "某市召开治水工作会议"
    assert parsed.articles[0].publisher == "Example Daily News"
    assert paragraphs(parsed) == ["某市昨天召开会议。"]


def test_navigation_without_an_article():
    parsed = document(NAVIGATION)
    assert (parsed.status, parsed.articles, codes(parsed)) == ("not_article", (), ["navigation-only"])
    told = document(f"---\ntitle: 两国外长通电话\n---\n{NAVIGATION}")
    assert told.status == "empty"
    assert sorted(codes(told)) == ["body-empty", "navigation-only", "publisher-unknown"]
    assert told.articles[0].blocks == ()


def test_paragraphs_whose_line_ends_were_lost():
    parsed = document(RUN_ON, "a/2024-03-05-001.txt")
    (article,) = parsed.articles
    assert (article.publisher, article.authors) == ("新华网", ("陈一", "林二"))
    assert [text[:8] for text in paragraphs(parsed)] == ["新华社北京3月5", "会谈之后，双方共"]
    assert not any("纠错" in text or "阅读下一篇" in text for text in paragraphs(parsed))
    assert_traceable(parsed)


def test_an_article_that_quotes_a_source_is_no_page():
    text = "两国外长通电话\n\n据外交部介绍，消息来源：不便透露。双方谈到航线。\n\n会谈持续一小时。\n"
    assert document(text).layers == ("title_line", "plain")


def test_bare_text_with_a_title_right_above_it():
    text = (
        "　　某品牌主管：街头广告仍然有用\r\n　　本报记者陈一发自上海\r\n　　"
        + "广告主越来越难以选择投放的地方。" * 6
        + "\r\n"
    )
    parsed = document(text)
    assert parsed.articles[0].title.text == "某品牌主管：街头广告仍然有用"
    assert parsed.articles[0].authors == ("陈一",)
    assert paragraphs(parsed) == ["广告主越来越难以选择投放的地方。" * 6]


@pytest.mark.parametrize("first", ["□本报记者 陈一", "中新网5月9日电", "来源：某某网", "本报讯（记者 陈一）"])
def test_a_byline_is_no_title(first: str):
    text = f"　　{first}\r\n　　" + "广告主越来越难以选择投放的地方。" * 6 + "\r\n"
    assert document(text).articles[0].title is None


def test_the_credit_at_the_end_names_the_publisher():
    text = (
        "　　"
        + "某市五月接待游客二百万人次。" * 5
        + "\r\n　　"
        + "游客多来自邻近各市。" * 5
        + "\r\n　　（来源：某某晚报）\r\n"
    )
    parsed = document(text)
    assert parsed.articles[0].publisher == "某某晚报"
    assert len(paragraphs(parsed)) == 2


def test_references_and_zero_bytes_in_bare_text():
    parsed = document("&nbsp;&nbsp;第一段&mdash;&mdash;有引号&ldquo;会谈&rdquo;。\r\n\0\0第二段。\r\n")
    assert paragraphs(parsed) == ["第一段——有引号“会谈”。", "第二段。"]
    assert kinds(parsed) == ["paragraph", "paragraph"]
    assert_traceable(parsed)


def test_lines_that_begin_with_a_dash_are_not_yet_markdown():
    text = (
        "Ministers close the talks\n\nThe talks closed after two days of meetings.\n\nThe next round is in May.\n\n"
        "- Envoy A: we are content.\n\n- Envoy B: so are we.\n\nNo date was given.\n"
    )
    parsed = document(text)
    assert parsed.articles[0].title.text == "Ministers close the talks"
    assert paragraphs(parsed)[2:4] == ["- Envoy A: we are content.", "- Envoy B: so are we."]
