"""The command line. Nothing heavy is imported before a command needs it."""

from __future__ import annotations


def main() -> None:
    """Entry point of ``incubxl``."""
    from incubxl.cli.chinese import run
    from incubxl.cli.commands import app

    run(app)
