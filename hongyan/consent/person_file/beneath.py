"""What the rooms beneath, and this one, hold of a person (客户主数据、同意、查阅记录)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import pgettext_lazy

from hongyan.consent.models import REQUEST_NUMBER, Consent, PersonRequest, Silence
from hongyan.consent.person_file.held import Held, Subject, opened, own_numbers
from hongyan.core import audit
from hongyan.core.masking import mask_name
from hongyan.core.models import AuditEvent
from hongyan.customer.actions.prepare import MASKED_FORM
from hongyan.customer.models import (
    Assistant,
    Correction,
    Customer,
    Entry,
    Freeze,
    GoldenChange,
    GoldenPin,
    Link,
    Merge,
    Ownership,
    PairDecision,
    Relation,
    Relationship,
    ReviewCase,
    SecondLook,
    Share,
    SourceParty,
    SourceRecord,
)
from hongyan.desk.models import Note, NoteVersion, RecordFile, Task, TaskStep, WorkItem
from hongyan.org.models import Place

COLLEAGUE = "which of the house's own people it was: their data, not the person's"
SAID_OF_OTHERS = frozenset({"birthday", "note", "end_reason"})
"""What is written down of a contact person, which is their data and not the customer's."""
BOTH = "speaks of another person too: what the two have in common is told by the score alone"


def _golden(customer: Customer) -> Mapping[str, Any]:
    """The golden identifiers in the clear, opened where their lineage says they came from."""
    sources = {column: customer.lineage.get(column, [None])[0] for column in MASKED_FORM.values()}
    records = SourceRecord.objects.select_related("party").in_bulk(set(sources.values()) - {None})
    found = {}
    for name, column in MASKED_FORM.items():
        record = records.get(sources[column] or 0)
        if record is not None:
            found[column] = own_numbers(record).get(name, getattr(customer, column))
    return found


def _said(record: SourceRecord) -> Mapping[str, Any]:
    """What a source said, its numbers in the clear; of a contact, who is somebody else, masked."""
    is_other = record.part.startswith("contact")
    masked = set(MASKED_FORM.values())
    fields = {name: value for name, value in record.fields.items() if is_other or name not in masked}
    if is_other:
        fields = {name: value for name, value in fields.items() if name not in SAID_OF_OTHERS}
        names = {name: mask_name(str(value)) for name, value in fields.items() if name == "contact_name"}
        return {"fields": {**fields, **names}}
    return {"fields": {**fields, **own_numbers(record)}}


def _corrected(correction: Correction) -> Mapping[str, Any]:
    return {"fields": {**correction.fields, **opened(correction)}}


def _noted(subject: Subject) -> Iterable[Note]:
    """What was written of the person, and calls with them."""
    return (
        Note.objects.filter(kind="customer", record_id__in=list(subject.customers)).order_by("pk").iterator()
    )


def _noted_before(subject: Subject) -> Iterable[NoteVersion]:
    """What notes of the person said before they were changed."""
    rows = NoteVersion.objects.filter(note__kind="customer", note__record_id__in=list(subject.customers))
    return rows.select_related("note").order_by("pk").iterator()


def files_on(subject: Subject) -> Iterable[RecordFile]:
    """Files kept on the person, in all versions."""
    rows = RecordFile.objects.filter(kind="customer", record_id__in=list(subject.customers))
    return rows.order_by("pk").iterator()


def _to_do(subject: Subject) -> Iterable[Task]:
    """What was to be done about the person."""
    rows = Task.objects.filter(kind="customer", record_id__in=list(subject.customers))
    return rows.order_by("pk").iterator()


def _done(subject: Subject) -> Iterable[TaskStep]:
    """What became of it, and why."""
    rows = TaskStep.objects.filter(task__kind="customer", task__record_id__in=list(subject.customers))
    return rows.select_related("task").order_by("pk").iterator()


def _found(subject: Subject) -> Iterable[WorkItem]:
    """What rules of the house found to do about the person, and what was said of it."""
    rows = WorkItem.objects.filter(kind="customer", record_id__in=list(subject.customers))
    return rows.order_by("pk").iterator()


def _audited(subject: Subject) -> Iterable[AuditEvent]:
    """Who looked at the person or changed something of them; not by name, but by unit."""
    numbers = PersonRequest.objects.filter(customer__in=subject.customers).values_list("pk", flat=True)
    about = Q(subject_kind="customer", subject__in=list(subject.customers.values()))
    about |= Q(subject_kind="person_request", subject__in=[REQUEST_NUMBER.format(pk) for pk in numbers])
    unit = Place.objects.filter(lo=OuterRef("org_no")).values("unit__name")[:1]
    return AuditEvent.objects.filter(about).annotate(unit_name=Subquery(unit)).order_by("id").iterator()


def _act(event: AuditEvent) -> Mapping[str, Any]:
    unit = event.unit_name or ""  # type: ignore[attr-defined]
    return {"act": audit.label_of(event.act), "purpose": audit.purpose_of(event), "unit": unit}


