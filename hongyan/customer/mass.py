"""The list of customers, offered for acts on many, and the act of this room: correct one field (批量更正)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.core.errors import HongyanError
from hongyan.core.parameters import value_of
from hongyan.customer import lists
from hongyan.customer.actions.correct import correct
from hongyan.customer.actions.take_back import take_back
from hongyan.customer.codes import CorrectionState, Industry, PartyType, Scale
from hongyan.customer.custom import Own, by_name, custom_fields, is_custom, label, values_of, words
from hongyan.customer.models import Correction, Customer, Ownership, Relationship
from hongyan.customer.panels.words import LABELS, word_of
from hongyan.customer.parameters import CHECKED_ALWAYS, CHECKED_OF_AGREEMENTS
from hongyan.customer.rules.correcting import heads_of, takes_second
from hongyan.customer.rules.custom import Type
from hongyan.customer.rules.merging import AGREEMENTS
from hongyan.customer.rules.ownership import Keeper, is_own
from hongyan.desk import mass
from hongyan.desk.codes import Change, MassWhy, Verdict
from hongyan.desk.forms import MassForm
from hongyan.desk.mass import Chosen, MassAct, Row, RowList, Task
from hongyan.org.codes import Right, Viewer

CHOICES = {"industry": Industry, "scale": Scale}
"""Fields that many customers can have alike, with the codes to choose from: both are of organisations.

So can those that the house defined with answers to choose from."""
_BETWEEN = ":"


# --- the list


def _choose(viewer: Viewer, chosen: Chosen, most: int) -> list[int]:
    if chosen.query is None:
        rows = lists.rows_for(viewer, {}).filter(code__in=chosen.ids)
    else:
        rows = lists.chosen_rows(viewer, chosen.query)
    return list(rows.values_list("customer_id", flat=True)[:most])


def standing_customers(viewer: Viewer, keys: Collection[int]) -> dict[int, Customer]:
    """Of some customers those in the viewer's scope that nobody merged into others meanwhile. One query."""
    rows = Customer.objects.visible_to(viewer).filter(pk__in=keys, survivor=None)
    return {customer.pk: customer for customer in rows}


def _describe(viewer: Viewer, keys: Collection[int]) -> dict[int, Row]:
    return {
        key: Row(customer.name, customer.code, reverse("customer:record", args=[customer.code]))
        for key, customer in standing_customers(viewer, keys).items()
    }


# --- correcting one field


