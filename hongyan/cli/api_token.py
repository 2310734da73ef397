"""`hongyan api-token`: keys to the API for other programs, bound to a person's post."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from hongyan.cli.conventions import Result, answers, prepare_django

if TYPE_CHECKING:
    from hongyan.org.codes import Viewer

_staff = click.option("--staff", "staff_no", required=True, metavar="STAFF_NO", help="Whose token it is.")


@click.group()
def api_token() -> None:
    """Make, list and revoke keys to the API."""


@api_token.command()
@_staff
@click.option(
    "--post", "post_id", type=int, metavar="ID", help="The post it acts in; the main post by default."
)
@click.option("--name", required=True, help="What it is for.")
@answers
def create(staff_no: str, post_id: int | None, name: str) -> Result:
    """Make a token and print it, this once."""
    with _acting(staff_no, post_id) as viewer:
        from hongyan.org.actions.api_tokens import make_api_token

        token, text = make_api_token(viewer, name=name)
    return {"id": token.pk, "token": text, "post": viewer.post_id, "expires_at": token.expires_at}


@api_token.command("list")
@_staff
@answers
def list_tokens(staff_no: str) -> Result:
    """The tokens of a person that still work: id → name and end."""
    with _acting(staff_no) as viewer:
        from hongyan.org.queries.me import my_page

        return {
            str(token.pk): f"{token.name} → {token.expires_at:%Y-%m-%d}" for token in my_page(viewer).tokens
        }


@api_token.command()
@_staff
@click.argument("token_id", type=int)
@answers
def revoke(staff_no: str, token_id: int) -> Result:
    """End a token at once."""
    with _acting(staff_no) as viewer:
        from hongyan.org.actions.api_tokens import revoke_api_token

        revoke_api_token(viewer, token_id)
    return {"revoked": token_id}


@contextmanager
def _acting(staff_no: str, post_id: int | None = None) -> Iterator[Viewer]:
    """One transaction in the scope of a person's post. Errors: NotFound for somebody without it."""
    prepare_django()
    from hongyan.core import scope
    from hongyan.org.queries.viewers import find_viewer

    viewer = find_viewer(staff_no, post_id=post_id)
    with scope.acting(viewer.scope):
        yield viewer
