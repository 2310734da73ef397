"""People and their accounts (人员)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models

from hongyan.core import clock


class StaffManager(BaseUserManager["Staff"]):
    """Staff by their number, as Django's log-in asks for them."""

    def get_by_natural_key(self, username: str | None) -> Staff:
        return self.get(staff_no=username)


class Staff(AbstractBaseUser):
    """A staff member (人员); logs in with the staff number. Accounts come without a usable password.

    `pinyin` is the name's syllables without spaces, then its initials: sorted by the first, found by either.
    `is_active` is the source's word; `suspended_at` is ours, since when an account nobody used is closed.
    `totp_sealed` is the secret of the second factor, empty without one; `totp_step` the last time step a code of it was
    taken for, so that no code works twice. `let_in_by` are the ids of those who could know the password: who handed out
    the code it was set with, and who had let that person in; until `let_in_until` they and this account are one hand.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    staff_no = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=60)
    pinyin = models.CharField(max_length=120, blank=True)
    gender = models.CharField(max_length=1, default="0")
    mobile_sealed = models.BinaryField(default=b"")
    mobile_masked = models.CharField(max_length=20, blank=True)
    email = models.CharField(max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    suspended_at = models.DateTimeField(null=True)
    password_set_at = models.DateTimeField(null=True)
    totp_sealed = models.BinaryField(default=b"")
    totp_step = models.BigIntegerField(default=0)
    let_in_by = ArrayField(models.BigIntegerField(), default=list)
    let_in_until = models.DateTimeField(null=True)
    language = models.CharField(max_length=10, blank=True)

    SEALED: ClassVar[Mapping[str, str]] = {"mobile_sealed": "mobile", "totp_sealed": "org_staff.totp"}
    BOUND: ClassVar[tuple[str, ...]] = ("staff_no",)
    USERNAME_FIELD = "staff_no"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = StaffManager()

    class Meta:
        indexes = [models.Index(fields=["pinyin", "id"], name="staff_pinyin")]

    def __str__(self) -> str:
        return self.name

    @property
    def behind(self) -> frozenset[int]:
        """Ids of those who let the person in lately, and could act as them."""
        return behind(self.let_in_by, self.let_in_until)


def behind(let_in_by: Iterable[int], until: datetime | None) -> frozenset[int]:
    """Who stands behind an account now, of those who let its person in."""
    return frozenset(let_in_by if until and clock.now() < until else ())
