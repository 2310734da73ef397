"""What the lines of several kinds of requests say alike (审批列表)."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from hongyan.org.models import Staff


def asked_line(subject: str | Promise, what: str) -> str:
    """What is asked of a subject, in one line."""
    return _("{subject}：{what}").format(subject=subject, what=what)


def named(staff: Staff) -> str:
    """A person in plain text, with the number that tells namesakes apart."""
    return f"{staff.name} {staff.staff_no}"
