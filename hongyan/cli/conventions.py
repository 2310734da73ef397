"""What every command keeps to: `--json` prints one object; exit 0 done, 1 refused input, 2 wrong use."""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Callable, Mapping
from typing import Any

import click
import psycopg

from hongyan.config.mail import MailError
from hongyan.config.secrets import SecretsError
from hongyan.core.errors import HongyanError
from hongyan.core.postgres import PostgresError
from hongyan.core.roles import RolesError

Result = Mapping[str, Any]
Command = Callable[..., Result]


class Refused(Exception):
    """Input or a machine's state that a command cannot work with; the message is one line for a person."""


# Said in one line, without a trace: they are answers, not defects.
REFUSALS = (
    Refused, HongyanError, SecretsError, MailError, PostgresError, RolesError, psycopg.OperationalError, OSError,
)  # fmt: skip
NO_DATABASE = "the database does not answer: `make run` starts it, or DATABASE_URL names another"
"""Django wraps the driver's error in its own, which is not imported here: it would slow every command's start."""


def answers(command: Command) -> Callable[..., None]:
    """Make a function that returns its result into a command that prints it, as lines or with `--json`.

        @demo.command()
        @answers
        def load() -> Result:
            '''Load the demo.'''
            return {"customers": 20_000}

    Progress belongs on standard error, so that standard output holds the result alone.
    """

    @click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON object.")
    @functools.wraps(command)
    def run(*arguments: Any, as_json: bool, **options: Any) -> None:
        try:
            result = command(*arguments, **options)
        except REFUSALS as error:
            refuse(error, as_json=as_json)
        except Exception as error:
            if not isinstance(error.__cause__, psycopg.OperationalError):
                raise
            refuse(Refused(f"{error}; {NO_DATABASE}"), as_json=as_json)
        show(result, as_json=as_json)

    return run


def show(result: Result, *, as_json: bool) -> None:
    """Print a result: one JSON object, or a line per entry."""
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False, default=str))
        return
    for name, value in result.items():
        click.echo(f"{name.replace('_', ' ')}: {value}")


def refuse(error: Exception, *, as_json: bool) -> None:
    """Say in one line why, and end with exit code 1."""
    message = " ".join(str(error).split())
    if as_json:
        click.echo(json.dumps({"error": type(error).__name__, "message": message}, ensure_ascii=False))
    else:
        click.echo(f"hongyan: {message}", err=True)
    raise SystemExit(1)


def prepare_django() -> None:
    """Load settings and models; commands that need them call it first, the others start faster without."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hongyan.config.settings")
    django.setup()
