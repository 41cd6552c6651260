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
    positions = ByteMap.of(text, decoded.encoding, decoded.lossy)
    assert positions.byte(len(text)) == len(data)
    if draw is None:
        spans = [(a, b) for a in range(len(text) + 1) for b in range(a, len(text) + 1)]
    else:
        a = draw.draw(st.integers(0, len(text)))
        spans = [(a, draw.draw(st.integers(a, len(text))))]
    for a, b in spans:
        assert data[positions.byte(a) : positions.byte(b)].decode(decoded.encoding, "replace") == text[a:b]
