"""Putting a model in force (启用识别模型): one asks, another agrees; back to an earlier one goes the same way."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from hongyan.core import audit, clock
from hongyan.core.errors import Conflict, NotAllowed
from hongyan.core.versions import take_turn
from hongyan.customer.actions.merge import said
from hongyan.customer.actions.train_model import ask_group
from hongyan.customer.codes import ModelState
from hongyan.customer.in_force import KINDS, SHIPPED, forget_models
from hongyan.customer.models import ModelUse
from hongyan.customer.queries.models import find_model
from hongyan.identity.record import Kind
from hongyan.org.actions.approvals import submit
from hongyan.org.codes import ApprovalAct, ApprovalState, Right, Risk, Viewer
from hongyan.org.models import ApprovalEvent
from hongyan.org.queries.viewers import viewer_for

KIND = "identity_model"
"""The kind under which the use of a model is approved."""


def ask_use(viewer: Viewer, kind: Kind, version: int, *, reason: str) -> ModelUse:
    """Ask for a model to be put in force; version 0 is the shipped one.

    Errors: NotAllowed without the right or for a post below the group; NotFound; Invalid without a reason; Conflict for
    a model that is not trained or in force already, or while another one waits for approval.
    """
    ask_group(viewer)
    reason = said(reason, needed=True)
    with transaction.atomic():
        take_turn(KIND, kind)
        row = None if version == SHIPPED else find_model(kind, version, locked=True)
        if row is not None and row.content is None:
            raise Conflict(KIND, _("{number} 还没有训练完。").format(number=row.number))
        present = ModelUse.objects.filter(party_type=KINDS[kind])
        if present.filter(state=ModelState.WAITING).exists():
            raise Conflict(KIND, _("已有一个模型在等待批准，请先等它的结果。"))
        in_force = present.filter(state=ModelState.IN_FORCE).first()
        if (in_force.version if in_force else SHIPPED) == version:
            raise Conflict(KIND, _("这个模型已经在启用中。"))
        use = ModelUse.objects.create(
            party_type=KINDS[kind],
            model=row,
            state=ModelState.WAITING,
            reason=reason,
            maker_id=viewer.staff_id,
            maker_post_id=viewer.post_id,
            asked_by=viewer.staff_no,
            asked_at=clock.now(),
        )
        audit.record(
            viewer.actor, "identity_model.ask_use", "identity_model", name_of(use), after={"version": version},
            purpose=reason,
        )  # fmt: skip
        submit(viewer, KIND, str(use.pk), risk=Risk.HIGH, reason=reason)
    return use


def name_of(use: ModelUse) -> str:
    """The number of the model that a use is of, as the audit names it."""
    return use.model.number if use.model else f"M{use.party_type}{SHIPPED:04}"


def settle(use_id: int, approval_id: int, state: ApprovalState) -> None:
    """Follow the end of an approval, in its transaction: an approved model is in force from now on.

    Errors: NotAllowed when the maker may not any more, which undoes the decision; it can then only be rejected.
    """
    use = ModelUse.objects.select_for_update(of=("self",)).select_related("model").get(pk=use_id)
    if state != ApprovalState.APPROVED:
        use.state = ModelState.REFUSED
        use.save(update_fields=["state"])
        return
    maker = viewer_for(use.maker_id, post_id=use.maker_post_id)
    if maker is None or not maker.may(Right.IDENTITY_TRAIN):
        raise NotAllowed(
            Right.IDENTITY_TRAIN, _("申请人已不在提出申请时的岗位，请驳回后由现任人员重新申请。")
        )
    now = clock.now()
    before = ModelUse.objects.filter(party_type=use.party_type, state=ModelState.IN_FORCE)
    before.update(state=ModelState.ENDED, until=now)
    agreed = ApprovalEvent.objects.filter(approval_id=approval_id, act=ApprovalAct.APPROVE).order_by("-id")
    use.state, use.since = ModelState.IN_FORCE, now
    use.second_by = agreed.values_list("staff__staff_no", flat=True).first() or ""
    use.save(update_fields=["state", "since", "second_by"])
    audit.record(
        maker.actor, "identity_model.use", "identity_model", name_of(use), after={"second": use.second_by},
        purpose=use.reason,
    )  # fmt: skip
    transaction.on_commit(forget_models)
