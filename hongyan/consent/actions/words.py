"""Giving a consent and taking it back (同意、撤回): at once everywhere, since lists follow in the same transaction.

Source: PIPL 13–16, 23; SEC-i01; BARS A 35.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from hongyan.consent.actions.project import project
from hongyan.consent.codes import ANY, Proof, Source
from hongyan.consent.models import Consent, ConsentText
from hongyan.consent.queries.texts import text_for, valid_on
from hongyan.core import audit, clock
from hongyan.core.errors import Invalid, NotAllowed
from hongyan.core.free_text import require_no_numbers
from hongyan.customer.codes import CONTACT_PURPOSES, ConsentPurpose, ContactChannel
from hongyan.customer.models import Customer
from hongyan.customer.queries.records import find_customer
from hongyan.org.codes import Line, Right, Viewer

LONGEST_REFERENCE = 100


def give(
    viewer: Viewer,
    code: str,
    *,
    purpose: str,
    line: str,
    channels: Collection[str] = (),
    source: str,
    proof: str,
    reference: str,
) -> list[Consent]:
    """Write down that a customer agrees to a purpose of a line, by some channels or by all.

    Errors: NotAllowed without the right; NotFound out of scope; Invalid for an unknown part, for no text in force that
    could have been agreed to, without the number of the proof, or one that holds somebody's number.
    """
    _ask_right(viewer)
    problems = _unknown(purpose=(purpose, ConsentPurpose.values), line=(line, Line.values))
    problems |= _unknown(source=(source, Source.values), proof=(proof, Proof.values))
    if purpose == ConsentPurpose.SERVICE:
        problems["purpose"] = _("服务通知依据合同，不需要同意")
    _check(problems, channels, reference)
    if not reference.strip():
        raise Invalid({"reference": _("请填写授权书编号、录音编号或确认记录编号")})
    with transaction.atomic():
        customer = hold_customer(viewer, code)
        text = text_for(valid_on(clock.business_date()), purpose, line)
        if text is None:
            raise Invalid({"purpose": _("这个用途还没有发布授权书，不能登记同意")})
        return _write(
            viewer, customer, "consent.given", is_given=True, purpose=purpose, line=line,
            channels=channels if purpose in CONTACT_PURPOSES else (), source=source, proof=proof,
            reference=reference, text=text,
        )  # fmt: skip


def withdraw(
    viewer: Viewer,
    code: str,
    *,
    purpose: str = ANY,
    line: str = ANY,
    channels: Collection[str] = (),
    source: str,
    reference: str = "",
) -> list[Consent]:
    """Write down that a customer takes back what they agreed to; what is left open is taken back altogether.

    As easy as giving (PIPL 15): no proof, no text, and a reference only if there is one. Errors: as `give`, but for
    those.
    """
    _ask_right(viewer)
    problems = _unknown(purpose=(purpose, ["", *ConsentPurpose.values]), line=(line, ["", *Line.values]))
    _check(problems | _unknown(source=(source, Source.values)), channels, reference)
    if purpose and purpose not in CONTACT_PURPOSES:
        channels = ()
    with transaction.atomic():
        customer = hold_customer(viewer, code)
        return _write(
            viewer, customer, "consent.withdrawn", is_given=False, purpose=purpose, line=line, channels=channels,
            source=source, proof="", reference=reference, text=None,
        )  # fmt: skip


def hold_customer(viewer: Viewer, code: str) -> Customer:
    """The customer that a code stands for, held until the transaction ends: a merge waits, or is waited for.

    Errors: NotFound.
    """
    customer = find_customer(viewer, code)
    Customer.objects.select_for_update(no_key=True).filter(pk=customer.pk).first()
    return find_customer(viewer, code)


def _write(
    viewer: Viewer,
    customer: Customer,
    act: str,
    *,
    is_given: bool,
    purpose: str,
    line: str,
    channels: Collection[str],
    source: str,
    proof: str,
    reference: str,
    text: ConsentText | None,
) -> list[Consent]:
    now = clock.now()
    words = Consent.objects.bulk_create(
        Consent(
            customer=customer, is_given=is_given, purpose=purpose, line=line, channel=channel, at=now,
            ends_at=_end_of(text), text=text, source=source, proof=proof, reference=reference.strip(),
            taker_id=viewer.staff_id, post_id=viewer.post_id, unit_id=viewer.unit_id,
        )
        for channel in _each(channels)
    )  # fmt: skip
    project([customer.pk])
    audit.record(
        viewer.actor, act, "customer", customer.code,
        after={
            "purpose": purpose, "line": line, "channels": sorted(channels), "source": source, "proof": proof,
            "reference": reference.strip(), "text": text.version if text else None,
        },
    )  # fmt: skip
    return words


def _each(channels: Collection[str]) -> Sequence[str]:
    """One word for each channel; all of them, or none in particular, are one word."""
    return [ANY] if len(set(channels)) in (0, len(ContactChannel)) else sorted(set(channels))


def _end_of(text: ConsentText | None) -> datetime | None:
    """The first instant after the last day of a text."""
    if text is None or text.valid_to is None:
        return None
    return datetime.combine(text.valid_to + timedelta(days=1), time.min, clock.BUSINESS_ZONE)


def _ask_right(viewer: Viewer) -> None:
    if not viewer.may(Right.CONSENT_KEEP):
        raise NotAllowed(Right.CONSENT_KEEP)


def _unknown(**parts: tuple[str, Collection[str]]) -> dict[str, str]:
    return {name: _("请选择") for name, (value, known) in parts.items() if value not in known}


def _check(problems: dict[str, str], channels: Collection[str], reference: str) -> None:
    """Errors: Invalid."""
    if not set(channels) <= set(ContactChannel.values):
        problems["channels"] = _("请选择")
    if len(reference.strip()) > LONGEST_REFERENCE:
        problems["reference"] = _("最多 {count} 个字").format(count=LONGEST_REFERENCE)
    if problems:
        raise Invalid(problems)
    require_no_numbers(reference=reference)