BENEATH = (
    Held(Customer, pgettext_lazy("档案", "客户资料"), customer=("id",), more=_golden),
    Held(SourceParty, pgettext_lazy("档案", "来源客户"), party=("id",)),
    Held(SourceRecord, pgettext_lazy("档案", "来源记录"), party=("party",), more=_said),
    Held(Link, pgettext_lazy("档案", "归并关系"), customer=("customer",), party=("party",)),
    Held(Relationship, pgettext_lazy("档案", "业务关系"), customer=("customer",), party=("party",)),
    Held(Ownership, pgettext_lazy("档案", "管户"), customer=("customer",)),
    Held(
        Assistant,
        pgettext_lazy("档案", "协办"),
        customer=("customer",),
        withheld={"staff": COLLEAGUE},
    ),
    Held(
        Share,
        pgettext_lazy("档案", "共享查看"),
        customer=("customer",),
        withheld={"staff": COLLEAGUE},
    ),
    Held(
        Note,
        pgettext_lazy("档案", "备注与通话"),
        find=_noted,
        withheld={
            "kind": "whose note it is: the person's",
            "record_id": "the person's own number in the database",
            "staff_id": COLLEAGUE,
            "staff_name": COLLEAGUE,
        },
    ),
    Held(NoteVersion, pgettext_lazy("档案", "备注原文"), find=_noted_before),
    Held(
        RecordFile,
        pgettext_lazy("档案", "文件"),
        find=files_on,
        withheld={
            "kind": "whose file it is: the person's",
            "record_id": "the person's own number in the database",
            "series": "numbers of rows",
            "staff_id": COLLEAGUE,
            "staff_name": COLLEAGUE,
            "removed_by": COLLEAGUE,
            "told_for": "which of the house's own people were reminded",
        },
    ),
    Held(
        Task,
        pgettext_lazy("档案", "待办"),
        find=_to_do,
        withheld={
            "kind": "whose to-do it is: the person's",
            "record_id": "the person's own number in the database",
            **dict.fromkeys(
                ("staff_id", "staff_no", "staff_name", "maker_id", "maker_no", "maker_name"), COLLEAGUE
            ),
            **dict.fromkeys(
                (
                    "priority",
                    "repeat",
                    "first_due_at",
                    "remind_minutes",
                    "remind_at",
                    "reminded_at",
                    "is_all_day",
                ),
                "how a colleague plans their day",
            ),
        },
    ),
    Held(
        TaskStep,
        pgettext_lazy("档案", "待办经过"),
        find=_done,
        withheld={"staff_name": COLLEAGUE, "to_name": COLLEAGUE},
    ),
    Held(
        WorkItem,
        pgettext_lazy("档案", "今日的事"),
        find=_found,
        withheld={
            "kind": "whose it is: the person's",
            "record_id": "the person's own number in the database",
            **dict.fromkeys(("staff_id", "said_by", "is_delegated"), COLLEAGUE),
            **dict.fromkeys(
                ("rank", "is_current", "shown_from", "found_at"), "how colleagues plan their day"
            ),
        },
    ),
    Held(Entry, pgettext_lazy("档案", "新增单"), customer=("customer",), party=("party",)),
    Held(Correction, pgettext_lazy("档案", "更正"), customer=("customer",), more=_corrected),
    Held(GoldenChange, pgettext_lazy("档案", "变更历史"), customer=("customer",)),
    Held(GoldenPin, pgettext_lazy("档案", "指定值"), customer=("customer",)),
    Held(Freeze, pgettext_lazy("档案", "冻结"), customer=("customer",)),
    Held(
        Relation,
        pgettext_lazy("档案", "客户关系"),
        party=("party", "other_party"),
        withheld={"evidence": BOTH, "reason": BOTH},
    ),
    Held(
        Merge,
        pgettext_lazy("档案", "归并"),
        customer=("survivor", "absorbed"),
        withheld={"evidence": BOTH, "choices": "numbers of rows", "snapshot": "numbers of rows"},
    ),
    Held(
        ReviewCase,
        pgettext_lazy("档案", "待核"),
        customer=("customer", "candidate"),
        withheld={"evidence": BOTH},
    ),
    Held(
        PairDecision,
        pgettext_lazy("档案", "人工判定"),
        customer=("customer", "candidate"),
        withheld={"evidence": BOTH},
    ),
    Held(
        SecondLook,
        pgettext_lazy("档案", "抽检"),
        customer=("case__customer", "case__candidate", "link__customer"),
        party=("link__party",),
    ),
    Held(Consent, pgettext_lazy("档案", "同意与撤回"), customer=("customer",)),
    Held(Silence, pgettext_lazy("档案", "免打扰"), customer=("customer",)),
    Held(PersonRequest, pgettext_lazy("档案", "个人权利请求"), customer=("customer",)),
    Held(
        AuditEvent,
        pgettext_lazy("档案", "查阅与办理记录"),
        find=_audited,
        more=_act,
        withheld={
            "address": "an address of the house's own network",
            "subject_kind": "said by the subject",
        },
    ),
)
