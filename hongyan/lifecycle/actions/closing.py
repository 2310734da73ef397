"""Resting and ending a customer (冻结、解冻、注销), and taking an end back (恢复).

Before an end is decided, the other lines and the systems that know the customer may object (外围校验).
Source: SM1, X-20, X-21.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hongyan.core import audit, clock, scope
from hongyan.core.bulk import next_ids
from hongyan.core.errors import Conflict, Invalid, NotFound
from hongyan.core.parameters import value_of
from hongyan.core.versions import take_turn
from hongyan.customer.actions.change_status import change_status
from hongyan.customer.actions.merge import said
from hongyan.customer.codes import Kind, Status
from hongyan.customer.models import Customer, Relationship
from hongyan.customer.queries.records import find_again, find_customer
from hongyan.customer.rules.standing import Standing, released, set_by_people, taken_back
from hongyan.lifecycle.actions.admission import PROSPECT_FLOW
from hongyan.lifecycle.actions.drafts import SUBJECT, ask_right
from hongyan.lifecycle.actions.hearing import ask_around
from hongyan.lifecycle.actions.payload import uuid_of
from hongyan.lifecycle.codes import ApplicationKind, ApplicationState, OpenItem
from hongyan.lifecycle.models import Application
from hongyan.lifecycle.open_items import open_items
from hongyan.lifecycle.parameters import UNDO_DAYS
from hongyan.lifecycle.queries.applications import find_application
from hongyan.lifecycle.queries.held import held
from hongyan.lifecycle.rules.applications import may_become, standing, undo_ends
from hongyan.org.actions.approvals import submit as ask_approval
from hongyan.org.codes import Risk, Viewer
from hongyan.org.models import Approval

FLOWS = {
    ApplicationKind.CLOSE: "lifecycle.close",
    ApplicationKind.FREEZE: "lifecycle.freeze",
    ApplicationKind.UNFREEZE: "lifecycle.freeze",
}
_FROM = {
    ApplicationKind.CLOSE: (Status.ACTIVE, Status.FROZEN),
    ApplicationKind.FREEZE: (Status.ACTIVE,),
    ApplicationKind.UNFREEZE: (Status.FROZEN,),
}
_BECOMES: Mapping[ApplicationKind, Callable[[Standing], Standing]] = {
    ApplicationKind.CLOSE: lambda now: set_by_people(now, Status.DEREGISTERED),
    ApplicationKind.FREEZE: lambda now: set_by_people(now, Status.FROZEN),
    ApplicationKind.UNFREEZE: released,
}
_ACTS = {
    ApplicationKind.CLOSE: "customer.close",
    ApplicationKind.FREEZE: "customer.freeze_line",
    ApplicationKind.UNFREEZE: "customer.unfreeze_line",
}
WHOLE = ""
"""Stands for all lines of a customer."""


def possible(relations: Sequence[Relationship]) -> dict[ApplicationKind, list[str]]:
    """What may be applied for with a customer: for each kind the lines that are the viewer's own to act in.

    `relations` are those of `queries.held`. A customer is also closed `WHOLE`.
    """
    found: dict[ApplicationKind, list[str]] = {}
    for kind, before in _FROM.items():
        lines = sorted({row.line for row in relations if row.is_own and row.status in before})  # type: ignore[attr-defined]
        found[kind] = [WHOLE, *lines] if lines and kind == ApplicationKind.CLOSE else lines
    return found


def standing_against(
    viewer: Viewer, customer: Customer, line: str, relations: Sequence[Relationship]
) -> list[OpenItem]:
    """What must be over before a line of a customer, or the whole customer, is closed."""
    return standing(open_items(viewer, customer, relations), line=line, own_lines=viewer.line_codes)


def lines_of(viewer: Viewer, line: str) -> Collection[str]:
    """The lines that closing means: the one, or all of the viewer's where the whole customer shall be closed."""
    return set(viewer.line_codes) if line == WHOLE else {line}


def apply_for(
    viewer: Viewer, code: str, kind: ApplicationKind, *, line: str, reason: str, key: str
) -> Application:
    """Ask to close, freeze or unfreeze a customer in one line, or to close it whole.

    `key` is an idempotency key with the maker's name in it. Errors: NotAllowed without the right; NotFound out of
    scope; Invalid without a reason, for a line that is not the viewer's to act in, or while open items block it;
    Conflict when the same was asked for already.
    """
    ask_right(viewer)
    reason = said(reason, needed=True)
    with transaction.atomic():
        take_turn(SUBJECT, key)
        customer = find_customer(viewer, code)
        if known := Application.objects.filter(asked_key=key).first():
            return known
        relations = held(viewer, customer)
        if line not in possible(relations)[kind]:
            raise Invalid({"line": _("请选择您可以办理的业务板块")})
        if kind == ApplicationKind.CLOSE and (items := standing_against(viewer, customer, line, relations)):
            raise Invalid({"": _in_words(items)})
        row = _asked(viewer, customer, kind, line, reason, key)
        audit.record(
            viewer.actor, "application.submit", SUBJECT, row.number, purpose=reason,
            after={"kind": kind, "line": line, "customer": customer.code},
        )  # fmt: skip
        if kind == ApplicationKind.CLOSE and ask_around(row, lines_of(viewer, line), viewer):
            row.state = ApplicationState.CHECKING
        else:
            row.approval = approval_of(row, viewer)
        row.save(update_fields=["approval", "state"])
    return row


