"""Scoring the fields of articles against annotation of whole files."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import unquote

from broadsheet.score.measures import ONCE, Columns, Counts, Figures, Key, Tally, precision_recall, share, values
from broadsheet.score.predictions import Predicted
from broadsheet.score.texts import normalized

STATUS: Final = {"empty": "empty_body", "not_article": "not_an_article"}
LANGUAGES: Final = {"zh-cn": "zh-hans", "zh-sg": "zh-hans", "zh-tw": "zh-hant", "zh-hk": "zh-hant", "zh-mo": "zh-hant"}
FIELDS: Final = "article fields"
NAMES: Final = ("title", "publisher", "language", "published", "day", "authors", "url")
PARAGRAPHS: Final = "paragraphs"
SEGMENTATION: Final = "articles per file"
NAME: Final = re.compile(r"[\s·•.\-《》「」“”\"']+")

Json = dict[str, Any]


class ArticleTally:
    """Counts of one file, or of several."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.paragraphs = Tally()
        self.segmentation = Tally()

    def counted(self) -> Counter[Key]:
        """All counts, by group of figures."""
        fields: Counter[Key] = Counter({(FIELDS, name): number for name, number in self.counts.items()})
        return fields + self.paragraphs.counted(PARAGRAPHS) + self.segmentation.counted(SEGMENTATION)

    def figures(self) -> dict[str, Figures]:
        """All figures of articles."""
        columns = article_columns(Counts([self.counted()], ONCE))
        return {group: values(one) for group, one in columns.items()}


def article_columns(counts: Counts) -> dict[str, Columns]:
    """All figures of articles."""
    articles = counts[FIELDS, "articles"]
    return {
        FIELDS: {
            "articles": articles,
            **{name: share(counts[FIELDS, name], articles) for name in NAMES},
            "status": share(counts[FIELDS, "status"], counts[FIELDS, "statuses"]),
        },
        PARAGRAPHS: precision_recall(counts, PARAGRAPHS),
        SEGMENTATION: precision_recall(counts, SEGMENTATION),
    }


def score_file(gold: Mapping[str, Any], predicted: list[Predicted], status: str | None, tally: ArticleTally) -> None:
    """Add one file.

    Args:
        gold: The gold file.
        predicted: Its articles in the build.
        status: Status of the file in the build; None if it is not there.
        tally: Added to.
    """
    pairs = _pairs(gold["articles"], predicted)
    several = len(gold["articles"]) > 1
    if several or gold["articles"][0]["status"] != "not_an_article":
        titled = sum(_title(g, pairs[i].row["title"]) for i, g in enumerate(gold["articles"]) if i in pairs)
        found = titled if several else int(0 in pairs)
        tally.segmentation.found += found
        tally.segmentation.extra += len(predicted) - found
        tally.segmentation.missed += len(gold["articles"]) - found
    for index, article in enumerate(gold["articles"]):
        one = pairs.get(index)
        tally.counts["statuses"] += 1
        tally.counts["status"] += _status(one, status) in {article["status"], *article.get("status_accept", ())}
        if article["status"] != "not_an_article":
            tally.counts["articles"] += 1
            _fields(article, one.row if one else None, tally)


def _status(one: Predicted | None, status: str | None) -> str:
    if one is None:
        return STATUS.get(status or "", status or "not_an_article")
    return "parsed" if one.row["body"] else "empty_body"


def _pairs(gold: list[Json], predicted: list[Predicted]) -> dict[int, Predicted]:
    pairs: dict[int, Predicted] = {}
    rest = list(predicted)
    for forms in (("title", "title_ok"), ("title_loose",)):
        for index, article in enumerate(gold):
            wanted = {normalized(t) for form in forms for t in _listed(article.get(form)) if t}
            if index not in pairs:
                hit = next((p for p in rest if normalized(p.row["title"]) in wanted), None)
                if hit:
                    pairs[index] = hit
                    rest.remove(hit)
    if len(gold) == 1 and not pairs and rest:
        pairs[0] = rest[0]
    return pairs


