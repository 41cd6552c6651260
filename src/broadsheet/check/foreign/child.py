"""Resources that Broadsheet does not read itself, validated by frictionless in a process that may fail.

frictionless has no limit of time or memory of its own, and reads formats (spreadsheets, databases) whose parsers have
none either. It runs as `python -m broadsheet.check.foreign.child`, given one resource on standard input.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

SECONDS: Final = 300
MEMORY: Final = 2 << 30
ERRORS: Final = 1_000_000  # frictionless stops at 1,000 unless told otherwise
SHOWN: Final = 200

Json = dict[str, Any]


def validate(root: Path, resource: Json, *, seconds: float = SECONDS) -> list[Json]:
    """What frictionless says of a resource: type, message, row, field and count of each kind of error.

    Args:
        root: Folder of the package.
        resource: Its descriptor; all paths are known to be safe.
        seconds: That it may take.

    Raises:
        TimeoutError: If it takes longer, or more memory than it may.
    """
    given = json.dumps({"root": str(root.absolute()), "resource": resource, "seconds": int(seconds)})
    command = [sys.executable, "-m", "broadsheet.check.foreign.child"]
    try:
        done = subprocess.run(command, input=given.encode(), capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired as problem:
        raise TimeoutError(f"frictionless did not end within {seconds:g} seconds") from problem
    try:
        found: list[Json] = json.loads(done.stdout)
    except ValueError as problem:
        why = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or [f"status {done.returncode}"]
        raise TimeoutError(f"frictionless failed: {why[0][:SHOWN]}") from problem
    return found


def main() -> None:
    """Read a resource, print what is wrong with it."""
    given = json.load(sys.stdin)
    _limit(given["seconds"])
    import frictionless

    resource = frictionless.Resource.from_descriptor(given["resource"], basepath=given["root"])
    report = resource.validate(limit_errors=ERRORS)
    errors = [*report.errors, *(problem for task in report.tasks for problem in task.errors)]
    print(json.dumps(_counted(errors)))


def _counted(errors: list[Any]) -> list[Json]:
    """Errors with a count for each kind and field; the first stands for all."""
    kinds: dict[tuple[str, str | None], Json] = {}
    for problem in errors:
        field = getattr(problem, "field_name", None)
        entry = kinds.setdefault(
            (problem.type, field),
            {
                "type": problem.type,
                "message": problem.message[:SHOWN],
                "row": getattr(problem, "row_number", None),
                "field": field,
                "count": 0,
            },
        )
        entry["count"] += 1
    return list(kinds.values())


def _limit(seconds: int) -> None:
    """Memory and time of this process; not every system can."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds + 1, seconds + 1))


if __name__ == "__main__":
    main()
