"""Acts on one customer in one line (建立、调整、解除客户关系), each with a reason, in effect at once.

Inside their own unit heads decide alone; to a unit that is not theirs, the head above both has to agree. A manager may
give their own customers back to the pool. Source: PSB-012, X-34; REQUIREMENTS 5.1.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from hongyan.core import audit, clock, scope
from hongyan.core.errors import Conflict, Invalid, NotAllowed
from hongyan.core.versions import require_unchanged
from hongyan.org.actions.approvals import submit
from hongyan.org.codes import ApprovalState, Level, Right, Viewer
from hongyan.org.models import Place, Post
from hongyan.ownership.actions.acts import Target, ask_right, sound_reason, target_at
from hongyan.ownership.actions.carry_out import change, tell
from hongyan.ownership.codes import Act, Outcome, TransferState
from hongyan.ownership.models import Transfer, TransferItem
from hongyan.ownership.queries.owners import Owned, find_owned
from hongyan.ownership.queries.people import manager_posts, managers, tree_of

KINDS = {
    Level.COUNTY: "owner_county",
    Level.CITY: "owner_city",
    Level.PROVINCE: "owner_province",
    Level.GROUP: "owner_group",
}
"""What approvals call a change between two units, by the level of the nearest unit above both."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where somebody wants a customer: the number of a manager, or the code of a unit whose pool takes it."""

    staff_no: str = ""
    unit_code: str = ""


def acts_for(viewer: Viewer, owned: Owned) -> list[Act]:
    """What a viewer may do with a customer in a line."""
    if viewer.may(Right.OWNERSHIP_CHANGE):
        return [Act.ADJUST, Act.DISSOLVE] if owned.owner.manager_id else [Act.ASSIGN, Act.ADJUST]
    is_own = owned.owner.manager_id in viewer.people
    return [Act.GIVE_BACK] if viewer.may(Right.OWNERSHIP_CLAIM) and is_own else []


def owner_mark(owned: Owned) -> str:
    """The mark of an owner, by which a form tells that somebody changed it meanwhile."""
    return str(owned.owner.pk)


def change_owner(
    viewer: Viewer,
    code: str,
    line: str,
    act: Act,
    *,
    wanted: Wanted = Wanted(),
    reason: str,
    seen: str | None = None,
) -> Transfer:
    """Change who looks after a customer in a line, or ask for it where another unit is to take it.

    Errors: NotAllowed for an act that is not the viewer's; NotFound out of scope; Conflict when the owner changed
    meanwhile; Invalid without a reason, for a manager or unit that cannot take the line (`staff_no`, `unit`), or when
    nothing would change.
    """
    _ask_any(viewer)
    reason = sound_reason(reason)
    with transaction.atomic():
        owned = find_owned(viewer, code, line)
        if act not in acts_for(viewer, owned):
            raise NotAllowed(Right.OWNERSHIP_CHANGE)
        told = str(owned.owner.manager or owned.owner.unit)
        require_unchanged("owner", seen, owner_mark(owned), now=told)
        target, asked = _target(viewer, owned, act, wanted)
        transfer = _written(viewer, owned, act, target, reason)
        if asked is None:
            _do(transfer)
        else:
            ask(viewer, transfer, line, asked)
        after = {
            "line": line,
            "unit": target.unit_id,
            "manager": target.manager_id,
            "from": [owned.owner.unit_id, owned.owner.manager_id],
            "transfer": transfer.number,
        }
        name = f"ownership.{act}" if asked is None else "ownership.ask"
        audit.record(viewer.actor, name, "customer", owned.customer.code, after=after, purpose=reason)
    transfer.refresh_from_db()
    return transfer


def _ask_any(viewer: Viewer) -> None:
    if not viewer.may(Right.OWNERSHIP_CHANGE):
        ask_right(viewer, Right.OWNERSHIP_CLAIM)


