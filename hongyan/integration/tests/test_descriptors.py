"""Connector descriptors: those there are, and what may not stand in one (INT-i01)."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from hongyan.customer.codes import CredentialType, Gender, Kind, PartyType, Status
from hongyan.integration import readers
from hongyan.integration.descriptors import (
    DescriptorError,
    Format,
    Target,
    all_descriptors,
    find_descriptor,
    load,
)
from hongyan.integration.mapping import AGREEMENT
from hongyan.integration.reasons import FILE_REASONS, ROW_REASONS
from hongyan.ledger.codes import (
    BalanceKind,
    Channel,
    Contents,
    DeliveryMode,
    HoldingKind,
    HoldingStatus,
    MailEventCode,
    Nature,
    PickupMode,
)
from hongyan.ledger.models import Product
from hongyan.org.codes import Level, Line, Management, Role, Tree

SOUND = """
code = "x"
name = "某系统"
name_en = "Some system"
short_name = "某"
short_name_en = "Some"
owner = "集团"
line = "01"
medium = "file"
format = "csv"
encoding = "utf-8"
delimiter = ","
schedule = "01:00"
mode = "full"
walk_in = "none"
date_group = "fixed"
connection = "connected"
provinces = ["*"]
[kinds.A]
title = "甲"
title_en = "A"
target = "party"
file = 'a\\.csv'
fields = [
  { column = "编号", target = "key", required = true },
  { column = "名称", target = "name", type = "name" },
]
"""


class _Flag:
    values = ("0", "1")


OURS = {
    "party_type": PartyType, "kind": Kind, "credential_type": CredentialType, "gender": Gender, "status": Status,
    "level": Level, "tree": Tree, "management": Management, "role": Role,
}  # fmt: skip
_OF_FACTS = {"nature": Nature, "channel": Channel, "code": MailEventCode, "void": _Flag, "contents": Contents}
LEDGERS = {
    Target.HOLDING: {"kind": HoldingKind, "status": HoldingStatus},
    Target.BALANCE: {"kind": BalanceKind},
    Target.TRANSACTION: _OF_FACTS,
    Target.MAIL_EVENT: _OF_FACTS,
    Target.MAIL_ITEM: {**_OF_FACTS, "pickup_mode": PickupMode, "delivery_mode": DeliveryMode},
}


def test_systems_are_known_by_their_folders() -> None:
    codes = [descriptor.code for descriptor in all_descriptors()]
    assert {"erp", "jiyou", "kgc", "yy"} <= set(codes)
    assert codes == sorted(codes)
    assert find_descriptor("nobody") is None


def test_code_maps_lead_to_our_codes() -> None:
    for descriptor in all_descriptors():
        assert descriptor.line in {*Line.values, ""}
        for kind in descriptor.kinds:
            for field in kind.fields:
                codes = LEDGERS.get(kind.target, OURS).get(field.target)
                if codes and kind.target is not Target.CONTACT:  # a contact's role is the source's own list
                    allowed = {str(value) for value in codes.values} | {AGREEMENT}
                    assert set((field.codes or {}).values()) <= allowed, (descriptor.code, field.column)


@pytest.mark.django_db
def test_a_product_counts_in_one_line() -> None:
    """What a code means is a product of the line of its system."""
    lines = dict(Product.objects.values_list("code", "family__line"))
    for one in all_descriptors():
        assert {lines[product] for product in one.products.values()} <= {one.line}, one.code


def test_every_field_says_why_we_hold_it() -> None:
    fields = [field for descriptor in all_descriptors() for kind in descriptor.kinds for field in kind.fields]
    assert [field.column for field in fields if not field.purpose] == []


@pytest.mark.parametrize(
    ("before", "after", "where"),
    [
        ('format = "csv"', 'format = "spoken"', "format"),
        ('format = "csv"', 'format = "xml"', "kinds.A.tag"),
        ('format = "csv"', 'format = "fixed"', "kinds.A.编号"),
        ('target = "key", ', 'target = "key", width = 3, ', "kinds.A.编号"),
        ('target = "key", ', 'target = "key", from_parent = true, ', "kinds.A.编号"),
        ('target = "party"', 'target = "transaction"', "kinds.A.fields"),
        ('target = "party"', 'target = "balance"', "kinds.A.fields"),
        ('mode = "full"', 'mode = "full"\nexpects = ["B"]', "expects"),
        ("[kinds.A]", '[kinds.A]\nsums = ["amount"]', "kinds.A.sums"),
        ("[kinds.A]", '[kinds.A]\ncontrol = { column = "金额" }', "kinds.A.controls.column"),
        ("[kinds.A]", '[kinds.A]\nversion = "newest"', "kinds.A.version"),
        ('type = "name"', 'type = "account"', "kinds.A.名称"),
        ('code = "x"', 'code = "y"', "code"),
        ("[kinds.A]", "[kinds.A]\ncolour = 1", "kinds.A.colour"),
        ('target = "key"', 'target = "key", class = "C3"', "kinds.A.fields[0].column"),
        ('column = "名称"', 'column = "登录密码"', "kinds.A.fields[1].column"),
        ('column = "名称"', 'column = "CVV2"', "kinds.A.fields[1].column"),
        ('type = "name"', 'type = "credential"', "kinds.A.名称"),
        ('type = "name"', 'type = "code"', "kinds.A.fields[1].codes"),
        ("required = true", "required = true, pattern = '('", "kinds.A.fields[0].pattern"),
        ('target = "key", ', "", "kinds.A.fields"),
        ("file = 'a\\.csv'", "", "kinds.A.file"),
        ('owner = "集团"', "", "top level"),
        ('mode = "full"', 'mode = "full"\ncurrency = "元"', "currency"),
        ('mode = "full"', 'mode = "full"\nfacts_from = "1997"', "facts_from"),
        ('target = "party"', 'target = "division"', "kinds.A.fields"),
    ],
)
def test_refused_with_file_and_key(tmp_path: Path, before: str, after: str, where: str) -> None:
    path = tmp_path / "x" / "descriptor.toml"
    path.parent.mkdir()
    path.write_text(SOUND, "utf-8")
    assert load(path).code == "x"
    assert before in SOUND
    path.write_text(SOUND.replace(before, after), "utf-8")
    with pytest.raises(DescriptorError) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}: {where}: ")


def test_files_are_known_by_their_names() -> None:
    kgc = find_descriptor("kgc")
    assert kgc is not None
    matched = kgc.match("KG_CONT_20261121.txt")
    assert matched is not None
    kinds, day = matched
    assert ([kind.code for kind in kinds], day) == (["CONT"], "20261121")
    assert kgc.match("KG_CONT_20261121.txt.part") is None


def test_reasons_have_one_sentence_each() -> None:
    assert FILE_REASONS.keys() & ROW_REASONS.keys() == set()


def test_a_connector_may_bring_a_reader_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """INT-i01: adding a system stays one folder, even when its layout is nobody else's."""
    descriptor = find_descriptor("jiyou")
    assert descriptor is not None
    own = replace(descriptor, code="odd", format=Format.OWN)
    reader = ModuleType("hongyan.integration.connectors.odd.reader")
    reader.read = lambda chunks, *_, **__: [b"".join(chunks)]  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, reader.__name__, reader)
    source = readers.Source(own, own.format, lambda: iter([b"a", b"b"]), limit=10)
    assert list(readers.batches(source, own.kinds[0], readers.Reading())) == [b"ab"]
