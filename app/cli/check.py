"""Looking whether all is well: the promises (`audit`) and the installation (`doctor`)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from app.audit.run import audit as run_audit
from app.bootstrap import build
from app.cli.doctor import examine
from app.core.findings import Finding
from app.settings import Settings

Json = Annotated[bool, typer.Option("--json", help="For programs.")]


def audit(json: Json = False) -> None:
    """Check every promise against the rows; name those that break one."""
    findings = asyncio.run(_audit())
    if json:
        Console().print_json(
            data={
                one.invariant: {"checked": one.checked, "broken": list(one.broken)}
                for one in findings
            }
        )
    else:
        _show(findings)
    if any(one.broken for one in findings):
        raise typer.Exit(1)


async def _audit() -> list[Finding]:
    dangol = build(Settings())
    try:
        return await run_audit(dangol.engine)
    finally:
        await dangol.close()


def _show(findings: list[Finding]) -> None:
    table = Table("promise", "looked at", "broken")
    for one in findings:
        style = "red" if one.broken else "green"
        table.add_row(one.invariant, str(one.checked), str(len(one.broken)), style=style)
    console = Console()
    console.print(table)
    for one in findings:
        for line in one.broken:
            console.print(f"[red]{one.invariant}[/red] {line}", highlight=False)


def doctor(json: Json = False) -> None:
    """Check database, migrations, Redis, secret, public address, accounts and clock."""
    lines = asyncio.run(examine(Settings()))
    if json:
        Console().print_json(data=[line.as_dict() for line in lines])
    else:
        for line in lines:
            mark = "[green]ok[/green]  " if line.good else "[red]mend[/red]"
            Console().print(f"{mark} {line.what}: {line.found}", highlight=False)
            if not line.good:
                Console().print(f"       {line.mend}", highlight=False)
    if not all(line.good for line in lines):
        raise typer.Exit(1)


COMMANDS: tuple[Callable[..., None], ...] = (audit, doctor)
