"""Drafts of applications for somebody new (草稿): kept on the server, seen by their maker only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from hongyan.core import audit, clock
from hongyan.core.bulk import next_ids
from hongyan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from hongyan.core.free_text import require_no_numbers
from hongyan.core.parameters import value_of
from hongyan.core.versions import take_turn
from hongyan.customer.actions.prepare import WORDS
from hongyan.customer.codes import Kind, PartyType
from hongyan.customer.rules.entering import Entered
from hongyan.lifecycle.actions.payload import sealed_of, uuid_of
from hongyan.lifecycle.codes import ApplicationKind, ApplicationState
from hongyan.lifecycle.models import Application
from hongyan.lifecycle.parameters import DRAFTS
from hongyan.lifecycle.rules.applications import is_editable
from hongyan.org.codes import Right, Viewer

SUBJECT = "application"
LONGEST_REASON = 200
KINDS = {PartyType.ORGANISATION: Kind.AGREEMENT_UNIT, PartyType.PERSON: Kind.AGREEMENT_PERSON}


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything that an application for somebody new says; of a potential customer only who it is, and the line."""

    entered: Entered
    line: str
    kind: ApplicationKind = ApplicationKind.CREATE
    families: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    settlement: str = ""
    credential_until: date | None = None
    is_lifelong: bool = False
    sighted: bool = False
    exception: str = ""


def save_draft(
    viewer: Viewer, draft: Draft, *, key: str, application_id: int | None = None, version: int | None = None
) -> Application:
    """Keep a draft, a new one or the next version of one's own.

    `key` is an idempotency key with the maker's name in it: the same one writes into the same draft. `version` is the
    one that was shown, None for a new draft. Errors: NotAllowed without the right; NotFound for no draft of one's own;
    Conflict when it was changed meanwhile or is no draft any more; Invalid for what may not be kept, too many drafts.
    """
    ask_right(viewer)
    line = _line(viewer, draft.line)
    if not draft.entered.name:
        raise Invalid({"name": _("请填写名称")})
    _refuse_numbers(draft)
    now = clock.now()
    with transaction.atomic():
        take_turn(SUBJECT, key)
        row = _found(viewer, application_id, key)
        if row is None:
            row = _new(viewer, draft.kind, key)
        else:
            ask_draft(row, version)
        row.line, row.party_type = line, draft.entered.party_type
        row.name, row.wish = draft.entered.name, _wish(row, draft)
        row.sealed = sealed_of(row.pk, draft.entered)
        row.families = sorted(set(draft.families))
        row.valid_from, row.valid_to, row.settlement = draft.valid_from, draft.valid_to, draft.settlement
        row.credential_until, row.is_lifelong = draft.credential_until, draft.is_lifelong
        row.sighted, row.exception, row.changed_at = draft.sighted, draft.exception, now
        row.version += 1
        row.save()
        audit.record(
            viewer.actor, "application.save", SUBJECT, row.number,
            after={"version": row.version, "line": row.line, "kind": row.wish},
        )  # fmt: skip
    return row


def withdraw(viewer: Viewer, application_id: int, *, version: int) -> Application:
    """Throw away one's own draft, or take a closing back while others are asked about it.

    One that waits for approval is taken back at its approval.

    Errors: NotAllowed, NotFound, Conflict as in `save_draft`.
    """
    ask_right(viewer)
    with transaction.atomic():
        row = own(viewer, application_id)
        if row.state != ApplicationState.CHECKING:
            ask_draft(row, version)
        ask_version(row, version)
        row.state, row.changed_at, row.version = ApplicationState.WITHDRAWN, clock.now(), row.version + 1
        row.sealed = b""
        row.save(update_fields=["state", "changed_at", "version", "sealed"])
        audit.record(viewer.actor, "application.withdraw", SUBJECT, row.number)
    return row


def ask_right(viewer: Viewer) -> None:
    """Errors: NotAllowed without the right to apply."""
    if not viewer.may(Right.CUSTOMER_APPLY):
        raise NotAllowed(Right.CUSTOMER_APPLY)


def own(viewer: Viewer, application_id: int) -> Application:
    """One's own application, locked until the transaction ends. Errors: NotFound."""
    rows = Application.objects.visible_to(viewer).select_for_update(of=("self",))
    row = rows.filter(pk=application_id, maker_id=viewer.staff_id).first()
    if row is None:
        raise NotFound(SUBJECT, application_id)
    return row


def ask_draft(row: Application, version: int | None) -> None:
    """Errors: Conflict for one that is no draft any more, or changed since it was shown."""
    if not is_editable(row.state, kind=row.kind):
        raise Conflict(
            SUBJECT,
            _("{number} 现在是“{state}”，不能再改。").format(
                number=row.number, state=row.get_state_display()
            ),
        )
    ask_version(row, version)


def ask_version(row: Application, version: int | None) -> None:
    """Errors: Conflict for one that changed since it was shown."""
    if version is not None and version != row.version:
        raise Conflict(
            SUBJECT, _("{number} 在别处改过了，没有保存您这一份。请重新打开。").format(number=row.number)
        )


def _found(viewer: Viewer, application_id: int | None, key: str) -> Application | None:
    if application_id is not None:
        return own(viewer, application_id)
    return Application.objects.select_for_update(of=("self",)).filter(asked_key=key).first()


def _wish(row: Application, draft: Draft) -> Kind:
    return Kind.POTENTIAL if row.kind == ApplicationKind.PROSPECT else KINDS[draft.entered.party_type]


def _new(viewer: Viewer, kind: ApplicationKind, key: str) -> Application:
    most = value_of(DRAFTS, units=viewer.unit_chain)
    drafts = Application.objects.filter(maker_id=viewer.staff_id, state=ApplicationState.DRAFT)
    if drafts.count() >= most:
        raise Invalid({"": _("草稿已有 {count} 份，请先提交或删除一些。").format(count=most)})
    application_id = next_ids(Application, 1)[0]
    return Application(
        pk=application_id,
        uuid=uuid_of(application_id),
        kind=kind,
        version=0,
        maker_id=viewer.staff_id,
        maker_post_id=viewer.post_id,
        unit_id=viewer.unit_id,
        org_no=viewer.scope.lo,
        made_at=clock.now(),
        asked_key=key,
    )


def _line(viewer: Viewer, line: str) -> str:
    """Errors: Invalid for a line that is not the post's, or none where it has several."""
    if not line and len(viewer.line_codes) == 1:
        return viewer.line_codes[0]
    if line not in viewer.line_codes:
        raise Invalid({"line": _("请选择您岗位的业务板块")})
    return line


def _refuse_numbers(draft: Draft) -> None:
    words = {name: getattr(draft.entered, name) for name in WORDS & set(Entered.__slots__)}
    require_no_numbers(**words, exception=draft.exception)
    if len(draft.exception) > LONGEST_REASON:
        raise Invalid({"exception": _("最多 {count} 个字").format(count=LONGEST_REASON)})
