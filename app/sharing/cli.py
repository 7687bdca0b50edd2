"""The commands of the sharing room."""

from __future__ import annotations

import click

from app.sharing.planning.cli import plan


@click.group()
def sharing() -> None:
    """Shared instruments: plans."""


sharing.add_command(plan)
