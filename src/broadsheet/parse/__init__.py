"""Parse: a source file to a `Document`.

A file answers two questions that are kept apart: how it is wrapped (`layers`, `bodies`) and who wrote it
(`publishers`). `choose` is the one place that picks among several readings of a field.
"""

from typing import Final

from broadsheet.parse.fingerprint import fingerprint
from broadsheet.parse.pipeline import parse

PARSER_VERSION: Final = "1.0.0"

__all__ = ["PARSER_VERSION", "fingerprint", "parse"]
