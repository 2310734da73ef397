"""Putting somebody on the blacklist at once, and taking them off with another person's approval (黑名单)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from hongyan.classes.codes import BlockReason, BlockState
from hongyan.classes.models import BlacklistEntry, BlacklistKey
from hongyan.classes.queries.blacklist import find_entry, in_force
from hongyan.core import audit, clock, scope
from hongyan.core.audit import Actor
from hongyan.core.errors import Conflict, Invalid, NotAllowed
from hongyan.core.free_text import require_no_numbers
from hongyan.core.versions import take_turn
from hongyan.customer.actions.marks import follow_marks
from hongyan.customer.models import Customer, Identifier
from hongyan.customer.queries.records import find_customer
from hongyan.org.actions.approvals import submit
from hongyan.org.codes import ApprovalAct, ApprovalState, Line, Right, Risk, Viewer
from hongyan.org.models import Approval, ApprovalEvent

KIND = "blacklist_lift"
"""The kind under which lifting is approved."""
LONGEST_NOTE = 300
LAST_OF_ALL = 2**62
_MARKS = (Path(__file__).parents[1] / "sql" / "blacklist_marks.sql").read_text()


def enter(
    viewer: Viewer,
    code: str,
    *,
    reason: str,
    note: str = "",
    lines: Sequence[str] = (),
    until: date | None = None,
) -> BlacklistEntry:
    """Put a customer of one's scope on the blacklist, from today.

    Errors: NotAllowed without the right; NotFound; Invalid for a day that is over, an unknown reason or line, a note
    with somebody's number; Conflict when an entry for one of the lines holds already.
    """
    _ask_right(viewer)
    customer, today, note = find_customer(viewer, code), clock.business_date(), note.strip()
    _check(reason, note, lines, until, today)
    with transaction.atomic():
        take_turn("blacklist", customer.pk)
        _require_none(customer, lines, today)
        entry = BlacklistEntry.objects.create(
            customer=customer, reason=reason, note=note, lines=",".join(sorted(lines)), since=today, until=until,
            maker_id=viewer.staff_id, made_at=clock.now(),
        )  # fmt: skip
        _keep_keys(entry)
        mark_blacklisted(customer.pk, customer.pk)
        audit.record(
            viewer.actor, "blacklist.enter", "blacklist", entry.number, purpose=note,
            after={"customer": customer.code, "reason": reason, "lines": entry.lines, "until": until},
        )  # fmt: skip
    return entry


def ask_lift(viewer: Viewer, entry_id: int, *, reason: str) -> Approval:
    """Ask that an entry be lifted; another person agrees.

    Errors: NotAllowed without the right; NotFound; Invalid without a reason; Conflict when it does not hold any more,
    or when that was asked already.
    """
    _ask_right(viewer)
    entry, reason = find_entry(viewer, entry_id), reason.strip()
    if not reason:
        raise Invalid({"reason": _("请写明解除的理由")})
    with transaction.atomic():
        take_turn("blacklist_entry", entry.pk)
        entry.refresh_from_db(fields=["state"])
        if entry.state != BlockState.HOLDS:
            raise Conflict("blacklist", _("这条黑名单已经解除"))
        audit.record(viewer.actor, "blacklist.ask_lift", "blacklist", entry.number, purpose=reason)
        return submit(viewer, KIND, str(entry.pk), risk=Risk.HIGH, reason=reason, about=None)


def settle(entry_id: int, approval_id: int, state: ApprovalState) -> None:
    """Follow the end of an approval, in its transaction: an approved lifting ends the entry."""
    if state != ApprovalState.APPROVED:
        return
    with scope.bulk():
        entry = BlacklistEntry.objects.select_for_update().get(pk=entry_id)
        if entry.state == BlockState.LIFTED:
            return
        agreed = ApprovalEvent.objects.select_related("staff", "place").filter(act=ApprovalAct.APPROVE)
        last = agreed.filter(approval_id=approval_id).latest("id")
        checker = last.staff
        assert checker is not None
        assert last.place is not None
        entry.state, entry.lifted_at, entry.lifted_by = BlockState.LIFTED, clock.now(), checker.staff_no
        entry.save(update_fields=["state", "lifted_at", "lifted_by"])
        home = Customer.objects.values_list("survivor_id", flat=True).get(pk=entry.customer_id)
        actor = Actor(checker.staff_no, checker.name, last.post_id, last.place.lo)
        audit.record(actor, "blacklist.lift", "blacklist", entry.number, after={"approval": approval_id})
    mark_blacklisted(home or entry.customer_id, home or entry.customer_id)


def mark_blacklisted(first: int = 0, last: int = LAST_OF_ALL) -> None:
    """Let lists know who is on the blacklist today: after each change, and every night for those whose day is over."""
    with scope.bulk():
        follow_marks(["blacklist"], _MARKS, first=first, last=last, given={"today": clock.business_date()})


def empty_entries(customers: Collection[int]) -> None:
    """Empty why nameless customers once stood on the blacklist, and by what they were caught. Inside `scope.bulk()`."""
    BlacklistKey.objects.filter(entry__customer__in=customers).delete()
    BlacklistEntry.objects.filter(customer__in=customers).update(note="")


def _ask_right(viewer: Viewer) -> None:
    if not viewer.may(Right.BLACKLIST_EDIT):
        raise NotAllowed(Right.BLACKLIST_EDIT)


def _check(reason: str, note: str, lines: Sequence[str], until: date | None, today: date) -> None:
    require_no_numbers(note=note)
    problems = {}
    if reason not in BlockReason.values:
        problems["reason"] = _("没有这个原因")
    if reason == BlockReason.OTHER and not note:
        problems["note"] = _("请写明原因")
    if len(note) > LONGEST_NOTE:
        problems["note"] = _("最多 {count} 个字").format(count=LONGEST_NOTE)
    if set(lines) - set(Line.values):
        problems["lines"] = _("没有这个业务板块")
    if until is not None and until < today:
        problems["until"] = _("截止日期不能早于今天")
    if problems:
        raise Invalid(problems)


def _require_none(customer: Customer, lines: Sequence[str], today: date) -> None:
    """Errors: Conflict when an entry for one of the lines holds already."""
    held = BlacklistEntry.objects.filter(in_force(today), customer=customer)
    for stored in held.values_list("lines", flat=True):
        if not stored or not lines or set(stored.split(",")) & set(lines):
            raise Conflict("blacklist", _("这位客户在这些板块已经在黑名单中"))


def _keep_keys(entry: BlacklistEntry) -> None:
    """The keyed hashes of the customer's valid credentials, of all codes they had."""
    with scope.bulk():
        own = Customer.objects.filter(survivor_id=entry.customer_id).values_list("id", flat=True)
        found = Identifier.objects.filter(customer_id__in=[entry.customer_id, *own], kind__startswith="C:")
        hashes = {bytes(one) for one in found.values_list("hash", flat=True)}
        BlacklistKey.objects.bulk_create(BlacklistKey(hash=one, entry=entry) for one in sorted(hashes))
