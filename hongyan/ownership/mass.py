"""Giving many customers of the list to one manager, as an act on many (批量指定客户经理)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.core.versions import take_turn
from hongyan.customer.lists import CUSTOMERS
from hongyan.customer.mass import standing_customers
from hongyan.customer.models import Ownership
from hongyan.desk import mass
from hongyan.desk.codes import Change, MassWhy, Verdict
from hongyan.desk.forms import MassForm
from hongyan.desk.mass import MassAct, Task
from hongyan.org.codes import Line, Right, Viewer
from hongyan.org.models import Staff
from hongyan.ownership.actions.many_acts import assign_many, bring_back
from hongyan.ownership.queries.owners import owners_in_scope
from hongyan.ownership.queries.people import Manager, managers_by_id, managers_in_scope

_OR = ","


class AssignForm(MassForm):
    """To which manager of the viewer's scope."""

    manager = forms.TypedChoiceField(label=pgettext_lazy("column", "客户经理"), coerce=int)

    def __init__(self, viewer: Viewer, data: Mapping[str, Any] | None) -> None:
        super().__init__(data)
        offered = managers_in_scope(viewer)
        self.fields["manager"].choices = [  # type: ignore[attr-defined]
            (
                one.staff.pk,
                _("{name}（{unit}，还可管 {room} 户）").format(
                    name=one.staff.name, unit=one.unit_name, room=one.room
                ),
            )
            for one in offered
        ]


def _told(given: Mapping[str, Any]) -> str:
    name = Staff.objects.filter(pk=int(given["manager"])).values_list("name", flat=True).first()
    return _("由 {name} 管户").format(name=name or "—")


def _words(codes: Collection[str]) -> dict[str, str]:
    """`01:7,03:0` → the name of each line's manager, or that nobody is it."""
    ids = {int(part.partition(":")[2]) for code in codes for part in code.split(_OR)} - {0}
    names = dict(Staff.objects.filter(pk__in=ids).values_list("pk", "name"))

    def told(part: str) -> str:
        line, _colon, staff = part.partition(":")
        name = names.get(int(staff), "") or _("网点待分配池")
        return _("{line} {name}").format(line=Line(line).label, name=name)

    return {code: " · ".join(map(told, code.split(_OR))) for code in codes}


def _owners(viewer: Viewer, keys: Collection[int], lines: Collection[str]) -> dict[int, list[Ownership]]:
    """Customer → their owners in the viewer's scope and some lines, by line. One query."""
    members = Q(customer__in=keys) | Q(customer__survivor__in=keys)
    found: dict[int, list[Ownership]] = defaultdict(list)
    rows = owners_in_scope(viewer).filter(members, line__in=lines).select_related("customer").order_by("line")
    for owner in rows:
        found[owner.customer.survivor_id or owner.customer_id].append(owner)
    return found


def _manager(viewer: Viewer, task: Task) -> Manager | None:
    """Whom they are given to, if still a manager in the viewer's scope."""
    staff_id = int(task.given["manager"])
    offered = {one.staff.pk for one in managers_in_scope(viewer)}
    return managers_by_id([staff_id]).get(staff_id) if staff_id in offered else None


def _code(owners: Sequence[Ownership], manager_id: int | None = None) -> str:
    return _OR.join(f"{one.line}:{manager_id or one.manager_id or 0}" for one in owners)


def _judge(viewer: Viewer, task: Task, keys: Sequence[int]) -> dict[int, Verdict]:
    take_turn("ownership/cap", int(task.given["manager"]))
    manager, found = _manager(viewer, task), standing_customers(viewer, keys)
    if manager is None:
        return {key: Verdict(why="manager") for key in found}
    owners = _owners(viewer, found, manager.lines)
    theirs = set(
        Ownership.objects.filter(
            Q(customer__in=found) | Q(customer__survivor__in=found),
            manager=manager.staff, until=None, gives_way=False,
        ).values_list("customer_id", flat=True)
    )  # fmt: skip
    room, verdicts = manager.room - task.ready, {}
    for key in [key for key in keys if key in found]:
        some = owners.get(key, [])
        verdict = Verdict(_code(some), _code(some, manager.staff.pk), "" if some else "line")
        if some and verdict.was != verdict.becomes and key not in theirs:
            if room <= 0:
                verdict = Verdict(verdict.was, verdict.becomes, "full")
            room -= 1
        verdicts[key] = verdict
    return verdicts


def _do(viewer: Viewer, task: Task, passing: Mapping[int, Verdict]) -> dict[int, Change]:
    manager = _manager(viewer, task)
    assert manager is not None, "judged in this transaction"
    owners = _owners(viewer, passing, manager.lines)
    changing = {
        key: [one for one in some if one.manager_id != manager.staff.pk] for key, some in owners.items()
    }
    transfer, changed = assign_many(viewer, changing, manager, reason=task.reason)
    return {
        key: Change(memo={"transfer": transfer.pk}) if key in changed else Change(why=MassWhy.MOVED)
        for key in passing
    }


def _undo(viewer: Viewer, _task: Task, memos: Mapping[int, Mapping[str, Any]]) -> dict[int, str]:
    found = standing_customers(viewer, memos)
    kept: dict[int, str] = {key: MassWhy.ABSENT for key in memos if key not in found}
    by_transfer: dict[int, list[int]] = defaultdict(list)
    for key in found:
        by_transfer[int(memos[key]["transfer"])].append(key)
    for transfer, keys in by_transfer.items():
        back = bring_back(viewer, transfer, keys)
        kept |= {key: MassWhy.LATER for key in keys if key not in back}
    return kept


mass.lend(
    MassAct(
        "manager",
        CUSTOMERS.key,
        gettext_lazy("指定客户经理"),
        Right.OWNERSHIP_CHANGE,
        "user-share",
        form=AssignForm,
        judge=_judge,
        do=_do,
        undo=_undo,
        told=_told,
        words=_words,
        reasons={
            "manager": gettext_lazy("这位客户经理已不在您的范围内"),
            "line": gettext_lazy("客户没有这位客户经理岗位所含板块的管户"),
            "full": gettext_lazy("客户经理已到管户上限"),
        },
    )
)
