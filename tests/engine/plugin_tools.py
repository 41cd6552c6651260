"""Packages that offer annotators, as an installer would leave them on disk."""

from pathlib import Path


def install(site: Path, name: str, code: str, entries: str, version: str = "1.0") -> Path:
    """A package of one module.

    Args:
        site: Folder on the path of modules.
        name: Of the module.
        code: Of the module.
        entries: Lines of `entry_points.txt`.
        version: Of the package.
    """
    info = site / f"{name}.dist-info"
    info.mkdir(parents=True, exist_ok=True)
    (site / f"{name}.py").write_text(code, "utf-8")
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", "utf-8")
    (info / "entry_points.txt").write_text(entries, "utf-8")
    return site
