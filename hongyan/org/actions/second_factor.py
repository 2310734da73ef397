"""The second factor (两步验证): setting one up, proving it, recovery codes, taking it off."""

from __future__ import annotations

from django.db import transaction

from hongyan.core import audit, clock, vault
from hongyan.core.audit import Actor
from hongyan.core.sealed import open_sealed
from hongyan.org.models import RecoveryCode, Staff
from hongyan.org.rules.second_factor import new_codes, step_of


def set_up(staff: Staff, secret: bytes, code: str, *, actor: Actor) -> list[str] | None:
    """Take a secret as somebody's second factor once a code proves that their app has it: fresh recovery codes.

    None when the code is wrong; then nothing changed. What was there before counts no more.
    """
    step = step_of(secret, code, now=clock.now(), after=0)
    if step is None:
        return None
    with transaction.atomic():
        staff.totp_sealed = vault.seal(secret, record=staff.uuid, column=Staff.SEALED["totp_sealed"])
        staff.totp_step = step
        staff.save(update_fields=["totp_sealed", "totp_step"])
        codes = _renew_codes(staff)
        audit.record(actor, "staff.set_up_factor", "staff", staff.staff_no)
    return codes


def is_right(staff: Staff, code: str) -> bool:
    """Whether a code of the app, or a recovery code, is right; it is used up by this. Call it in a transaction."""
    staff = Staff.objects.select_for_update().get(pk=staff.pk)
    if not staff.totp_sealed:
        return False
    secret = open_sealed(staff, "totp_sealed")
    step = step_of(secret, code, now=clock.now(), after=staff.totp_step)
    if step is not None:
        staff.totp_step = step
        staff.save(update_fields=["totp_step"])
        return True
    unused = RecoveryCode.objects.filter(staff=staff, digest=_digest(staff, code), used_at=None)
    return bool(unused.update(used_at=clock.now()))


def take_off(staff: Staff) -> None:
    """Forget somebody's second factor; who proves anew who they are sets up another."""
    staff.totp_sealed, staff.totp_step = b"", 0
    staff.save(update_fields=["totp_sealed", "totp_step"])
    staff.recovery_codes.all().delete()


def _renew_codes(staff: Staff) -> list[str]:
    staff.recovery_codes.all().delete()
    codes = new_codes()
    RecoveryCode.objects.bulk_create(RecoveryCode(staff=staff, digest=_digest(staff, code)) for code in codes)
    return codes


def _digest(staff: Staff, code: str) -> bytes:
    typed = "".join(code.split()).casefold().replace("-", "")
    return vault.blind("recovery", f"{staff.uuid}/{typed}")
