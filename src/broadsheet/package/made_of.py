"""dist/made-of.json: which build, under which rights, became which packages.

`publish` compares it with the project as it is then. File times tell nothing: after a checkout, a copy or a download
they are those of that moment. The file stays here: a hash of rights would let strangers confirm a guess at what was
taken down.
"""

import json
from pathlib import Path
from typing import Any, Final

from broadsheet.check.files import SUMS
from broadsheet.emitted.descriptors import REPORT
from broadsheet.engine.disk import sha256
from broadsheet.project import Project

MADE_OF: Final = "made-of.json"


def made_of(project: Project, build_dir: Path, folder: Path) -> str:
    """The text of the file, for packages that are complete.

    Args:
        project: Under whose rights they were made.
        build_dir: The build they were made of.
        folder: Holds them, with their lists of hashes.
    """
    sums = (SUMS, *sorted(f"{part.name}/{SUMS}" for part in folder.iterdir() if part.is_dir()))
    told = {
        "rights": project.rights,
        "report": sha256(build_dir / REPORT)[0],
        "sums": {path: sha256(folder / path)[0] for path in sums},
    }
    return json.dumps(told, indent=2) + "\n"


def outdated(project: Project, dist_dir: Path) -> str | None:
    """Why packages are not what the project would be packaged as now; None if they are.

    Where there is no build, as in a job that only publishes, the rights alone are compared.
    """
    told = _told(dist_dir / MADE_OF)
    if told is None:
        return f"without {MADE_OF} nobody knows what the packages were made of"
    if told["rights"] != project.rights:
        return "they were made before the last change of `redistribution`, `restrictions` or `blocklist.yaml`"
    report = project.build_dir / REPORT
    if report.is_file() and sha256(report)[0] != told["report"]:
        return "they were made of another build"
    for path, digest in told["sums"].items():
        file = dist_dir / path
        if file.is_symlink() or not file.is_file() or sha256(file)[0] != digest:
            return f"{path} is not of the packages that were made together"
    return None


def _told(file: Path) -> dict[str, Any] | None:
    try:
        told = json.loads(file.read_bytes())
        kinds = (("rights", str), ("report", str), ("sums", dict))
        known = all(isinstance(told[key], kind) for key, kind in kinds)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return told if known else None
