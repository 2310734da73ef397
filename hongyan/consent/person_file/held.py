"""The tables that hold something of a person, as rooms declare them, and of whom a file is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, reduce
from operator import or_
from typing import Any

import orjson
from django.apps import apps
from django.db.models import ForeignKey, Model, Q, QuerySet

from hongyan.consent.person_file.words import WORDS, Text
from hongyan.core.sealed import open_sealed
from hongyan.customer.codes import SEALED_FIELDS
from hongyan.customer.custom import is_custom
from hongyan.customer.models import Customer, SourceParty, SourceRecord

Row = Any


@dataclass(frozen=True)
class Subject:
    """Whom a file is of: the customer, all that were merged into it, and their source parties."""

    customer: Customer
    customers: Mapping[int, str]
    parties: frozenset[int]

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The person's own credential, phones and e-mail addresses in the clear, from every source and version."""
        records = SourceRecord.objects.filter(party_id__in=self.parties, part="").exclude(sealed=b"")
        said = (opened(one) for one in records.select_related("party").iterator())
        return frozenset(str(value) for one in said for value in one.values() if value)


def subject_of(customer: Customer) -> Subject:
    """The person that a customer stands for now, whichever code was asked for. Past every scope."""
    survivor = customer.survivor or customer
    customers = {
        one.pk: one.code for one in Customer.objects.filter(Q(pk=survivor.pk) | Q(survivor=survivor))
    }
    parties = SourceParty.objects.filter(Q(customer__in=customers) | Q(home__in=customers))
    return Subject(survivor, customers, frozenset(parties.values_list("pk", flat=True)))


def opened(row: Row) -> dict[str, Any]:
    """What a row holds sealed in its column `sealed`, as it was written: a JSON object. Errors: vault.Tampered."""
    return dict(orjson.loads(open_sealed(row, "sealed"))) if row.sealed else {}


def own_numbers(row: Row) -> dict[str, Any]:
    """The identifiers that a row holds sealed, in the clear, those of fields that the house defined too."""
    said = opened(row)
    own = (name for name in said if is_custom(name))
    return {name: said[name] for name in (*SEALED_FIELDS, *own) if said.get(name)}


@dataclass(frozen=True)
class Held:
    """One table that holds something of persons.

    `customer` and `party` name the look-ups by which its rows hang on the person, or `find` finds them. `more` answers
    what stands in place of columns, or beside them: sealed values in the clear, say. `withheld` are columns of this
    table that stay out, and why.
    """

    model: type[Model]
    title: Text
    customer: Sequence[str] = ()
    party: Sequence[str] = ()
    find: Callable[[Subject], Iterable[Row]] | None = None
    more: Callable[[Row], Mapping[str, Any]] | None = None
    withheld: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What the table is called in the file."""
        return self.model._meta.label_lower.replace(".", "_")

    def rows(self, subject: Subject) -> Iterable[Row]:
        """The rows that hang on a person, in the order of their keys."""
        if self.find:
            return self.find(subject)
        by = [Q(**{f"{path}__in": list(subject.customers)}) for path in self.customer]
        by += [Q(**{f"{path}__in": subject.parties}) for path in self.party]
        found: QuerySet[Any] = QuerySet(self.model).filter(reduce(or_, by)).order_by("pk")
        return found.select_related(*self._pointers()).iterator(chunk_size=2000)

    def _pointers(self) -> list[str]:
        return [one.name for one in self.model._meta.concrete_fields if isinstance(one, ForeignKey)]


_lent: list[Held] = []


def lend(*tables: Held, words: Mapping[str, Text] = WORDS) -> None:
    """Put a room's tables into the file, with the words for its columns. Errors: ValueError for one that is there."""
    WORDS.update(words)
    for table in tables:
        if table.model in {one.model for one in _lent}:
            raise ValueError(f"{table.key} is lent twice")
        _lent.append(table)


def held() -> Sequence[Held]:
    """All tables of the file: from the lowest room up, the audit at the end."""
    rooms = [one.label for one in apps.get_app_configs()]
    return sorted(
        _lent, key=lambda one: (one.model._meta.app_label == "core", -rooms.index(one.model._meta.app_label))
    )
