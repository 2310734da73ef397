"""BARS A 4, A 5, D: what may go wrong with a whole file. Refused means: nothing applied, reason shown."""

from __future__ import annotations

import io
import zipfile

import pytest

from hongyan.core import scope, vault
from hongyan.customer.models import Customer, SourceRecord
from hongyan.integration import places
from hongyan.integration.actions import check
from hongyan.integration.codes import DeliveryState
from hongyan.integration.models import Delivery, QuarantinedRow
from hongyan.integration.reasons import sentence
from hongyan.integration.tests.factory import ID, counts, customer, day, kgc_file, loaded, received

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("organisation")]

GOOD = [customer(number) for number in range(1, 4)]


def customers() -> int:
    with scope.bulk():
        return Customer.objects.count()


def flipped(content: bytes) -> bytes:
    """One digit of an address altered on the way."""
    return content.replace("12号".encode("gb18030"), "13号".encode("gb18030"), 1)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\n", "header_line"),
        (kgc_file([]), "no_rows"),
        (kgc_file(GOOD).rpartition(b"T|")[0], "trailer_missing"),
        (kgc_file(GOOD)[: len(kgc_file(GOOD)) // 2], "trailer_missing"),
        (flipped(kgc_file(GOOD)), "crc"),
        (kgc_file(GOOD).replace(b"T|3|", b"T|4|"), "trailer_count"),
        (kgc_file(GOOD).replace(b"T|3|0.00", b"T|3|9.00"), "control_sum"),
        (kgc_file(GOOD).replace(b"KHGL|CUST", b"KHGL|CONT"), "header_line"),
        (kgc_file(GOOD).replace(day().encode(), b"20260101"), "header_day"),
        (kgc_file(GOOD).replace("王".encode("gb18030"), "王".encode()[:2] + b"\xff"), "encoding"),
        (kgc_file(GOOD).replace("王".encode("gb18030"), b"\0"), "nul"),
    ],
    ids=[
        "empty", "blank", "no rows", "no trailer", "truncated", "flipped", "count", "sum", "other kind", "other day",
        "encoding", "nul",
    ],
)  # fmt: skip
def test_refused_whole(content: bytes, code: str) -> None:
    delivery = loaded(content)
    assert delivery.state == DeliveryState.REFUSED
    assert delivery.refusal["code"] == code
    assert sentence(delivery.refusal) != code
    assert customers() == 0
    assert not list(places.staged(delivery.uuid, "CUST").parent.glob(f"{delivery.uuid}*"))


def test_wrong_encoding_names_the_row() -> None:
    content = kgc_file(GOOD)
    second = content.index(b"37010200000002")
    delivery = loaded(content[:second] + b"\xff" + content[second + 1 :])
    assert (delivery.refusal["code"], delivery.refusal["row"]) == ("encoding", 3)


def test_unknown_name_is_refused_and_looked_at_again_under_a_better_one() -> None:
    delivery = loaded(kgc_file(GOOD), "customers.txt")
    assert delivery.refusal["code"] == "unknown_file"
    again = loaded(kgc_file(GOOD))
    assert again.id == delivery.id
    assert counts(again) == {"received": 3, "accepted": 3, "new": 3}


def test_same_bytes_under_another_name_change_nothing() -> None:
    first = loaded(kgc_file(GOOD))
    again = loaded(kgc_file(GOOD), "KG_CUST_20200101.txt")
    assert again.id == first.id
    assert Delivery.objects.count() == 1
    assert customers() == 3


def test_overlapping_file_adds_only_what_is_new() -> None:
    loaded(kgc_file(GOOD))
    delivery = loaded(kgc_file([*GOOD, customer(4), customer(2, 邮编="250001")]))
    assert counts(delivery) == {"received": 5, "accepted": 5, "new": 1, "updated": 1, "unchanged": 3}
    assert customers() == 4


def test_later_of_two_versions_in_one_file_wins() -> None:
    loaded(kgc_file([customer(1, 客户名称="王小明"), customer(1, 客户名称="王晓明")]))
    with scope.bulk():
        assert Customer.objects.get().name == "王晓明"


def test_altered_original_is_noticed() -> None:
    delivery = received(kgc_file(GOOD))
    path = places.original(delivery.uuid)
    sealed = bytearray(path.read_bytes())
    sealed[-20] ^= 1
    path.write_bytes(sealed)
    assert check(delivery.id, in_background=False).refusal["code"] == "tampered"


def test_nothing_personal_lies_in_plain_files() -> None:
    """BARS A 7: neither the original nor the staged rows nor the quarantine hold a readable number."""
    delivery = check(
        received(kgc_file([customer(1), customer(2, 归属机构代码="9", 证件号码=ID)])).id, in_background=False
    )
    assert delivery.state == DeliveryState.CHECKED
    files = [places.original(delivery.uuid), places.staged(delivery.uuid, "CUST")]
    for path in files:
        assert ID.encode() not in path.read_bytes()
        assert path.stat().st_mode & 0o077 == 0
    with scope.bulk():
        row = QuarantinedRow.objects.get()
    assert ID not in str(row.reasons) + row.key_masked
    assert ID.encode() not in bytes(row.sealed)
    with pytest.raises(vault.Tampered):
        vault.unseal(bytes(row.sealed), record=delivery.uuid, column="integration_quarantinedrow.sealed")


def test_workbook_bomb_is_counted_not_believed() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (120 << 20))
    delivery = loaded(packed.getvalue(), f"erp_org_{day()}.xlsx", "erp")
    assert delivery.refusal["code"] in {"too_large", "bomb"}


def test_no_workbook() -> None:
    assert loaded(b"PK no", f"erp_org_{day()}.xlsx", "erp").refusal["code"] == "workbook"


def test_lineage_names_delivery_and_row() -> None:
    delivery = loaded(kgc_file(GOOD))
    with scope.bulk():
        assert sorted(SourceRecord.objects.values_list("delivery_id", "row")) == [
            (delivery.id, n) for n in (2, 3, 4)
        ]
