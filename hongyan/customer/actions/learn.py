"""Reading stored records anew for comparing (重读比对要素): after the normalisers or the keys changed."""

from __future__ import annotations

from collections.abc import Collection

import orjson

from hongyan.core.bulk import copy_rows, update_rows
from hongyan.core.sealed import open_sealed
from hongyan.customer.actions.prepare import identity_record, look_up_keys, seal_likeness
from hongyan.customer.codes import MAIN_PART, Kind, PartyRecord, PartyType
from hongyan.customer.models import CandidateKey, SourceRecord
from hongyan.identity.normalise import normalise
from hongyan.identity.online.party import Party, party_of


def read_anew(record: SourceRecord) -> Party:
    """The party that a stored main record describes, as it is compared. Errors: vault.Tampered."""
    told = PartyRecord(
        system=record.party.system,
        key=record.party.key,
        row=record.row,
        party_type=PartyType(record.party.party_type),
        line=record.line,
        kind=Kind.REGISTERED,
        fields=record.fields,
        secrets=orjson.loads(open_sealed(record, "sealed")) if record.sealed else {},
    )
    normalised = normalise(identity_record(told))
    return party_of(normalised.kind, normalised.row(), record.party_id)


def learn(customers: Collection[int]) -> None:
    """Write anew what the parties of customers are compared by and where they are found, inside `scope.bulk()`."""
    records = SourceRecord.objects.filter(
        party__customer__in=customers, part=MAIN_PART, is_current=True
    ).select_related("party")
    read = [(record, read_anew(record)) for record in records]
    update_rows(
        SourceRecord,
        "id",
        ("likeness",),
        [(record.pk, seal_likeness(party, record.uuid)) for record, party in read],
    )
    CandidateKey.objects.filter(party_id__in=[record.party_id for record, _ in read]).delete()
    copy_rows(
        CandidateKey,
        ("party_id", "key", "mark"),
        (
            (record.party_id, *key)
            for record, party in read
            for key in {(key.value, key.mark) for key in look_up_keys(party)}
        ),
    )
