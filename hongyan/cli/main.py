"""The command `hongyan`: a list of groups, each in the module of its name."""

from __future__ import annotations

import importlib
from collections.abc import Sequence

import click

COMMANDS = {
    "serve": "Start everything: database, web server, worker.",
    "audit": "Seal the audit, and verify that nothing of it was altered or removed.",
    "api-token": "Make, list and revoke keys to the API.",
    "classes": "Put customers into tiers and classes, and find signals of loss.",
    "customers": "Find and show customers, in the scope of one person's post.",
    "calendar": "Keep the calendar of working days.",
    "demo": "Generate believable data, and load it.",
    "keys": "Add data keys to the vault, seal everything anew, drop the old ones; check what is sealed.",
    "ledger": "Check what customers did, and find the bank's intake anew.",
    "identity": "Find out which records are one person or one organisation.",
    "intake": "Load deliveries of source systems, see how they stand, sign them.",
    "org": "Reorganise: move units under another parent.",
    "ownership": "Find to which outlet customers of the bank belong; let pools rise.",
    "quality": "Score how complete, valid and fresh the data of customers are.",
    "real-data": "Load public data sets for trials.",
    "staff": "Let people in: hand out activation codes.",
    "db": "Migrate, dump, restore or open the database.",
}


class Groups(click.Group):
    """Lists commands without importing them, so that `--help` and small commands answer at once."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        name = cmd_name.replace("-", "_")
        module = importlib.import_module(f"hongyan.cli.{name}")
        command: click.Command = getattr(module, name)
        return command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=Groups, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="hongyan")
def hongyan() -> None:
    """Hongyan (鸿雁), the customer system of a postal group.

    Every command takes --json and --help. Exit codes: 0 done, 1 refused input, 2 wrong use.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    hongyan(arguments, prog_name="hongyan")


if __name__ == "__main__":
    main()
