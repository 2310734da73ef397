"""`hongyan staff`: letting the first people in."""

from __future__ import annotations

import click

from hongyan.cli.conventions import Result, answers, prepare_django


@click.group()
def staff() -> None:
    """Let people in: hand out activation codes."""


@staff.command()
@click.argument("staff_no")
@answers
def activate(staff_no: str) -> Result:
    """Print a code with which a person sets a password at /login/activate/.

    For the first administrators of an installation; after that they hand out codes on the page of a person. Whoever
    can run this command holds the key ring and the database anyway. It is audited.
    """
    prepare_django()
    from hongyan.core import scope
    from hongyan.core.audit import SYSTEM
    from hongyan.core.errors import NotFound
    from hongyan.org.actions.passwords import issue_activation
    from hongyan.org.models import Staff

    with scope.acting(scope.EVERYTHING):
        person = Staff.objects.filter(staff_no=staff_no, is_active=True).first()
        if person is None:
            raise NotFound("staff", staff_no)
        activation, code = issue_activation(person, actor=SYSTEM)
    return {"staff": person.staff_no, "name": person.name, "code": code, "expires_at": activation.expires_at}
