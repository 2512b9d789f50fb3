"""``proverka``: the group, and what its commands share."""

from __future__ import annotations

import difflib
from pathlib import Path

import click

from proverka import __version__
from proverka.config import find_root


class Group(click.Group):
    """A group that suggests the command that was meant."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does it, with a suggestion."""
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            near = difflib.get_close_matches(args[0], self.list_commands(ctx), n=1)
            message = f"No such command “{args[0]}”."
            ctx.fail(f"{message} Did you mean “{near[0]}”?" if near else message)
        return super().resolve_command(ctx, args)


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="proverka")
@click.option(
    "--project",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    help="The project’s folder; found from the current one if left out.",
)
@click.pass_context
def main(ctx: click.Context, project: Path | None) -> None:
    r"""Check a book against its sources and make quizzes from its questions.

    A project has chapters (book/<stem>.md), claims with their sources (book/ledger/<stem>.yml,
    book/references.bib) and questions (quizzes/bank/<stem>.yml). Other places can be set in
    [tool.proverka] of pyproject.toml.

    \b
    Begin with:
      proverka check        every problem, with its place and what to do
      proverka notebooks    write a notebook for each chapter’s questions
      proverka validate     run them blank, with the key and with every wrong answer

    Exit status: 0 all is well, 1 there are problems, 2 wrong usage.
    """
    ctx.obj = project.resolve() if project else find_root(Path.cwd())


def _add_commands() -> None:
    from proverka.cli.check import check
    from proverka.cli.notebooks import notebooks
    from proverka.cli.validate import validate

    for command in (check, notebooks, validate):
        main.add_command(command)


_add_commands()
