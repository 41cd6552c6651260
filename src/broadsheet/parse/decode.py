"""Bytes to text: which codec a file is written in, and which of its bytes no codec explains.

Order: byte order mark, UTF-16 by its pattern of zero bytes, strict UTF-8, UTF-8 with a few damaged bytes, UTF-16 by
what it decodes to, the encoding the file declares, then the legacy encodings by how ordinary the text is they give. The
codec named decodes character by character, so that slices of the file decode to slices of the text; a byte order mark
stays in the text as U+FEFF.
"""

import codecs
import re
from dataclasses import dataclass
from typing import Final

from broadsheet.document import Reject, Span
from broadsheet.parse import mojibake

LOSS: Final = "\ufffd"
MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
CODECS: Final = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "x-gbk": "gb18030", "hz-gb-2312": "gb18030",
    "cp936": "gb18030", "windows-936": "gb18030",
    "big5": "big5", "big5-hkscs": "big5", "x-x-big5": "big5", "cp950": "big5",
    "shift_jis": "shift_jis", "shift-jis": "shift_jis", "x-sjis": "shift_jis", "euc-jp": "euc_jp", "euc-kr": "euc_kr",
    "windows-1250": "cp1250", "windows-1251": "cp1251", "windows-1253": "cp1253", "windows-1254": "cp1254",
    "windows-1255": "cp1255", "windows-1256": "cp1256", "windows-1257": "cp1257", "windows-1258": "cp1258",
    "latin1": "cp1252", "windows-874": "cp874", "koi8-r": "koi8_r", "koi8-u": "koi8_u", "iso-8859-2": "iso8859_2",
    "iso-8859-5": "iso8859_5", "windows-1252": "cp1252", "iso-8859-1": "cp1252", "iso-8859-15": "iso8859_15",
}  # fmt: skip
"""Names of encodings to the codec that reads all that goes by that name."""
WESTERN: Final = "cp1252"
"""Explains any bytes, and servers name it for files of every kind: never believed, only left over."""
CHINESE: Final = (("gb18030", "gb18030"), ("big5", "big5hkscs"))
"""What we call the two Chinese encodings, and the codecs that read most of what goes by those names."""
BIG5: Final = ("big5", "cp950", "big5hkscs")
DECLARED: Final = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z][\w.:-]{2,20})""", re.I)
HEAD: Final = 4096
COMMON: Final = frozenset(
    "的一是在不了有和人这這中大为為上个個国國我以要他时時来來用们們生到作地于於出就分对對成会會可主发發年动動同工也能下过過子说說产產种種面而方后後多定行学學法所民得"
    "经經十三之进進着著等部度家电電力里裡如水化高自二理起小物现現实實加量都两兩体體制机機当當使点點从從业業本去把性好应應开開它合还還因由其些然前外天政四日那社"
    "记記者报報道新闻聞京月嘅咗唔係喺冇佢哋啲嘢嗰咁"
)
ORDINARY: Final = 0.12
"""The least share of `COMMON` among the Han characters of Chinese text; in a wrong decoding it is near 0.02."""
MAGIC: Final = (
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"PK\x03\x04",
    b"%PDF-",
    b"\x1f\x8b",
    b"\x7fELF",
    b"PAR1",
    b"RIFF",
)
CONTROLS: Final = bytes(b for b in range(32) if b not in b"\t\n\r\f\x1b\x1a") + b"\x7f"
CONTROL_SHARE: Final = 0.05
SAMPLE: Final = 65536
LONGEST_CHARACTER: Final = 8
WIDE_TEXT: Final = re.compile(r"[\t\n\r -~\u00a0-\u00ff\u2010-\u2030\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]+")
WIDE_SHARE: Final = 0.95


@dataclass(frozen=True, slots=True)
class Decoded:
    """A decoded file.

    Attributes:
        text: The text; U+FFFD stands for undecodable bytes.
        encoding: Python codec name.
        lossy: (code point, bytes) of every U+FFFD that is not in the file.
        rejects: What had to be guessed or was lost.
    """

    text: str
    encoding: str
    lossy: tuple[tuple[int, int], ...] = ()
    rejects: tuple[Reject, ...] = ()


def is_binary(data: bytes) -> bool:
    """Whether these bytes are no text in any encoding we read."""
    if data.startswith(MAGIC):
        return True
    if any(data.startswith(mark) for mark, _ in MARKS) or _wide(data):
        return False
    sample = data.rstrip(b"\0")[:SAMPLE]  # text files padded with zeros exist
    if not sample:
        return True
    controls = len(sample) - len(sample.translate(None, CONTROLS))
    return controls > CONTROL_SHARE * len(sample) and _wide_text(data) is None


def decode(data: bytes, said: str | None = None) -> Decoded:
    """The text of a file, its encoding, and where bytes were lost.

    Args:
        data: The file.
        said: The encoding its server said it is in; the file itself knows better.
    """
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _with(data, encoding)
    if wide := _wide(data):
        return _with(data, wide, guessed="its pattern of zero bytes")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        latin = b"\xc2" in data or b"\xc3" in data
        return Decoded(text, "utf-8", rejects=tuple(mojibake.find(text, latin=latin)))
    damaged = _with(data, "utf-8")
    multibyte = sum(c > "\x7f" for c in damaged.text) - len(damaged.lossy)
    if multibyte >= 4 * len(damaged.lossy):
        return damaged
    if wide := _wide_text(data):
        return _with(data, wide, guessed="what it decodes to")
    declared = DECLARED.search(data, 0, HEAD)
    named = CODECS.get((declared[1].decode("ascii") if declared else said or "").lower())
    if (
        named
        and named != WESTERN
        and _chinese(data[:SAMPLE]) in (None, named)
        and (read := _legacy(data, named, None))
        and len(read.lossy) * 100 <= len(read.text)
    ):
        return read
    return _legacy(data, _detect(data), "its bytes")


def _legacy(data: bytes, codec: str, guessed: str | None) -> Decoded:
    """Decode in a legacy codec; of the extensions of Big5 in the first that explains all bytes."""
    for variant in BIG5 if codec == "big5" else ():
        try:
            text = data.decode(variant)
        except UnicodeDecodeError:
            continue
        if "\u0304" not in text and "\u030c" not in text:  # one code of HKSCS for two characters: not one to one
            return _with(data, variant, guessed=guessed)
    return _with(data, codec, guessed=guessed)


def _chinese(sample: bytes) -> str | None:
    """The Chinese codec that gives ordinary text; None if neither does."""
    shares = {name: _ordinary(sample.decode(codec, "ignore")) for name, codec in CHINESE}
    best = max(shares, key=lambda name: shares[name])
    return best if shares[best] >= ORDINARY else None


def _detect(data: bytes) -> str:
    """The Chinese codec that gives ordinary text, else what a statistical detector says."""
    sample = data[:SAMPLE]
    if chinese := _chinese(sample):
        return chinese
    from resiliparse.parse.encoding import detect_encoding

    return CODECS.get(str(detect_encoding(sample)).lower(), WESTERN)


def _ordinary(text: str) -> float:
    """The share of everyday characters among the Han characters of a text; 0 where there are hardly any."""
    han = [c for c in text if "\u3400" <= c <= "\u9fff"]
    return sum(map(COMMON.__contains__, han)) / len(han) if len(han) >= 8 else 0.0


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: in text with some Latin letters or line ends one half of the byte pairs is often zero."""
    sample = data[:SAMPLE]
    if b"\0" not in sample:
        return None
    low, high = sample[::2].count(0), sample[1::2].count(0)
    if max(low, high) * 10 < len(sample) or min(low, high) * 10 > max(low, high):
        return None
    encoding = "utf-16-le" if high > low else "utf-16-be"
    try:
        sample[: len(sample) // 2 * 2].decode(encoding)
    except UnicodeDecodeError:
        return None
    return encoding


def _wide_text(data: bytes) -> str | None:
    """UTF-16 without a mark and without zeros: nearly all of it decodes to letters of the scripts we know."""
    sample = data[: SAMPLE // 8 * 2]
    if len(sample) < 16 or len(data) % 2:
        return None
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = sample.decode(encoding)
        except UnicodeDecodeError:
            continue
        if sum(map(len, WIDE_TEXT.findall(text))) >= WIDE_SHARE * len(text) and _ordinary(text) >= ORDINARY:
            return encoding
    return None


def _with(data: bytes, encoding: str, *, guessed: str | None = None) -> Decoded:
    text = data.decode(encoding, "replace")
    lossy = _losses(data, text, encoding)
    rejects = []
    if guessed:
        rejects.append(
            Reject("encoding-guessed", f"Read as {encoding}, by {guessed}.", field="encoding", value=encoding)
        )
    if lossy:
        lost = sum(length for _, length in lossy)
        first = lossy[0][0]
        message = f"{lost} bytes at {len(lossy)} places are not {encoding}; the first is character {first}."
        rejects.append(Reject("encoding-lossy", message, field="encoding", value=encoding, span=Span(first, first + 1)))
    rejects += mojibake.find(text, frozenset(place for place, _ in lossy))
    return Decoded(text, encoding, tuple(lossy), tuple(rejects))


def _losses(data: bytes, text: str, encoding: str) -> list[tuple[int, int]]:
    """Every U+FFFD of `text` that is not in `data`, with the number of bytes it stands for."""
    own = LOSS.encode(encoding, "ignore")
    losses: list[tuple[int, int]] = []
    done = byte = 0
    at = text.find(LOSS)
    while at >= 0:
        byte += len(text[done:at].encode(encoding, "replace"))
        if own and data.startswith(own, byte):
            length = len(own)
        else:
            length = _undecodable(data[byte : byte + LONGEST_CHARACTER], encoding)
            losses.append((at, length))
        byte += length
        done = at + 1
        at = text.find(LOSS, done)
    return losses


def _undecodable(window: bytes, encoding: str) -> int:
    """How many bytes at the start of `window` one U+FFFD stands for."""
    try:
        window.decode(encoding)
    except UnicodeDecodeError as failure:
        return max(failure.end, 1)
    return 1
