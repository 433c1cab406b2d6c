"""The command tree, and the one place where errors become sentences and exit codes."""

from __future__ import annotations

import sys

import typer
from pydantic import ValidationError
from rich.console import Console

from app.cli import check, flow, serve, shop
from app.cli.talk import chat
from app.core.errors import DangolError

app = typer.Typer(
    name="dangol",
    help="A shop counter that lives in the chat: from a hashtag comment to a paid order.",
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
)
ABOUT = """\
[bold]dangol[/bold] turns a hashtag comment into a paid order inside the chat.

  dangol demo          a demo shop with a playground in the browser
  dangol chat          the same in this terminal
  dangol serve         the server        dangol worker     its loops alone
  dangol shop apply    a shop from a file (docs/shop-file.md)
  dangol --help        everything else"""

app.add_typer(shop.shops, name="shop")
app.add_typer(shop.keys, name="key")
app.add_typer(flow.app, name="flow")
for command in (*serve.COMMANDS, *check.COMMANDS, chat):
    app.command()(command)


@app.callback(invoke_without_command=True)
def about(context: typer.Context) -> None:
    """Says what this is when asked nothing."""
    if context.invoked_subcommand is None:
        Console().print(ABOUT)


def main() -> None:
    """Runs the command; what is refused is said in a sentence, never as a stack trace."""
    say = Console(stderr=True)
    try:
        app(standalone_mode=True)
    except DangolError as error:
        say.print(f"[red]{error.text}[/red]", highlight=False)
        sys.exit(2)
    except ValidationError as error:
        for problem in error.errors():
            where = "_".join(str(part) for part in problem["loc"]).upper()
            say.print(f"[red]DANGOL_{where}: {problem['msg']}[/red]", highlight=False)
        sys.exit(2)
