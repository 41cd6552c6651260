"""`broadsheet package`."""

from dataclasses import asdict

import typer

from broadsheet.cli.common import (
    HERE,
    JsonOption,
    ProjectOption,
    as_dict,
    load,
    print_findings,
    print_json,
    print_table,
    say,
)


def command(project: ProjectOption = HERE, as_json: JsonOption = False) -> None:
    """Make the data package and the Hugging Face dataset of dist/.

    Both hold the rows of build/, as far as the rights of each article allow. Nothing in dist/ changes until all is
    made. Exit status: 0; 1 if the content has a fault, which is named; 2 if it could not run.

    Example: broadsheet package -C my-corpus
    """
    from broadsheet.package import package

    loaded = load(project)
    report = package(loaded, loaded.build_dir, loaded.dist_dir)
    if as_json:
        print_json(asdict(report) | {"findings": [as_dict(found) for found in report.findings]})
        raise typer.Exit(report.status)
    print_findings(report.findings)
    print_table(("table", "rows"), [(name, f"{rows:,}") for name, rows in report.rows.items()], right=(1,))
    dist = report.dist.as_posix()
    for name, opened in (
        ("datapackage", f"frictionless validate {dist}/datapackage/datapackage.json"),
        ("huggingface", f'datasets.load_dataset("{dist}/huggingface", "events")'),
    ):
        files = [file for file in report.files if file.path.startswith(f"{name}/")]
        size = sum(file.bytes for file in files)
        say(f"{dist}/{name}: {len(files)} files, {size:,} bytes; open it with: {opened}")
    for file in report.files:
        if file.path.endswith(".zip"):
            say(f"{dist}/{file.path}: {file.bytes:,} bytes; the data package in one file")
    raise typer.Exit(report.status)
