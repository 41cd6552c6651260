"""What the elements of HTML are to the reader, by their names."""

from typing import Final

HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
BLOCKS: Final = HEADINGS | {
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup", "hr", "html", "li", "main", "menu",
    "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
}  # fmt: skip
VOID: Final = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
)
RAW: Final = frozenset(["script", "style", "iframe", "textarea", "title", "noembed", "noframes", "xmp"])
HIDDEN: Final = frozenset(
    ["head", "noscript", "template", "svg", "math", "button", "select", "canvas", "audio", "video", "object"]
)
INLINE: Final = {
    "a": "a", "cite": "cite", "time": "time", "small": "small",
    "b": "strong", "strong": "strong", "em": "em", "i": "em",
}  # fmt: skip
IMAGES: Final = frozenset({"img", "amp-img"})