def approval_of(row: Application, maker: Viewer) -> Approval:
    """Ask whoever decides about an application. Errors: Invalid where nobody could.

    Where the customer is only a potential one in the lines that are meant, its own flow decides (CUS-008).
    """
    with scope.bulk():
        meant = Relationship.objects.filter(customer=row.customer, line__in=lines_of(maker, row.line))
        kinds = set(meant.exclude(status=Status.DEREGISTERED).values_list("kind", flat=True))
    flow = PROSPECT_FLOW if kinds == {Kind.POTENTIAL} else FLOWS[ApplicationKind(row.kind)]
    return ask_approval(maker, flow, row.number, line=row.line, reason=row.reason, risk=Risk.NORMAL)


def carry_out(row: Application, maker: Viewer) -> None:
    """Make an approved application true. Errors: Conflict when something stands against it meanwhile.

    Call it inside the transaction of the approval.
    """
    assert row.customer is not None
    customer = find_again(maker, row.customer.code)
    kind = ApplicationKind(row.kind)
    lines = lines_of(maker, row.line)
    if kind == ApplicationKind.CLOSE:
        items = [
            item
            for item in standing_against(maker, customer, row.line, held(maker, customer))
            if not _is_itself(item, row)
        ]
        if items:
            raise Conflict(SUBJECT, _in_words(items))
    with scope.bulk():
        rows = Relationship.objects.filter(customer=customer, line__in=lines, status__in=_FROM[kind])
        parties = list(rows.values_list("party_id", flat=True))
    if not parties:
        raise Conflict(SUBJECT, _("这位客户在申请之后变了，申请已过时，没有执行。请驳回后重新申请。"))
    become = _BECOMES[kind]
    before = change_status(
        customer,
        parties,
        lambda _party, now: become(now),
        act=_ACTS[kind],
        actor=maker.actor,
        reason=row.reason,
    )
    row.snapshot = {str(party): [one.status, one.said] for party, one in before.items()}


def undo(viewer: Viewer, application_id: int, *, reason: str, version: int) -> Application:
    """Take the end of a customer back, within the days that the parameter gives: each relationship is what it was.

    Errors: NotAllowed without the right; NotFound out of scope, also where the customer is by now; Conflict when it
    cannot be undone or was undone before; Invalid without a reason.
    """
    ask_right(viewer)
    reason = said(reason, needed=True)
    with transaction.atomic():
        find_application(viewer, application_id)
        row = (
            Application.objects.select_for_update(of=("self",))
            .select_related("customer")
            .get(pk=application_id)
        )
        if version != row.version or not can_undo(viewer, row):
            raise Conflict(
                SUBJECT, _("{number} 不能恢复：已恢复过，或已过可以恢复的期限。").format(number=row.number)
            )
        if row.customer is None:  # somebody out of the viewer's sight looks after them since
            raise NotFound("customer", row.number)
        customer = find_customer(viewer, row.customer.code)
        before = {int(party): Standing(*stood) for party, stood in row.snapshot.items()}
        change_status(
            customer,
            before,
            lambda party, now: taken_back(now, before[party]),
            act="customer.reopen",
            actor=viewer.actor,
            reason=reason,
        )
        row.state, row.undone_at, row.undone_by = ApplicationState.UNDONE, clock.now(), viewer.staff_no
        row.changed_at, row.version = clock.now(), row.version + 1
        row.save(update_fields=["state", "undone_at", "undone_by", "changed_at", "version"])
    return row


def can_undo(viewer: Viewer, row: Application) -> bool:
    """Whether a closing can still be taken back."""
    if not may_become(row.state, ApplicationState.UNDONE, kind=row.kind) or row.decided_at is None:
        return False
    return clock.now() < undo_ends(row.decided_at, days=value_of(UNDO_DAYS, units=viewer.unit_chain))


def _asked(
    viewer: Viewer, customer: Customer, kind: ApplicationKind, line: str, reason: str, key: str
) -> Application:
    """Errors: Conflict when the same waits for approval already."""
    application_id, now = next_ids(Application, 1)[0], clock.now()
    row = Application(
        pk=application_id, uuid=uuid_of(application_id), kind=kind, state=ApplicationState.SUBMITTED, line=line,
        party_type=customer.party_type, name=customer.name, customer=customer, reason=reason,
        maker_id=viewer.staff_id, maker_post_id=viewer.post_id, unit_id=viewer.unit_id, org_no=viewer.scope.lo,
        made_at=now, changed_at=now, submitted_at=now, asked_key=key,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(SUBJECT, _("同一申请已经在审批中。")) from error
    return row


def _is_itself(item: OpenItem, row: Application) -> bool:
    return row.number in item.name


def _in_words(items: Sequence[OpenItem]) -> str:
    told = pgettext("列举", "；").join(f"{item.what} {item.name}" for item in items)
    return _("有未了事项，不能注销：{items}").format(items=told)
