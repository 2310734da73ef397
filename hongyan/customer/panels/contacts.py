"""The contact persons of a customer, from files and by hand, each with where it comes from (联系人)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.urls import reverse
from django.utils.translation import pgettext

from hongyan.customer.codes import MANUAL_SYSTEM
from hongyan.customer.models import SourceRecord
from hongyan.customer.panels.basic import shown_value
from hongyan.customer.panels.sources import PART_LABELS
from hongyan.customer.panels.words import LABELS, word_of
from hongyan.customer.queries.contacts import former_contacts
from hongyan.customer.queries.records import CustomerRecord
from hongyan.customer.queries.systems import system_name
from hongyan.customer.rules.contacts import SORT
from hongyan.org.codes import Right, Viewer
from hongyan.ui.cells import masked, when
from hongyan.ui.lists.paging import Where
from hongyan.ui.records import Field, Source

_REACHED = ("mobile_masked", "landline_masked", "email_masked")
_SAID = ("birthday", "preferred_channel", "preferred_time", "preferred_language", "note")


@dataclass(frozen=True)
class ContactView:
    """A contact as it stands, or as it stood: then nothing of it is shown in full. Who may not has no addresses."""

    name: str
    role: str
    fields: Sequence[Field]
    source: Source
    change_url: str = ""
    end_url: str = ""
    ended_on: str = ""
    end_reason: str = ""
    former: Sequence[ContactView] = ()


@dataclass(frozen=True)
class ContactsShown:
    """The tab: those who are contacts now, those who were. `add_url` is empty for whoever may not."""

    present: Sequence[ContactView]
    ended: Sequence[ContactView]
    add_url: str


def contacts(viewer: Viewer, record: CustomerRecord, _where: Where) -> ContactsShown:
    """The query of the panel 联系人. At most one query of its own, however many there are."""
    may = viewer.may(Right.CUSTOMER_CORRECT) and record.customer.anonymised_at is None
    code = record.customer.code
    before = {
        key: list(rows)
        for key, rows in groupby(former_contacts(record), lambda one: (one.party_id, one.part))
    }
    systems = {party.pk: party.system for party in record.parties}
    present = [
        _view(viewer, code, one, systems, may=may, before=before.pop((one.party_id, one.part), []))
        for one in record.parts(SORT)
    ]
    ended = [_former(rows[0], systems, before=rows[1:]) for rows in before.values()]
    return ContactsShown(present, ended, reverse("customer:add_contact", args=[code]) if may else "")


def contact_words(record: SourceRecord) -> str:
    """A contact in one line, numbers masked."""
    said = [*_titles(record), *(str(record.fields[name]) for name in _REACHED if record.fields.get(name))]
    said += [str(word_of(name, record.fields[name])) for name in _SAID if record.fields.get(name)]
    return " · ".join(filter(None, said))


def _view(
    viewer: Viewer,
    code: str,
    record: SourceRecord,
    systems: dict[int, str],
    *,
    may: bool,
    before: Sequence[SourceRecord],
) -> ContactView:
    reached = [
        Field(LABELS[name], shown_value(viewer, code, name, record.fields[name], record_id=record.pk))
        for name in _REACHED
        if record.fields.get(name)
    ]
    name, role = _titles(record)
    is_ours = may and systems[record.party_id] == MANUAL_SYSTEM
    address = [code, record.party_id, record.part.partition("/")[2]]
    return ContactView(
        name,
        role,
        [*reached, *_said(record)],
        _source(record, systems),
        change_url=reverse("customer:change_contact", args=address) if is_ours else "",
        end_url=reverse("customer:end_contact", args=address) if is_ours else "",
        former=[_former(one, systems) for one in before],
    )


def _former(
    record: SourceRecord, systems: dict[int, str], *, before: Sequence[SourceRecord] = ()
) -> ContactView:
    reached = [
        Field(LABELS[name], masked(record.fields[name], reveal_url="", what=LABELS[name]))
        for name in _REACHED
        if record.fields.get(name)
    ]
    name, role = _titles(record)
    return ContactView(
        name,
        role,
        [*reached, *_said(record)],
        _source(record, systems),
        ended_on=record.fields.get("ended_on", ""),
        end_reason=record.fields.get("end_reason", ""),
        former=[_former(one, systems) for one in before],
    )


def _titles(record: SourceRecord) -> tuple[str, str]:
    name = record.fields.get("contact_name", "") or pgettext("联系人", "未留姓名")
    return name, str(word_of("role", record.fields.get("role", "")))


def _said(record: SourceRecord) -> list[Field]:
    return [
        Field(PART_LABELS[name], _value(name, record.fields[name]), is_wide=name == "note")
        for name in _SAID
        if record.fields.get(name)
    ]


def _value(name: str, value: str) -> object:
    if name == "birthday" and len(value) > len("03-15"):
        return when(date.fromisoformat(value))
    return word_of(name, value)


def _source(record: SourceRecord, systems: dict[int, str]) -> Source:
    as_of = record.as_of or record.source_updated_at or record.received_at
    return Source(system=system_name(systems[record.party_id]), as_of=as_of)
