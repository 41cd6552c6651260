"""Decoding: the codec named gives the text back from any slice of the bytes."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from broadsheet.document import ByteMap
from broadsheet.parse.decode import decode, is_binary

CHINESE = "两国外长星期三在首都举行会谈，讨论了边境问题和贸易合作，并同意继续对话。记者林一报道。"
TRADITIONAL = "兩國外長星期三在首都舉行會談，討論了邊境問題和貿易合作，並同意繼續對話。記者林一報導。"


@pytest.mark.parametrize(
    ("data", "encoding", "text"),
    [
        (CHINESE.encode(), "utf-8", CHINESE),
        (b"\xef\xbb\xbf" + CHINESE.encode(), "utf-8", "\ufeff" + CHINESE),
        (CHINESE.encode("utf-16"), "utf-16-le", "\ufeff" + CHINESE),
        (b"\xfe\xff" + CHINESE.encode("utf-16-be"), "utf-16-be", "\ufeff" + CHINESE),
        (("Plain English.\r\n" * 4).encode("utf-16-le"), "utf-16-le", "Plain English.\r\n" * 4),
        (CHINESE.encode("gb2312"), "gb18030", CHINESE),
        ((CHINESE + "㐂镕").encode("gb18030"), "gb18030", CHINESE + "㐂镕"),
        (TRADITIONAL.encode("big5"), "big5", TRADITIONAL),
        ("It’s a “café” – £5".encode("cp1252"), "cp1252", "It’s a “café” – £5"),
        (b"ascii only", "utf-8", "ascii only"),
    ],
)
def test_encodings(data: bytes, encoding: str, text: str):
    decoded = decode(data)
    assert (decoded.encoding, decoded.text, decoded.lossy) == (encoding, text, ())
    guessed = [r.code for r in decoded.rejects]
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    assert guessed == ([] if encoding == "utf-8" or marked else ["encoding-guessed"])


def test_damaged_utf_8_stays_utf_8():
    decoded = decode(CHINESE.encode() + b"\xe4\xb8" + CHINESE.encode() + b"\xff")
    assert (decoded.encoding, decoded.text) == ("utf-8", f"{CHINESE}\ufffd{CHINESE}\ufffd")
    assert decoded.lossy == ((len(CHINESE), 2), (2 * len(CHINESE) + 1, 1))
    assert [r.code for r in decoded.rejects] == ["encoding-lossy"]


def test_a_replacement_character_that_is_in_the_file_is_no_loss():
    assert decode("甲\ufffd乙".encode()).lossy == ()


@pytest.mark.parametrize("text", [CHINESE, "abc\n", "\t\x0c"])
def test_text_is_not_binary(text: str):
    assert not is_binary(text.encode())
    assert not is_binary(text.encode("utf-16"))


CHUNKS = st.lists(
    st.one_of(st.binary(max_size=12), st.text(max_size=12).map(str.encode), st.just(CHINESE.encode("gb18030"))),
    max_size=8,
).map(b"".join)


@given(CHUNKS, st.data())
@example(b"\xff\xfea\x00\x00\xd8b\x00c", None)
@example(b"\xe4\xb8\xe4\xb8\x80\xf0\x9f", None)
def test_slices_decode_to_slices(data: bytes, draw):
    decoded = decode(data)
    text = decoded.text
    positions = ByteMap(text, decoded.encoding, decoded.lossy)
    assert positions.byte(len(text)) == len(data)
    if draw is None:
        spans = [(a, b) for a in range(len(text) + 1) for b in range(a, len(text) + 1)]
    else:
        a = draw.draw(st.integers(0, len(text)))
        spans = [(a, draw.draw(st.integers(a, len(text))))]
    for a, b in spans:
        if "\ufffd" in text[a:b] and decoded.encoding.startswith(("gb", "big5", "cp9", "euc", "shift")):
            continue  # in these codecs what follows a damaged byte decides how many bytes are lost with it
        assert data[positions.byte(a) : positions.byte(b)].decode(decoded.encoding, "replace") == text[a:b]


LONG = CHINESE * 8


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (LONG.encode("utf-16-le"), "utf-16-le"),  # no zero byte in it
        (LONG.encode("utf-16-be"), "utf-16-be"),
        ("新华社北京电，两国外长".encode("gb18030"), "gb18030"),
        ("佢哋話喺度做嘢，唔係咁簡單嘅，冇人知點解，嗰個係咩意思".encode("big5hkscs"), "big5hkscs"),
        (b"<meta charset=gb2312><p>\xb6\xcc</p>", "gb18030"),  # one character: only the declaration can tell
        (b'<meta charset="big5"><p>\xb5u</p>', "big5"),
        (b"<?xml version='1.0' encoding='windows-1251'?><p>\xec\xe8\xf0</p>", "cp1251"),
    ],
)
def test_legacy_encodings(data: bytes, encoding: str):
    assert not is_binary(data)
    decoded = decode(data)
    assert (decoded.encoding, decoded.lossy) == (encoding, ())
    assert decoded.text.encode(encoding) == data


def test_what_a_server_says_counts_where_the_file_says_nothing():
    assert decode(b"<p>\xb6\xcc</p>", "gbk").encoding == "gb18030"
    assert decode("It’s a “café” – £5".encode("cp1252"), "iso-8859-1").encoding == "cp1252"
    assert decode(LONG.encode("gb18030"), "iso-8859-1").encoding == "gb18030"
    assert decode(LONG.encode(), "gbk").encoding == "utf-8"


def test_a_wrong_declaration_is_not_believed():
    decoded = decode(b"<meta charset=big5>" + LONG.encode("gb18030"))
    assert decoded.encoding == "gb18030"
    assert [r.code for r in decoded.rejects] == ["encoding-guessed"]


DAMAGED = [
    ("It’s said – “so”".encode().decode("cp1252", "replace"), "UTF-8 read as Windows-1252"),
    ("外交部发言人表示".encode().decode("latin-1"), "UTF-8 read as Windows-1252"),
    ("Ã©tÃ© Ã  la plage", "UTF-8 read as Windows-1252"),
    ("外长会面，他说，好。".encode("gbk").decode("latin-1"), "GBK read as Latin-1"),
    ("锟斤拷锟斤拷", "lost characters read as GBK"),
    ("记者说，好。他说，不。".encode().decode("gbk", "ignore"), "UTF-8 read as GBK"),
    ("一个字\ufffd没有了", "characters lost"),
]


@pytest.mark.parametrize(("text", "cause"), DAMAGED)
def test_text_decoded_wrongly_before_is_told_and_left(text: str, cause: str):
    decoded = decode(text.encode())
    assert decoded.text == text
    found = [r for r in decoded.rejects if r.code == "text-mojibake"]
    assert any(cause in r.message for r in found)
    assert all(r.span is not None and r.span.start < r.span.end <= len(text) for r in found)


@pytest.mark.parametrize(
    "text",
    [
        CHINESE,
        TRADITIONAL,
        "CAFÉ” stood on the door — “É” was missing.",
        "£5 and ¡Hola! – 20 µm",
        "São Paulo, Ångström, Ç",
        "Çà et là : « Ô rage »",
        "他说锛刀是木工用的。",
        "××××××××××",
    ],
)
def test_sound_text_is_not_called_damaged(text: str):
    assert decode(text.encode()).rejects == ()


@given(st.binary(max_size=400), st.sampled_from([None, "gbk", "big5", "utf-8", "latin1", "", "x y"]))
def test_any_bytes_are_decoded_with_exact_places(data: bytes, said: str | None):
    decoded = decode(data, said)
    places = ByteMap(decoded.text, decoded.encoding, decoded.lossy)
    assert places.byte(len(decoded.text)) == len(data)