def _target(viewer: Viewer, owned: Owned, act: Act, wanted: Wanted) -> tuple[Target, Place | None]:
    """Where the customer goes, and whose head has to agree: of the nearest unit above both, None inside one's own."""
    if act in {Act.DISSOLVE, Act.GIVE_BACK}:
        return Target(owned.owner.unit_id, None), None
    if wanted.staff_no:
        target, place = _to_manager(viewer, owned, wanted.staff_no)
    elif wanted.unit_code and act == Act.ADJUST:
        target, place = _to_unit(owned, wanted.unit_code)
    else:
        raise Invalid({"staff_no": _("请填写客户经理")})
    if target == (owned.owner.unit_id, owned.owner.manager_id):
        raise Invalid({"staff_no": _("现在就是由其管户")})
    return target, None if viewer.scope.covers(place.lo) else above(viewer, place)


def _to_manager(viewer: Viewer, owned: Owned, staff_no: str) -> tuple[Target, Place]:
    posts = Post.objects.filter(manager_posts(owned.owner.line), staff__staff_no=staff_no.strip())
    found = sorted(
        posts.select_related("staff", "place__unit"),
        key=lambda post: (not viewer.scope.covers(post.place.lo), not post.is_primary, post.pk),
    )
    if not found:
        raise Invalid({"staff_no": _("没有这位客户经理，或其岗位不含这个板块")})
    (manager,) = managers(found[:1])
    target = target_at(manager, unit_id=owned.owner.unit_id, org_no=owned.org_no)
    return target, found[0].place


def _to_unit(owned: Owned, unit_code: str) -> tuple[Target, Place]:
    places = Place.objects.filter(unit__code=unit_code.strip(), level__gte=Level.COUNTY)
    place = sorted(places, key=lambda one: one.tree != tree_of(owned.owner.line))[:1]
    if not place:
        raise Invalid({"unit": _("没有这个网点或县级机构")})
    return Target(place[0].unit_id, None), place[0]


def above(viewer: Viewer, place: Place) -> Place:
    """The nearest unit above the viewer's and another. Errors: Invalid where there is none."""
    common = next((unit for unit in place.chain if unit in viewer.unit_chain), None)
    found = Place.objects.filter(unit_id=common or 0, tree=place.tree).first()
    if found is None:
        raise Invalid({"unit": _("与您的机构没有共同的上级")})
    return found


def _written(viewer: Viewer, owned: Owned, act: Act, target: Target, reason: str) -> Transfer:
    transfer = Transfer.objects.create(
        act=act, state=TransferState.RUNNING, reason=reason, maker_id=viewer.staff_id, org_no=viewer.scope.lo,
        size=1, made_at=clock.now(),
    )  # fmt: skip
    TransferItem.objects.create(
        transfer=transfer, customer_id=owned.owner.customer_id, line=owned.owner.line, before=owned.owner,
        to_unit_id=target.unit_id, to_manager_id=target.manager_id,
    )  # fmt: skip
    return transfer


def _do(transfer: Transfer) -> bool:
    """Change it now; whether it could be, since nobody else had."""
    with scope.bulk():
        items = list(transfer.items.select_related("before"))
        change(transfer, items)
        transfer.refresh_from_db()
        transfer.state, transfer.done_at = TransferState.DONE, clock.now()
        transfer.save(update_fields=["state", "done_at"])
        if is_done := items[0].outcome != Outcome.SKIPPED:
            tell(transfer)
    return is_done


def ask(viewer: Viewer, transfer: Transfer, line: str, place: Place) -> None:
    """Let an act wait for the head of a unit above both."""
    transfer.state = TransferState.PENDING
    transfer.save(update_fields=["state"])
    submit(viewer, KINDS[Level(place.level)], str(transfer.pk), line=line, reason=transfer.reason)


def settle(transfer_id: int, state: ApprovalState) -> None:
    """Follow the end of an approval, in the transaction of the decision.

    Errors: Conflict when somebody else changed the owner meanwhile, which undoes the decision; it can be refused.
    """
    with scope.bulk():
        transfer = Transfer.objects.select_for_update().select_related("maker").get(pk=transfer_id)
        if state != ApprovalState.APPROVED:
            transfer.state = TransferState.REFUSED
            transfer.save(update_fields=["state"])
            return
        if not _do(transfer):
            raise Conflict("owner", _("申请之后管户已经变了，申请已过时，没有执行。请驳回后重新申请。"))
