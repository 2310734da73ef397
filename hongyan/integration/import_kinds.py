"""What a person's file becomes for the engine: a descriptor and a record kind made from the mapping they chose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hongyan.customer.codes import (
    IMPORT_SYSTEM,
    CredentialType,
    Gender,
    Industry,
    Kind,
    PartyRecord,
    Scale,
)
from hongyan.customer.custom import by_name, is_custom
from hongyan.customer.rules.custom import LONGEST, Custom, Type
from hongyan.integration import mapping
from hongyan.integration.codes import Connection
from hongyan.integration.descriptors import (
    DataClass,
    DateGroup,
    Descriptor,
    Field,
    FieldType,
    Format,
    Mode,
    RecordKind,
    Target,
    WalkIn,
)
from hongyan.integration.models import CustomerImport

CODE = "IMPORT"
FAULT, TYPE = "§fault", "§type"
"""Columns that the reader adds: what is wrong with the row as a whole, and person or organisation."""

ADDED = 2
"""How many those are."""

_TYPES: Mapping[str, FieldType] = {
    "name": FieldType.NAME,
    "credential_type": FieldType.CODE,
    "credential_no": FieldType.CREDENTIAL,
    "gender": FieldType.CODE,
    "birth_date": FieldType.DATE,
    "mobile": FieldType.MOBILE,
    "landline": FieldType.LANDLINE,
    "email": FieldType.EMAIL,
    "division": FieldType.DIVISION,
    "postcode": FieldType.POSTCODE,
    "legal_person": FieldType.NAME,
    "industry": FieldType.CODE,
    "scale": FieldType.CODE,
    "unit_code": FieldType.UNIT,
}
_LONGEST = {"name": 200, "short_name": 100, "legal_person": 60, "address": 300, "email": 120}
_SECRET = frozenset({"credential_no", "mobile", "landline", "email", "address"})
_PURPOSE = "识别客户"

_CREDENTIALS = {
    "居民身份证": "01", "身份证": "01", "二代身份证": "01", "临时身份证": "02", "户口簿": "03", "军人证": "04",
    "军官证": "04", "武警证": "05", "港澳居民来往内地通行证": "06", "港澳通行证": "06", "台湾居民来往大陆通行证": "07",
    "台胞证": "07", "港澳台居民居住证": "08", "护照": "09", "外国人永久居留证": "10", "统一社会信用代码": "20",
    "营业执照": "21", "组织机构代码": "22", "事业单位法人证": "23", "其他": "99", "其他证件": "99",
    "ID card": "01", "Passport": "09", "USCC": "20",
}  # fmt: skip
_YES_NO = {
    "1": "1",
    "0": "0",
    "是": "1",
    "否": "0",
    "yes": "1",
    "no": "0",
    "Y": "1",
    "N": "0",
    "Yes": "1",
    "No": "0",
}
_CODES: Mapping[str, Mapping[str, str]] = {
    "credential_type": {one.value: one.value for one in CredentialType} | _CREDENTIALS,
    "gender": {one.value: one.value for one in Gender}
    | {"男": "1", "女": "2", "未知": "0", "未说明": "9", "M": "1", "F": "2", "Male": "1", "Female": "2"},
    "industry": {one.value: one.value for one in Industry}
    | {"政务": "11", "物流": "12", "商企": "13", "电商": "14", "国际": "15", "散户": "19"},
    "scale": {one.value: one.value for one in Scale}
    | {"大型": "1", "中型": "2", "小型": "3", "微型": "4", "大": "1", "中": "2", "小": "3", "微": "4"},
}


def kind_of(brought: CustomerImport) -> RecordKind:
    """The record kind of an import: every column of the file, as its maker mapped it, and the two that we add."""
    own = by_name() if any(map(is_custom, brought.mapping)) else {}
    columns = tuple(
        own_field(header, own[target]) if target in own else field_of(header, target)
        for header, target in zip(brought.headers, brought.mapping, strict=True)
    )
    added = (
        Field(FAULT, pattern="ok"),
        Field(TYPE, target="party_type", type=FieldType.CODE, codes={"P": "P", "O": "O"}, purpose=_PURPOSE),
    )
    return RecordKind(
        code=CODE,
        title="导入",
        title_en="Import",
        target=Target.PARTY,
        fields=columns + added,
        defaults={"kind": Kind.POTENTIAL.value},
    )


def columns_of(brought: CustomerImport) -> RecordKind:
    """The bare columns of the file, as a reader needs them."""
    fields = tuple(Field(header) for header in brought.headers)
    return RecordKind(CODE, "导入", "Import", Target.PARTY, fields)


def field_of(header: str, target: str) -> Field:
    """One column of the file as the field it was mapped to."""
    if not target:
        return Field(header)
    kind = _TYPES.get(target, FieldType.TEXT)
    return Field(
        header,
        target=target,
        type=kind,
        required=target == "name",
        max_length=_LONGEST.get(target, 0),
        codes=_CODES.get(target),
        data_class=DataClass.C2 if target in _SECRET else DataClass.C1,
        purpose=_PURPOSE,
    )


def own_field(header: str, custom: Custom) -> Field:
    """One column of the file as a field that the house defined."""
    kind, pattern, codes = FieldType.TEXT, custom.pattern, None
    match custom.type:
        case Type.INTEGER:
            pattern = r"0|-?[1-9]\d{0,14}"
        case Type.DECIMAL:
            pattern = r"-?(0|[1-9]\d{0,14})(\.\d{0,5}[1-9])?"
        case Type.DATE:
            kind = FieldType.DATE
        case Type.YES_NO:
            kind, codes = FieldType.CODE, _YES_NO
        case Type.CHOICE:
            kind = FieldType.CODE
            codes = {code: code for code, _word in custom.choices} | {
                word: code for code, word in custom.choices
            }
    is_text = custom.type == Type.TEXT
    if is_text and custom.minimum and not pattern:
        pattern = f".{{{int(custom.minimum)},}}"
    return Field(
        header,
        target=custom.name,
        type=kind,
        pattern=pattern,
        max_length=int(custom.maximum or LONGEST) if is_text else 0,
        codes=codes,
        purpose=_PURPOSE,
    )


def descriptor_of(brought: CustomerImport) -> Descriptor:
    """A person's file as one of a source system's."""
    return Descriptor(
        code=IMPORT_SYSTEM,
        name="客户导入",
        name_en="Customer import",
        short_name="导入",
        short_name_en="Import",
        owner="集团",
        line=brought.line,
        medium="file",
        format=Format.CSV,
        encoding=brought.encoding or "utf-8",
        schedule="",
        mode=Mode.INCREMENT,
        walk_in=WalkIn.ALL,
        date_group=DateGroup.MOVABLE,
        change_kinds=(),
        connection=Connection.CONNECTED,
        provinces=("*",),
        kinds=(),
        delimiter=brought.delimiter,
    )


def party_records(brought: CustomerImport, rows: list[dict[str, Any]]) -> list[PartyRecord]:
    """Sound rows as the customer room takes them: potential customers of the chosen line, each a party of its own."""
    descriptor, kind = descriptor_of(brought), kind_of(brought)
    as_of = brought.received_at.date()
    return [
        mapping.party_record(
            {
                **row,
                "key": f"{brought.number}-{row['row']:07d}",
                "kind": Kind.POTENTIAL.value,
                "unit_code": row.get("unit_code") or brought.unit_code,
                "manager_no": brought.manager_no,
            },
            descriptor,
            kind,
            as_of=as_of,
        )
        for row in rows
    ]
