"""The media type of a file by its first bytes, then by its name: a fixed table, not the machine's."""

from typing import Final

_SIGNATURES: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
    (b"(\xb5/\xfd", "application/zstd"),
    (b"BZh", "application/x-bzip2"),
    (b"\xfd7zXZ\x00", "application/x-xz"),
    (b"SQLite format 3\x00", "application/vnd.sqlite3"),
)
_SUFFIXES: Final = {
    ".csv": "text/csv",
    ".htm": "text/html",
    ".html": "text/html",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".markdown": "text/markdown",
    ".md": "text/markdown",
    ".ndjson": "application/jsonl",
    ".xhtml": "application/xhtml+xml",
    ".xml": "application/xml",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
}
_HTML_STARTS: Final = (b"<!doctype html", b"<html")


def media_type(path: str, head: bytes) -> str:
    """The media type of a file.

    Args:
        path: Its path; only the ending counts.
        head: Its first bytes, 512 or more unless it is shorter.
    """
    for signature, known in _SIGNATURES:
        if head.startswith(signature):
            return known
    if head[:512].removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_HTML_STARTS):
        return "text/html"
    name = path.rpartition("/")[2]
    return _SUFFIXES.get(name[name.rfind(".") :].lower() if "." in name[1:] else "", "text/plain")
