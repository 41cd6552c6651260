"""The `broadsheet` command: one module per verb, imported only when the verb is used."""

from difflib import get_close_matches
from importlib import import_module
from typing import Any, Final

import typer
from typer.core import TyperGroup

from broadsheet import __version__
from broadsheet.findings import BroadsheetError

VERBS: Final = {
    "inspect": "Say what a collection of files holds, before there is a project.",
    "init": "Make a new project, proposed from what `inspect` finds.",
    "build": "Turn source files into the validated tables of build/.",
    "check": "Check a project, a build or a package: schema, keys, hashes, spans.",
    "package": "Make the data package and the Hugging Face dataset of dist/.",
    "diff": "Compare two packages or builds, and say what version step that is.",
    "release": "Build, check, package, and compare with the last release; note the new one.",
    "publish": "Bring dist/ to a folder, a bucket or the Hugging Face Hub, only what changed, and verify what arrived.",
    "trace": "Show the text of a source file that a row was made from.",
    "score": "Measure a build against hand annotation.",
}
"""The first line of every verb's help, so that `broadsheet --help` imports none of them; a test compares."""

EPILOG: Final = (
    "Start with: broadsheet init my-corpus --source my-files && broadsheet build -C my-corpus. "
    "Then check, package, release and publish, in that folder. Every verb tells its options: broadsheet VERB --help."
)


class LazyVerbs(TyperGroup):
    """A group whose commands are modules of this package."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The verbs, in the order of their use."""
        return list(VERBS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of a verb; None if there is no such verb."""
        if cmd_name not in VERBS:
            return None
        verb = typer.Typer(add_completion=False, rich_markup_mode=None)
        verb.command(name=cmd_name)(import_module(f"broadsheet.cli.{cmd_name}").command)
        return typer.main.get_command(verb)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Verbs with their summaries."""
        with formatter.section("Verbs"):
            formatter.write_dl(list(VERBS.items()))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command meant; a misspelt verb names the nearest one."""
        if args and args[0] not in VERBS:
            near = get_close_matches(args[0], VERBS, 1)
            ctx.fail(f"There is no verb {args[0]!r}." + (f" Did you mean {near[0]!r}?" if near else ""))
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run a verb; what stops it is told on stderr with code, place and remedy, and gives status 2."""
        as_json = "--json" in ctx.args
        try:
            return super().invoke(ctx)
        except BroadsheetError as problem:
            from broadsheet.cli.common import print_error

            print_error(problem.finding, as_json=as_json)
            raise typer.Exit(2) from problem


app = typer.Typer(
    name="broadsheet",
    cls=LazyVerbs,
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
    epilog=EPILOG,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"broadsheet {__version__}")
        raise typer.Exit


@app.callback()
def broadsheet(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Show the version and leave."
    ),
) -> None:
    """Turn an archive of collected news files into a published dataset people can trust."""


def main() -> None:
    """Run the command line."""
    app(prog_name="broadsheet")
