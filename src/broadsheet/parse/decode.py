"""Bytes to text: which codec a file is written in, and which of its bytes no codec explains.

Order: byte order mark, UTF-16 by its pattern of zero bytes, strict UTF-8, UTF-8 with a few damaged bytes, then a
statistical detector for the legacy encodings. The codec named decodes character by character, so that slices of the
file decode to slices of the text; a byte order mark stays in the text as U+FEFF.
"""

import codecs
from dataclasses import dataclass
from typing import Final

from broadsheet.document import Reject, Span

LOSS: Final = "\ufffd"
MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
LEGACY: Final = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5",
    "shift_jis": "shift_jis",
    "euc-jp": "euc_jp",
    "euc-kr": "euc_kr",
}
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
    return not sample or len(sample) - len(sample.translate(None, CONTROLS)) > CONTROL_SHARE * len(sample)


def decode(data: bytes) -> Decoded:
    """The text of a file, its encoding, and where bytes were lost."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _with(data, encoding)
    if wide := _wide(data):
        return _with(data, wide, guessed=True)
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    damaged = _with(data, "utf-8")
    multibyte = sum(c > "\x7f" for c in damaged.text) - len(damaged.lossy)
    if multibyte >= 4 * len(damaged.lossy):
        return damaged
    return _with(data, _detect(data), guessed=True)


def _detect(data: bytes) -> str:
    from resiliparse.parse.encoding import detect_encoding

    return LEGACY.get(str(detect_encoding(data[:SAMPLE])).lower(), "cp1252")


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


def _with(data: bytes, encoding: str, *, guessed: bool = False) -> Decoded:
    text = data.decode(encoding, "replace")
    lossy = _losses(data, text, encoding)
    rejects = []
    if guessed:
        rejects.append(
            Reject("encoding-guessed", f"Read as {encoding}, by its bytes.", field="encoding", value=encoding)
        )
    if lossy:
        lost = sum(length for _, length in lossy)
        first = lossy[0][0]
        message = f"{lost} bytes at {len(lossy)} places are not {encoding}; the first is character {first}."
        rejects.append(Reject("encoding-lossy", message, field="encoding", value=encoding, span=Span(first, first + 1)))
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
