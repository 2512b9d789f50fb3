"""``proverka``: the group, and what its commands share."""

from __future__ import annotations

import difflib
from importlib import import_module
from pathlib import Path

import click

from proverka import __version__
from proverka.config import find_root

#: Every command, in the order of the help, and the extra that it needs. Its module has its name.
COMMANDS = {
    "check": "",
    "notebooks": "",
    "validate": "",
    "release": "classroom",
    "collect": "classroom",
    "grade": "classroom",
    "mark": "classroom",
    "regrade": "classroom",
    "report": "classroom",
    "grades": "classroom",
    "forget": "classroom",
    "receipt": "",
}


class Group(click.Group):
    """A group that loads a command when it is called, and suggests the one that was meant."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All of them, in the order of the table."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, or one that says what has to be installed for it."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        try:
            command: click.Command = getattr(import_module(f"proverka.cli.{cmd_name}"), cmd_name)
        except ModuleNotFoundError as error:
            if (error.name or "").partition(".")[0] == "proverka":
                raise
            return _needs(cmd_name, COMMANDS[cmd_name] or "book", str(error.name))
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does it, with a suggestion."""
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            near = difflib.get_close_matches(args[0], COMMANDS, n=1)
            message = f"No such command “{args[0]}”."
            ctx.fail(f"{message} Did you mean “{near[0]}”?" if near else message)
        return super().resolve_command(ctx, args)


def _needs(name: str, extra: str, missing: str) -> click.Command:
    def tell() -> None:
        raise click.ClickException(f"“{name}” needs {missing}; run: pip install 'proverka[{extra}]'")

    settings = {"ignore_unknown_options": True, "allow_extra_args": True}
    return click.Command(name, settings, tell, short_help=f"(pip install 'proverka[{extra}]')")


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="proverka")
@click.option(
    "--project",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    help="The project’s folder; found from the current one if left out.",
)
@click.pass_context
def main(ctx: click.Context, project: Path | None) -> None:
    """Check a book against its sources and make quizzes from its questions.

    A project has chapters (book/<stem>.md), claims with their sources (book/ledger/<stem>.yml,
    book/references.bib) and questions (quizzes/bank/<stem>.yml). Other places can be set in
    [tool.proverka] of pyproject.toml.

    \b
    Begin with:
      proverka check        every problem, with its place and what to do
      proverka notebooks    write a notebook for each chapter’s questions
      proverka validate     run them blank, with the key and with every wrong answer

    \b
    With a class:
      proverka release      a notebook for each student, without any key
      proverka collect      what came back, read as data
      proverka grade        points for every answer
      proverka report       feedback for each student

    Exit status: 0 all is well, 1 there are problems, 2 wrong usage.
    """
    ctx.obj = project.resolve() if project else find_root(Path.cwd())
