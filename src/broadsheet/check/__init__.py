"""Rules, findings, reporters: whether a build or a package is what it says it is."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from broadsheet.check.report import CheckReport
    from broadsheet.check.run import check_path

__all__ = ["CheckReport", "check_path"]


def __getattr__(name: str) -> Any:
    """Import what is asked for: `run` brings the engine, and whoever looks at schemas only shall not wait for it."""
    from importlib import import_module

    homes = {"CheckReport": "report", "check_path": "run"}
    if name not in homes:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{homes[name]}"), name)
