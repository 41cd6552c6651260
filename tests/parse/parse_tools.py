"""What the tests of the parser share: making a document of a text, and checking that its runs give its bytes."""

import hashlib
import html
import json
import re
from dataclasses import dataclass

from broadsheet.document import Document, SourceFile, SourceText
from broadsheet.parse import parse


@dataclass(frozen=True)
class Settings:
    """The part of a collection the parser reads."""

    publisher: str | None = None
    language: str | None = None
    timezone: str | None = None
    format: str | None = None
    path: str | None = None


def document(
    content: str | bytes, path: str = "made/item.md", home: str | None = None, **settings: str | None
) -> Document:
    data = content.encode() if isinstance(content, str) else content
    source = SourceFile("made", path, data, hashlib.sha256(data).hexdigest())
    return parse(source, Settings(path=home, **settings))  # type: ignore[arg-type]


def codes(parsed: Document) -> list[str]:
    return [reject.code for reject in parsed.rejects]


def paragraphs(parsed: Document, position: int = 0) -> list[str]:
    return [block.text.text for block in parsed.articles[position].blocks]


def kinds(parsed: Document) -> list[str]:
    return [block.kind for block in parsed.articles[0].blocks]


def _bare(text: str) -> str:
    return re.sub(r"[\s\u200b-\u200f\ufeff]+", "", html.unescape(html.unescape(re.sub(r"<[^>]*>", "", text))))


def _unescaped(text: str) -> str:
    """A stretch of a JSON string as the text it stands for."""
    try:
        return str(json.loads(f'"{text}"')).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    except ValueError:
        return text


def assert_traceable(parsed: Document) -> None:
    """Every run of title and body gives its text when its bytes are decoded; every character of the body has one.

    White space that JSON writes as an escape has none.
    """
    for article in parsed.articles:
        for name, text in (("title", article.title), ("body", article.body())):
            if text is None:
                continue
            for run in text.runs:
                start = parsed.byte_map.byte(run.source_start)
                end = parsed.byte_map.byte(run.source_start + run.source_length)
                sliced = parsed.source.data[start:end].decode(parsed.encoding, "replace")
                wanted = text.text[run.text_start : run.text_start + run.text_length]
                same = sliced == wanted or _bare(wanted) in (_bare(sliced), _bare(_unescaped(sliced)))
                assert same, (name, sliced, wanted)
        body = article.body()
        spaces = sum(map(str.isspace, body.text)) if "json_record" in parsed.layers else body.text.count("\n\n") * 2
        assert covered(body) >= len(body.text) - spaces


def covered(text: SourceText) -> int:
    return sum(run.text_length for run in text.runs)
