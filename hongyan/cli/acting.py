"""Commands that act as one person in their main post: their scope, their rights, their name in the audit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from hongyan.cli.conventions import prepare_django

if TYPE_CHECKING:
    from hongyan.org.codes import Viewer

as_staff = click.option(
    "--as", "staff_no", required=True, metavar="STAFF_NO", help="Act in this person's main post."
)


@contextmanager
def acting(staff_no: str) -> Iterator[Viewer]:
    """One transaction in the scope of a person's main post. Errors: NotFound for somebody without one."""
    prepare_django()
    from django.db import transaction

    from hongyan.core import scope
    from hongyan.org.queries.viewers import find_viewer

    with transaction.atomic():
        viewer = find_viewer(staff_no)
        scope.enter(viewer.scope)
        yield viewer