def _listed(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else [value]


def _title(gold: Json, title: str | None) -> bool:
    wanted = {normalized(t) for t in (gold["title"], *gold.get("title_ok", ())) if t}
    return normalized(title) in wanted if wanted else not normalized(title)


def _fields(gold: Json, row: Json | None, tally: ArticleTally) -> None:
    row = row or {}
    c = tally.counts
    c["title"] += _title(gold, row.get("title"))
    c["publisher"] += _publisher(row.get("publisher")) in map(
        _publisher, (gold["publisher"], *gold.get("publisher_accept", ()))
    )
    c["language"] += _language(row.get("language")) == _language(gold["lang"])
    c["published"] += bool(row) and any(
        _same_time(row, form, gold["published_accept"]) for form in gold["published_accept"]
    )
    c["day"] += bool(row) and any(_day(row) == (form or "")[:10] for form in gold["published_accept"])
    people = {_name(a) for a in row.get("authors") or ()}
    c["authors"] += bool(row) and any(
        people == {_name(a) for a in accepted} for accepted in (gold["authors"], *gold.get("authors_accept", ()))
    )
    c["url"] += _url(row.get("url")) in map(_url, (gold["url"], *gold.get("url_accept", ()))) if row else 0
    _paragraphs(gold, row.get("body") or "", tally.paragraphs)


def _paragraphs(gold: Json, body: str, tally: Tally) -> None:
    wanted = [
        ({normalized(p["text"]), *map(_alternative, p.get("alt", ()))}, p["optional"]) for p in gold["paragraphs"]
    ]
    joins = {normalized(j["text"]): range(j["from"], j["to"] + 1) for j in gold.get("joins", ()) if "text" in j}
    hit: set[int] = set()
    for text in filter(None, map(normalized, body.split("\n\n"))):
        indexes = [i for i, (forms, _) in enumerate(wanted) if text in forms and i not in hit][:1]
        if not indexes and text in joins and not hit & set(joins[text]):
            indexes = list(joins[text])
        hit.update(indexes)
        if not indexes:
            tally.extra += 1
        else:
            tally.found += sum(not wanted[i][1] for i in indexes)
    tally.missed += sum(not optional and i not in hit for i, (_, optional) in enumerate(wanted))


def _alternative(form: Any) -> str:
    return normalized(form["text"] if isinstance(form, dict) else form)


def _name(text: str | None) -> str:
    return NAME.sub("", unicodedata.normalize("NFKC", text or "")).casefold()


def _publisher(text: str | None) -> str:
    return _name(re.sub(r"^(https?://)?(www\.)?", "", (text or "").strip()).rstrip("/"))


def _language(tag: str | None) -> str:
    low = (tag or "").replace("_", "-").lower()
    return "en" if low.startswith("en") else LANGUAGES.get(low, low)


def _url(url: str | None) -> str:
    """Without scheme, www., fragment, tracking parameters, double and trailing slashes; percent-encoding resolved."""
    text = unicodedata.normalize("NFKC", unquote(unquote((url or "").strip())))
    text = re.sub(r"^(?:https?:)?//", "", text)
    text = re.sub(r"^(www\.|m\.)", "", text).split("#")[0]
    path, _, query = text.partition("?")
    kept = sorted(p for p in query.split("&") if p and not p.startswith(("utm_", "full=", "oc=")))
    return re.sub(r"/{2,}", "/", path + ("?" + "&".join(kept) if kept else "")).rstrip("/").lower()


def _day(row: Json) -> str:
    return str(row["published_local"] or "")[:10]


def _same_time(row: Json, form: str | None, accepted: list[str | None]) -> bool:
    """Same instant where both have a zone, else same printed clock; seconds only where both have them."""
    local = row["published_local"]
    if form is None or local is None:
        return form is None and local is None
    if len(form) == 10:
        return bool(local[:10] == form and local[11:] in ("", "00:00", "00:00:00"))
    if len(local) <= 10:
        return False
    wanted = datetime.fromisoformat(form)
    printed = datetime.fromisoformat(local)
    seconds = len(local) > 16 and bool(re.search(r":\d\d:\d\d", form))
    if row["published_at"] is not None:
        zoned = [a for a in accepted if a and len(a) > 10 and datetime.fromisoformat(a).tzinfo]
        if wanted.tzinfo is None and zoned:
            return False  # a zone was claimed, so the zone must be right
        if wanted.tzinfo is not None:
            wanted, printed = wanted.astimezone(UTC), row["published_at"].astimezone(UTC)
    wanted, printed = wanted.replace(tzinfo=None, microsecond=0), printed.replace(tzinfo=None, microsecond=0)
    return wanted == printed if seconds else wanted.replace(second=0) == printed.replace(second=0)
