"""The trial of an import (预检): rows held against the rules, then against the customers there are; nothing is written.

read → judge → stage (encrypted)        every row, refused ones with their reasons
prepare → place → count                 sound rows, or a sample of them where there are many
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

from hongyan.core import clock, scope, storage, vault
from hongyan.core.ahead import ahead, collecting_seldom
from hongyan.core.elsewhere import Stream, elsewhere, here
from hongyan.core.errors import SourceError
from hongyan.core.parameters import value_of
from hongyan.customer.actions.place_fresh import placements
from hongyan.customer.actions.prepare import Prepared, prepare_all
from hongyan.customer.codes import PartyRecord
from hongyan.customer.models import CustomerScope
from hongyan.integration import places, staging
from hongyan.integration.actions.apply import WORTH_A_PROCESS, Report
from hongyan.integration.actions.receive import MEGABYTE
from hongyan.integration.codes import ImportState
from hongyan.integration.descriptors import Format
from hongyan.integration.import_kinds import CODE, columns_of, descriptor_of, kind_of, party_records
from hongyan.integration.import_rules import DIGITS
from hongyan.integration.models import CustomerImport
from hongyan.integration.parameters import (
    CHUNK_ROWS,
    IMPORT_FORECAST_ROWS,
    IMPORT_MAX_ROWS,
    IMPORT_MAX_SHEET_ROWS,
    MAX_UNPACKED_MB,
)
from hongyan.integration.queries.imports import scope_of
from hongyan.integration.readers import Reading, Source, people
from hongyan.org.models import Place


@dataclass(slots=True)
class Sorted:
    """Prepared rows by what would become of them. `new` and `known` can be taken in, in this order."""

    new: list[Prepared] = field(default_factory=list)
    known: list[Prepared] = field(default_factory=list)
    elsewhere: list[Prepared] = field(default_factory=list)
    unsure: int = 0


def check_import(import_id: int, *, report: Report | None = None) -> CustomerImport:
    """Try an import whose columns are mapped; afterwards its maker decides. Any other comes back as it is."""
    with scope.bulk():
        brought = CustomerImport.objects.get(pk=import_id)
        if brought.state != ImportState.CHECKING:
            return brought
        references = _references(brought)
    try:
        received, staged = _stage(brought, references)
    except SourceError as error:
        return _refuse(import_id, error)
    except vault.Tampered:
        return _refuse(import_id, SourceError("tampered"))
    forecast = _forecast(brought, staged.good, report)
    with scope.bulk():
        brought = CustomerImport.objects.select_for_update().get(pk=import_id)
        if brought.state == ImportState.CHECKING:
            brought.received, brought.refused, brought.sound = received, staged.bad, staged.good
            brought.forecast, brought.state = forecast, ImportState.CHECKED
            brought.save()
    return brought


def source_of(brought: CustomerImport) -> Source:
    """The file as the readers see it."""
    limit = int(value_of(MAX_UNPACKED_MB)) * MEGABYTE
    rows = IMPORT_MAX_SHEET_ROWS if brought.layout == "xlsx" else IMPORT_MAX_ROWS
    most, bare = int(value_of(rows)), columns_of(brought)
    looked = people.Looked(
        brought.layout, tuple(brought.headers), (), brought.encoding, brought.delimiter, brought.sheet
    )
    used = [place for place, target in enumerate(brought.mapping) if target]
    digits = [place for place, target in enumerate(brought.mapping) if target in DIGITS]

    def own(chunks: Any, descriptor: Any, kind: Any, reading: Reading) -> Any:
        return people.batches(
            chunks, descriptor, kind, reading, bare=bare, looked=looked, digits=digits, used=used,
            party_type=brought.party_type, limit=limit, most_rows=most,
        )  # fmt: skip

    descriptor = descriptor_of(brought)
    return Source(descriptor, Format.CSV, lambda: _content(brought), limit, own)


def _content(brought: CustomerImport) -> Iterator[bytes]:
    return storage.unseal_chunks(places.original(brought.uuid), record=brought.uuid)


def _references(brought: CustomerImport) -> staging.References:
    """What rows may refer to: the units of the scope the file was brought in, and no other."""
    found = scope_of(brought)
    units = Place.objects.select_related("unit")
    if not found.everything:
        units = units.filter(lo__range=(found.lo, found.hi))
    codes = units.values_list("unit__code", "unit__division")
    return staging.References(
        units={code: division[:2] for code, division in codes},
        staff=frozenset(),
        last_day=clock.business_date(),
    )


def _stage(brought: CustomerImport, references: staging.References) -> tuple[int, staging.Staged]:
    kind, path, reading = kind_of(brought), places.staged(brought.uuid, CODE), Reading()
    staging.stage(source_of(brought), kind, path, record=brought.uuid, references=references, reading=reading)
    return reading.received, staging.summary(kind, path, record=brought.uuid)


def _refuse(import_id: int, error: SourceError) -> CustomerImport:
    """The file cannot be read with this mapping, or not at all: its maker is told why and may map it anew."""
    with scope.bulk():
        brought = CustomerImport.objects.select_for_update().get(pk=import_id)
        brought.state = ImportState.REFUSED
        brought.refusal = {"code": error.code, "row": error.row, "params": error.params}
        brought.save()
    places.remove_staged(brought.uuid)
    return brought


# --- what would become of the rows


def _forecast(brought: CustomerImport, sound: int, report: Report | None) -> dict[str, int]:
    """Outcome → rows, of the `of` rows that were compared: all, or evenly chosen pieces of a large file."""
    counts: Counter[str] = Counter()
    most, size = int(value_of(IMPORT_FORECAST_ROWS)), int(value_of(CHUNK_ROWS))
    every = max(1, -(-sound // most))
    here_or_there = elsewhere() if min(sound, most) >= WORTH_A_PROCESS else nullcontext(here)
    with here_or_there as stream:
        for rows in prepared_chunks(brought, skip=0, size=size, stream=stream, every=every):
            with scope.bulk():
                found = sort_out(brought, rows.prepared)
            counts["new"] += len(found.new)
            counts["known"] += len(found.known)
            counts["elsewhere"] += len(found.elsewhere)
            counts["unsure"] += found.unsure
            counts["of"] += len(rows.prepared)
            if report:
                report(counts["of"], min(sound, most))
    return dict(counts)


@dataclass(frozen=True, slots=True)
class Rows:
    """So many sound rows from `start` on, prepared."""

    start: int
    prepared: list[Prepared]


def prepared_chunks(
    brought: CustomerImport, *, skip: int, size: int, stream: Stream, every: int = 1
) -> Iterator[Rows]:
    """Sound rows after the first `skip`, in chunks of `size`, made one ahead; of `every` so many chunks only one."""
    return collecting_seldom(ahead(_chunks(brought, skip, size, stream, every)))


def _chunks(brought: CustomerImport, skip: int, size: int, stream: Stream, every: int) -> Iterator[Rows]:
    path = places.staged(brought.uuid, CODE)
    chunks = staging.good_rows(path, record=brought.uuid, skip=skip, chunk=size)
    start = skip
    for number, rows in enumerate(chunks):
        if number % every == 0:
            (prepared,) = stream(_prepared_together, list(party_records(brought, rows)))
            yield Rows(start, prepared)
        start += len(rows)


def _prepared_together(records: Sequence[PartyRecord]) -> Iterator[list[Prepared]]:
    """A chunk as one item, which crosses to this process at once."""
    yield prepare_all(records)


def sort_out(brought: CustomerImport, prepared: Sequence[Prepared]) -> Sorted:
    """Sort rows by where they belong, within the scope the file was brought in. Call it inside `scope.bulk()`.

    `known` are rows about a customer of that scope, or about one of an earlier row; a customer out of it is never
    joined, since to bring somebody in again would else open them.
    """
    found = Sorted()
    placed = placements([item.party for item in prepared if item.party], [item.keys for item in prepared])
    met = {one.customer for one in placed if one.customer is not None}
    inside = _in_scope(met, scope_of(brought)) if met else set()
    groups: set[int] = set()
    for item, one in zip(prepared, placed, strict=True):
        if one.customer is not None:
            (found.known if one.customer in inside else found.elsewhere).append(item)
        elif one.group in groups:
            found.known.append(item)
        else:
            groups.add(one.group)
            found.new.append(item)
            found.unsure += bool(one.reviews)
    return found


def _in_scope(customers: set[int], within: scope.Scope) -> set[int]:
    if within.everything:
        return customers
    owned = CustomerScope.objects.filter(customer_id__in=customers, org_no__range=(within.lo, within.hi))
    return set(owned.values_list("customer_id", flat=True))
