"""How somebody wants to hear of things (通知设置): families, hours of quiet, an address that is proved by a code."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from hongyan.core import audit, clock, vault, versions
from hongyan.core.errors import Invalid
from hongyan.core.masking import mask_email
from hongyan.core.parameters import value_of, values_of
from hongyan.desk.actions.mails import queue_code
from hongyan.desk.actions.send_mails import code_digest
from hongyan.desk.codes import Way
from hongyan.desk.mail_words import is_set_up
from hongyan.desk.models import NoticeSettings
from hongyan.desk.notices import families
from hongyan.desk.parameters import MAIL_CODE_FAILURES, MAIL_CODES_A_DAY, MAIL_DOMAINS
from hongyan.desk.queries.notice_settings import find_settings, new_settings
from hongyan.desk.rules import is_house_address, way_of
from hongyan.org.codes import Viewer

LONGEST_ADDRESS = 254


def change_settings(
    viewer: Viewer,
    ways: Mapping[str, str],
    *,
    quiet_from: int,
    quiet_to: int,
    quiet_days: bool,
    seen: str | None = None,
) -> NoticeSettings:
    """Say how the viewer hears of each family, and when they want no mail.

    Errors: Invalid for a way that a family does not have, or hours that are none; Conflict when the settings are no
    longer as they were `seen`.
    """
    chosen = {family.key: _checked(ways.get(family.key, ""), family.may_mute) for family in families()}
    if not (0 <= quiet_from <= 23 and 0 <= quiet_to <= 23):
        raise Invalid({"quiet_from": _("钟点为 0 至 23")})
    with transaction.atomic():
        settings = _locked(viewer)
        versions.require_unchanged(
            "notice_settings", seen, versions.mark(settings.kept), now=_("另一个窗口保存的设置")
        )
        before = settings.kept
        wants_digest = Way.DIGEST in chosen.values()
        if wants_digest and not settings.wants_digest:
            settings.digested_at = clock.now()
        settings.ways, settings.wants_digest = chosen, wants_digest
        settings.quiet_from, settings.quiet_to, settings.quiet_days = quiet_from, quiet_to, quiet_days
        settings.save()
        if settings.kept != before:
            audit.record(
                viewer.actor,
                "notice_settings.changed",
                "notice_settings",
                viewer.staff_no,
                before=before,
                after=settings.kept,
            )
    return settings


def ask_code(viewer: Viewer, address: str) -> NoticeSettings:
    """Have a code sent to an address. It takes the place of the one before, to which nothing is sent any more.

    Errors: Invalid where no mails are sent, for what is no address or none of the house's, and beyond the day's codes.
    """
    address = address.strip()
    most, domains = values_of(MAIL_CODES_A_DAY, MAIL_DOMAINS, units=viewer.unit_chain)
    _require_address(address, domains)
    with transaction.atomic():
        settings = _locked(viewer)
        today = clock.business_date()
        asked = settings.codes_asked if settings.codes_on == today else 0
        if asked >= most:
            raise Invalid({"email": _("今天已经申请过 {count} 次验证码，请明天再试。").format(count=most)})
        settings.codes_on, settings.codes_asked = today, asked + 1
        sealed = vault.seal(address.encode(), record=settings.uuid, column=settings.SEALED["address_sealed"])
        settings.address_sealed, settings.address_masked = sealed, mask_email(address)
        _forget_proof(settings)
        settings.save()
        queue_code(settings)
        after = {"address": settings.address_masked}
        audit.record(viewer.actor, "mail_address.asked", "notice_settings", viewer.staff_no, after=after)
    return settings


def confirm_address(viewer: Viewer, code: str) -> bool:
    """Whether a code is the one that was sent last; then mails go to its address from now on.

    Wrong ones are counted: after a few, or some minutes, the code is worth nothing.
    """
    most = value_of(MAIL_CODE_FAILURES, units=viewer.unit_chain)
    with transaction.atomic():
        settings = find_settings(viewer.staff_no, for_update=True)
        if settings is None or settings.code_until is None or settings.code_until < clock.now():
            return False
        digest = code_digest(settings, "".join(code.split()))
        if settings.code_failures >= most or not constant_time_compare(bytes(settings.code_digest), digest):
            settings.code_failures += 1
            settings.save(update_fields=["code_failures"])
            return False
        _forget_proof(settings)
        settings.confirmed_at = clock.now()
        settings.save()
        after = {"address": settings.address_masked}
        audit.record(viewer.actor, "mail_address.confirmed", "notice_settings", viewer.staff_no, after=after)
    return True


def remove_address(viewer: Viewer) -> None:
    """Forget the viewer's address: no mail is sent any more. Done again it changes nothing."""
    with transaction.atomic():
        settings = find_settings(viewer.staff_no, for_update=True)
        if settings is None or not settings.address_sealed:
            return
        before = {"address": settings.address_masked}
        settings.address_sealed, settings.address_masked = b"", ""
        _forget_proof(settings)
        settings.save()
        audit.record(viewer.actor, "mail_address.removed", "notice_settings", viewer.staff_no, before=before)


def _locked(viewer: Viewer) -> NoticeSettings:
    """The viewer's settings for a change; the first change makes them."""
    versions.take_turn("notice_settings", viewer.staff_no)
    return find_settings(viewer.staff_no) or new_settings(viewer)


def _forget_proof(settings: NoticeSettings) -> None:
    settings.confirmed_at = settings.code_until = None
    settings.code_digest, settings.code_failures = b"", 0


def _checked(chosen: str, may_mute: bool) -> str:
    way = way_of(chosen, may_mute=may_mute)
    if chosen and way != chosen:
        raise Invalid({"": _("这类通知不能这样设置")})
    return way.value


def _require_address(address: str, domains: list[str]) -> None:
    if not is_set_up():
        raise Invalid({"email": _("本系统没有设置发邮件。")})
    try:
        validate_email(address)
    except ValidationError:
        raise Invalid({"email": _("不是有效的邮箱地址")}) from None
    if len(address) > LONGEST_ADDRESS:
        raise Invalid({"email": _("不是有效的邮箱地址")})
    if not is_house_address(address, domains):
        raise Invalid({"email": _("只能使用单位邮箱：{domains}").format(domains="、".join(domains))})
