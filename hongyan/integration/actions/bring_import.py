"""Bringing a file (上传、对照): sealed and looked into at once, mapped by its maker, tried in the background."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from hongyan.core import audit, clock, jobs, storage, vault
from hongyan.core.bulk import next_ids
from hongyan.core.errors import Conflict, Invalid, NotAllowed, NotFound, SourceError
from hongyan.core.file_names import shown_name
from hongyan.core.parameters import value_of
from hongyan.core.personal_numbers import mask_numbers
from hongyan.core.sealed import uuid_for
from hongyan.customer.codes import PartyType
from hongyan.customer.custom import fields_for as fields_defined
from hongyan.customer.rules.ownership import MANAGERS
from hongyan.integration import places
from hongyan.integration.actions.receive import MEGABYTE
from hongyan.integration.codes import ImportState, Known
from hongyan.integration.import_rules import fields_for, guess, wanting
from hongyan.integration.models import CustomerImport, Delivery
from hongyan.integration.parameters import IMPORT_MAX_MB, MAX_UNPACKED_MB
from hongyan.integration.queries.imports import OPEN
from hongyan.integration.readers import people
from hongyan.integration.reasons import sentence
from hongyan.org.codes import Right, Viewer
from hongyan.org.models import Place

SAMPLE = CustomerImport.SEALED["sample"]


def bring(viewer: Viewer, file_name: str, content: BinaryIO) -> CustomerImport:
    """Take a file of customers and look into it; nothing of it is a customer before its maker says what is what.

    Errors: NotAllowed without the right; Invalid, in the reader's language, for a file that cannot be read.
    """
    _ask_right(viewer)
    if not viewer.line_codes:
        raise Invalid({"sent": _("您的岗位不属于任何业务板块，不能导入客户")})
    number = next_ids(Delivery, 1)[0]
    identity = uuid_for(CustomerImport._meta.db_table, number)
    path = places.original(identity)
    limit = int(value_of(IMPORT_MAX_MB))
    try:
        stored = storage.seal_stream(content, path, record=identity, limit=limit * MEGABYTE)
    except storage.TooLarge as error:
        raise Invalid({"sent": _("文件超过 {limit} MB").format(limit=limit)}) from error
    try:
        looked = people.look(
            lambda: storage.unseal_chunks(path, record=identity), limit=value_of(MAX_UNPACKED_MB) * MEGABYTE
        )
        with transaction.atomic():
            return _write(viewer, number, file_name, stored, looked)
    except SourceError as error:
        storage.discard(path)
        reason = {"code": error.code, "params": error.params, "row": error.row}
        raise Invalid({"sent": sentence(reason)}) from error
    except BaseException:
        storage.discard(path)
        raise


def _write(
    viewer: Viewer, number: int, file_name: str, stored: storage.Stored, looked: people.Looked
) -> CustomerImport:
    identity = uuid_for(CustomerImport._meta.db_table, number)
    party_type = _type_of(looked)
    keeper = viewer.holder or viewer
    brought = CustomerImport.objects.create(
        id=number,
        uuid=identity,
        maker=viewer.staff_no,
        manager_no=keeper.staff_no if viewer.role in MANAGERS else "",
        org_no=viewer.scope.lo,
        file_name=shown_name(file_name),
        digest=stored.digest,
        size=stored.size,
        layout=looked.layout,
        encoding=looked.encoding,
        delimiter=looked.delimiter,
        sheet=looked.sheet[:40],
        hidden=list(looked.hidden),
        headers=[mask_numbers(header) for header in looked.headers],
        sample=vault.seal(
            json.dumps(looked.rows, ensure_ascii=False).encode(), record=identity, column=SAMPLE
        ),
        party_type=party_type,
        line=viewer.line_codes[0],
        unit_code=viewer.unit_code,
        received_at=clock.now(),
    )
    facts = {"file": brought.file_name, "size": brought.size, "layout": brought.layout}
    audit.record(viewer.actor, "import.receive", "customer_import", brought.number, after=facts)
    return brought


def _type_of(looked: people.Looked) -> PartyType:
    """What a file seems to be about, by the fields that only one of the two has."""
    persons, organisations = (
        sum(bool(one) for one in guess(looked.headers, looked.rows, party_type)) for party_type in "PO"
    )
    return PartyType.ORGANISATION if organisations > persons else PartyType.PERSON


def sample_of(brought: CustomerImport) -> list[list[str]]:
    """The first rows of the file as they stand there."""
    text = vault.unseal(bytes(brought.sample), record=brought.uuid, column=SAMPLE)
    return [list(row) for row in json.loads(text)]


def map_columns(
    viewer: Viewer,
    import_id: int,
    *,
    mapping: Sequence[str],
    party_type: str,
    line: str,
    unit_code: str,
    known: str,
) -> CustomerImport:
    """Say what each column is and what the rows are to become; the trial begins in the background.

    Errors: NotAllowed for anybody but the maker; Conflict once it is under way; Invalid, field by field.
    """
    _ask_right(viewer)
    with transaction.atomic():
        brought = held(viewer, import_id)
        if brought.state not in OPEN:
            raise Conflict(
                "customer_import", _("导入 {number} 已经在处理，不能再改对照").format(number=brought.number)
            )
        brought.mapping = _mapping(brought, mapping, party_type)
        brought.party_type, brought.known = PartyType(party_type), Known(known)
        if line not in viewer.line_codes:
            raise Invalid({"line": _("请选择您岗位的业务板块")})
        brought.line, brought.unit_code = line, _unit(viewer, unit_code)
        brought.state, brought.refusal, brought.forecast = ImportState.CHECKING, None, {}
        brought.received = brought.refused = brought.sound = 0
        start(brought, "integration.check_import", viewer)
        after = {
            "mapping": dict(zip(brought.headers, brought.mapping, strict=True)),
            "line": line,
            "unit": brought.unit_code,
            "known": known,
        }
        audit.record(viewer.actor, "import.map", "customer_import", brought.number, after=after)
    return brought


def _mapping(brought: CustomerImport, mapping: Sequence[str], party_type: str) -> list[str]:
    """Errors: Invalid for a mapping that is none, or says too little."""
    if party_type not in PartyType.values:
        raise Invalid({"party_type": _("请选择个人或单位")})
    own = {field.name for field in fields_defined(party_type) if field.is_importable}
    offered = {"", *fields_for(party_type), *own}
    if len(mapping) != len(brought.headers) or not offered.issuperset(mapping):
        raise Invalid({"mapping": _("请为每一列选择对应的字段，或选择不导入")})
    match wanting(mapping):
        case "name":
            raise Invalid({"mapping": _("请指定哪一列是名称")})
        case "naming":
            raise Invalid({"mapping": _("除名称外，请至少指定证件号码、电话、邮箱或地址中的一列")})
        case "twice":
            raise Invalid({"mapping": _("有两列对应了同一个字段")})
    return list(mapping)


def _unit(viewer: Viewer, code: str) -> str:
    """Errors: Invalid for a unit that is unknown or out of scope."""
    code = code.strip() or viewer.unit_code
    numbers = Place.objects.filter(unit__code=code).values_list("lo", flat=True)
    if not any(viewer.scope.covers(lo) for lo in numbers):
        raise Invalid({"unit": _("机构不存在，或不在您的数据范围内")})
    return code


# --- what all acts on an import share


def _ask_right(viewer: Viewer) -> None:
    if not viewer.may(Right.CUSTOMER_IMPORT):
        raise NotAllowed(Right.CUSTOMER_IMPORT)


def held(viewer: Viewer, import_id: int, *, of_maker: bool = True) -> CustomerImport:
    """An import that the viewer may see, held for a change. Errors: NotFound; NotAllowed for one that is not theirs."""
    _ask_right(viewer)
    found = (
        CustomerImport.objects.visible_to(viewer)
        .select_for_update(of=("self",))
        .select_related("run")
        .filter(pk=import_id)
        .first()
    )
    if found is None:
        raise NotFound("customer_import", import_id)
    if of_maker and found.maker != viewer.staff_no:
        raise NotAllowed(Right.CUSTOMER_IMPORT, _("只有上传文件的人可以这样做"))
    return found


def start(brought: CustomerImport, task: str, viewer: Viewer) -> None:
    """Defer a step of an import and keep the import; one person's are worked on one after another."""
    brought.run = jobs.start(
        task,
        actor=viewer.actor,
        subject=brought.number,
        lock=f"import/{brought.number}",
        import_id=brought.pk,
    )
    brought.save()
