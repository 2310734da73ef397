"""Log-ins for the demo's people (演示账号): a fresh installation has no account that can be used (BARS E 4)."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Prefetch

from hongyan.core import audit, clock
from hongyan.org.models import Post, Staff

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that are mistaken for another
LENGTH = 12


def give_demo_passwords(staff_nos: Iterable[str]) -> list[dict[str, str]]:
    """Give demo staff a random password of their own: `{staff_no, name, post, password}` for each, to be printed.

    For demo data only. Accounts that can log in already keep their password and are left out, so a real account is
    never opened by this; unknown numbers are left out too.
    """
    with transaction.atomic():
        posts = Prefetch("posts", Post.objects.order_by("-is_primary", "id").select_related("place__unit"))
        staff = (
            Staff.objects.filter(staff_no__in=list(staff_nos)).prefetch_related(posts).order_by("staff_no")
        )
        return [_open_account(person) for person in staff if not person.has_usable_password()]


def _open_account(person: Staff) -> dict[str, str]:
    password = "".join(secrets.choice(LETTERS) for _letter in range(LENGTH))
    Staff.objects.filter(pk=person.pk).update(password=make_password(password), password_set_at=clock.now())
    audit.record(audit.SYSTEM, "org.demo_account", "staff", person.staff_no)
    return {"staff_no": person.staff_no, "name": person.name, "post": _post_of(person), "password": password}


def _post_of(person: Staff) -> str:
    """The primary post in words."""
    return next((f"{post.place.unit} {post.get_role_display()}" for post in person.posts.all()), "")
