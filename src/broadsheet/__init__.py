"""Broadsheet: collected news files in, a published dataset people can trust out."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from os import PathLike

    from broadsheet.opened import Dataset

__all__ = ["__version__", "open"]
__version__ = "0.1.0"


def open(path: "str | PathLike[str]", *, sources: "str | PathLike[str] | None" = None) -> "Dataset":
    """Open a package, as a folder or a zip, or a build, to read its tables and trace its rows.

    Args:
        path: A data package, a Hugging Face dataset, a folder that holds them, a build, or a project.
        sources: The project it was made from, if its source files are at hand: `trace` then compares.

    Raises:
        BroadsheetError: `package-invalid` if nothing of that kind is there, or what cannot be read of it.

    Example:
        >>> import broadsheet
        >>> broadsheet.open("dist/datapackage").events.pandas()  # doctest: +SKIP
    """
    from pathlib import Path

    from broadsheet.opened import Dataset

    return Dataset(Path(path), None if sources is None else Path(sources))
