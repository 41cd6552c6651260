"""What the articles of a release are and what is missing, for both READMEs: whom a count of rows speaks for."""

from typing import Final

from broadsheet.package import markdown as md
from broadsheet.package.describe import Content

LISTED: Final = 12
"""Publishers, years, languages or codes named in one line; the rest is counted."""
STATES: Final = """
    SELECT count(duplicate_of), count(*) FILTER (published_local IS NULL), count(*) FILTER (truncated) FROM articles
"""
BARREN: Final = "SELECT count(*) FROM sources WHERE article_count = 0"
MISSED: Final = """
    SELECT a.language, count(*) FROM articles a
    GROUP BY 1 HAVING count(*) FILTER (a.article_id IN (SELECT article_id FROM mentions)) = 0 ORDER BY 2 DESC, 1
"""


def coverage(content: Content) -> str:
    """Articles by language, year and publisher; copies, dates, cuts; files without an article; languages not read."""
    copies, undated, cut = content.query(STATES, "articles")[0]
    (barren,) = content.query(BARREN, "sources")[0]
    lines = [
        f"- Articles by language: {_counts(content, 'language', 'articles')}.",
        f"- By year: {_counts(content, 'published_local[:4]', 'articles', by_name=True)}.",
        f"- By publisher: {_counts(content, 'publisher', 'articles')}.",
        f"- Marked as copies or revisions of others (`duplicate_of`): {copies:,}; without a printed date: {undated:,}; "
        f"cut by a paywall or by who collected them (`truncated`): {cut:,}.",
        f"- Files that gave no article: {barren:,}. What could not be used, or not without doubt, by code "
        f"(`rejects.code`): {_counts(content, 'code', 'rejects')}.",
    ]
    if missed := content.query(MISSED, "articles", "mentions"):
        lines.append(f"- No article in these languages has mentions: {_listed(missed)}.")
    return "\n".join(lines) + "\n"


def _counts(content: Content, what: str, table: str, *, by_name: bool = False) -> str:
    """How many rows each value has; the most frequent ones are named."""
    counts = content.query(f"SELECT {what}, count(*) FROM {table} GROUP BY 1 ORDER BY 2 DESC, 1", table)
    named, rest = counts[:LISTED], counts[LISTED:]
    if by_name:
        named = sorted(named, key=lambda one: (one[0] is None, one[0]))
    others = f", {len(rest):,} others ({sum(count for _, count in rest):,})" if rest else ""
    return (_listed(named) or "none") + others


def _listed(counts: list[tuple[str | None, int]]) -> str:
    return ", ".join(f"{'not known' if name is None else md.escape(name)} ({count:,})" for name, count in counts)
