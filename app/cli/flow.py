"""The conversation as a machine: drawn, and checked for dead ends."""

from __future__ import annotations

import typer

from app.core.dialog.graph import lint as lint_flow
from app.core.dialog.graph import mermaid

app = typer.Typer(help="The conversation as a machine.", no_args_is_help=True)


@app.command("graph")
def graph() -> None:
    """Print it as a Mermaid diagram."""
    typer.echo(mermaid())


@app.command("lint")
def lint() -> None:
    """Look for dead ends and missing words."""
    found = lint_flow()
    for line in found:
        typer.echo(line)
    if found:
        raise typer.Exit(1)
    typer.echo("No dead ends.")