class FieldForm(MassForm):
    """Which field, and the value it is to have."""

    value = forms.ChoiceField(label=gettext_lazy("改成"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = [
            field for field in custom_fields() if field.is_listed and field.type in {Type.YES_NO, Type.CHOICE}
        ]
        self.fields["value"].choices = [  # type: ignore[attr-defined]
            *(
                (LABELS[name], [(f"{name}{_BETWEEN}{code}", word) for code, word in codes.choices])
                for name, codes in CHOICES.items()
            ),
            *(
                (
                    label(field),
                    [(f"{field.name}{_BETWEEN}{value}", words(field, value)) for value in values_of(field)],
                )
                for field in own
            ),
        ]


def _asked(given: Mapping[str, Any]) -> tuple[str, str]:
    name, _between, code = str(given["value"]).partition(_BETWEEN)
    return name, code


def _told(given: Mapping[str, Any]) -> str:
    (name, code), own = _asked(given), Own()
    return _("{field}改为{value}").format(field=own.label(name, LABELS), value=_word(own, name, code))


def _words(codes: Collection[str]) -> dict[str, str]:
    own = Own()
    return {one: _word(own, *one.split(_BETWEEN, 1)) for one in codes if _BETWEEN in one}


def _word(own: Own, name: str, code: str) -> str:
    return own.word(name, code) if is_custom(name) else str(word_of(name, code))


def _judge(viewer: Viewer, task: Task, keys: Sequence[int]) -> dict[int, Verdict]:
    name, code = _asked(task.given)
    found = standing_customers(viewer, keys)
    waiting = set(
        Correction.objects.filter(customer__in=found, state=CorrectionState.WAITING).values_list(
            "customer_id", flat=True
        )
    )
    second = _take_second(viewer, name, found)
    field = by_name().get(name)
    verdicts = {}
    for key, customer in found.items():
        present = customer.custom.get(field.code, "") if field else getattr(customer, name)
        was, becomes = f"{name}{_BETWEEN}{present}" if present else "", f"{name}{_BETWEEN}{code}"
        why = ""
        if not (field.is_for(customer.party_type) if field else customer.party_type != PartyType.PERSON):
            why = "kind"
        elif was != becomes and key in waiting:
            why = "waiting"
        elif was != becomes and key in second:
            why = "second"
        verdicts[key] = Verdict(was, becomes, why)
    return verdicts


def _take_second(viewer: Viewer, name: str, found: Mapping[int, Customer]) -> set[int]:
    """Whose field somebody else would have to agree to: not one's own, or important by the parameters. Two queries."""
    members = Q(customer__in=found) | Q(customer__survivor__in=found)
    keepers: dict[int, list[Keeper]] = defaultdict(list)
    owners = Ownership.objects.filter(members, until=None, gives_way=False)
    for customer, survivor, line, unit, manager in owners.values_list(
        "customer_id", "customer__survivor_id", "line", "unit_id", "manager_id"
    ):
        keepers[survivor or customer].append(Keeper(line, unit, manager))
    agreed = Relationship.objects.filter(customer=OuterRef("pk"), kind__in=AGREEMENTS)
    bound = set(Customer.objects.filter(Exists(agreed), pk__in=found).values_list("pk", flat=True))
    checked = value_of(CHECKED_OF_AGREEMENTS, units=viewer.unit_chain)
    always = value_of(CHECKED_ALWAYS, units=viewer.unit_chain)
    return {
        key
        for key in found
        if takes_second(
            heads_of([name]),
            has_agreement=key in bound,
            is_own=is_own(
                keepers[key], role=viewer.role, people=viewer.people, unit_id=viewer.unit_id,
                lines=viewer.line_codes,
            ),
            checked=checked,
            always=always,
        )
    }  # fmt: skip


def _do(viewer: Viewer, task: Task, passing: Mapping[int, Verdict]) -> dict[int, Change]:
    name, code = _asked(task.given)
    return {
        key: _correct(viewer, task, key, customer.code, {name: code})
        for key, customer in standing_customers(viewer, passing).items()
    }


def _correct(viewer: Viewer, task: Task, key: int, code: str, typed: Mapping[str, str]) -> Change:
    """Correct one customer; one that cannot be is left, and stops none of the others."""
    try:
        with transaction.atomic():
            made = correct(
                viewer, code, typed, reason=task.reason, key=f"{viewer.staff_no}/{task.number}/{key}"
            )
    except HongyanError:
        return Change(why="waiting")
    if made.state != CorrectionState.DONE:
        return Change(why="second")
    return Change(memo={"correction": made.pk})


def _undo(viewer: Viewer, task: Task, memos: Mapping[int, Mapping[str, Any]]) -> dict[int, str]:
    kept: dict[int, str] = {}
    for key, memo in memos.items():
        try:
            with transaction.atomic():
                take_back(viewer, int(memo["correction"]), reason=f"{_('撤销')} {task.number}")
        except HongyanError:
            kept[key] = MassWhy.LATER
    found = standing_customers(viewer, memos)
    return {key: why if key in found else MassWhy.ABSENT for key, why in kept.items()}


mass.offer(
    RowList(lists.CUSTOMERS.key, lists.CUSTOMERS.title, "customer:list", choose=_choose, describe=_describe)
)
mass.lend(
    MassAct(
        "field",
        lists.CUSTOMERS.key,
        pgettext_lazy("动作", "更正资料"),
        Right.CUSTOMER_CORRECT,
        "pencil",
        form=lambda _viewer, data: FieldForm(data),
        judge=_judge,
        do=_do,
        undo=_undo,
        told=_told,
        words=_words,
        reasons={
            "kind": gettext_lazy("这类客户没有这一项"),
            "waiting": gettext_lazy("已有更正在等待审批，或现在不能更正"),
            "second": gettext_lazy("要另一人批准，请逐户更正"),
        },
    )
)
