"""`broadsheet build`."""

from typing import Annotated

import typer

from broadsheet.cli.common import (
    HERE,
    JobsOption,
    JsonOption,
    ProjectOption,
    as_dict,
    load,
    print_findings,
    print_json,
    print_table,
    progress,
    say,
)


def command(
    project: ProjectOption = HERE,
    jobs: JobsOption = 0,
    cluster: Annotated[
        str | None,
        typer.Option("--cluster", metavar="ADDRESS", help="Dask scheduler to use (needs `pip install distributed`)."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Turn source files into the validated tables of build/.

    Only what changed since the last build is read. Records that cannot be used go to the table `rejects`.
    Exit status: 0; 1 if a rule of the schema failed; 2 if it could not run.

    Example: broadsheet build -C my-corpus --jobs 4
    """
    from broadsheet.engine import build

    loaded = load(project)
    with progress(quiet=as_json) as shown:
        report = build(loaded, jobs=jobs, cluster=cluster, progress=shown)
    if as_json:
        run = {name: getattr(report, name) for name in ("files", "processed", "reread", "again", "fresh")}
        print_json(report.to_json() | {"run": run, "findings": [as_dict(found) for found in report.findings]})
        raise typer.Exit(report.status)
    print_findings(report.findings)
    print_table(("table", "rows"), [(name, f"{facts.rows:,}") for name, facts in report.tables.items()], right=(1,))
    if report.rejects:
        typer.echo("")
        print_table(("rejects by code", "rows"), [(c, f"{n:,}") for c, n in report.rejects.items()], right=(1,))
    done = f"{report.processed} of {report.files} files processed" if report.processed else "no file had changed"
    if report.again:
        done += f", and {report.again} annotated again for names that other articles explain"
    what = "tables written" if report.fresh else "tables up to date"
    say(f"{done}; {what} in {loaded.build_dir.as_posix()}")
    if report.status:
        rules = ", ".join(f"{count} {code}" for code, count in report.errors.items())
        say(f"Rows broke a rule of the schema ({rules}); they are in rejects.parquet.")
    raise typer.Exit(report.status)
