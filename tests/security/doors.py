"""What each door answers whom: the right it takes, what it shows or changes, and how one knocks (BARS A 1).

Four kinds:

- `shows`: a list or a file; whatever it answers, nothing out of scope may stand in it.
- `opens`: one thing of an area; out of scope it is absent, 404.
- `changes`: one thing of an area; out of scope 404, and nothing is altered.
- `serves`: what belongs to the house or to oneself; only the right counts.

A new address joins by one line; one without a line fails.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from hongyan.core import clock, scope
from hongyan.customer.actions.correct import seen_of
from hongyan.customer.actions.keep_contact import contact_seen
from hongyan.customer.models import Customer, SourceRecord
from hongyan.identity.tests.people import citizen
from hongyan.integration.tests.factory import customer, kgc_file
from hongyan.org.codes import Right
from hongyan.quality.actions.diligence import seen_of as seen_of_note
from tests.security.world import Things

Kind = Literal["shows", "opens", "changes", "serves"]
Values = Callable[[Things], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Door:
    """One way through an address: `method`, and the form or body `sent`, with `query` behind the address.

    `right` is what it takes, None where everybody may do it with what is theirs; `values` are the parts of the address
    for the things of an area. What is `for_group` takes a post of the whole group besides, which no county has. A
    `personal` one shows personal data of customers, so each use of it is audited.
    """

    kind: Kind
    right: Right | None = None
    values: Values = field(default=lambda _things: {})
    method: str = "get"
    sent: Values = field(default=lambda _things: {})
    query: str = ""
    for_group: bool = False
    personal: bool = False


def _customer(things: Things) -> dict[str, Any]:
    return {"code": things.customer}


def _pair(things: Things) -> dict[str, Any]:
    return {"code": things.customer, "other": things.other}


def _merge(things: Things) -> dict[str, Any]:
    return {"merge_id": things.merge}


def _declared(things: Things) -> dict[str, Any]:
    return {"code": things.customer, "relation_id": things.declared}


def _contact(things: Things) -> dict[str, Any]:
    return {"code": things.banked, "party": things.contacts, "number": 1}


def _changed_contact(things: Things) -> dict[str, Any]:
    with scope.bulk():
        rows = SourceRecord.objects.filter(party=things.contacts, part="contact/1", is_current=True)
        return {"contact_name": "周助理", "role": "1", "seen": contact_seen(rows.get())}


def _new_relation(things: Things) -> dict[str, Any]:
    return {"sort": "payer:upper", "other": things.other}


def _relation(things: Things) -> dict[str, Any]:
    return {"code": things.customer, "relation_id": things.relation}


def _row(things: Things) -> dict[str, Any]:
    return {"row_id": things.row}


def _unit(things: Things) -> dict[str, Any]:
    return {"code": things.unit}


def _staff(things: Things) -> dict[str, Any]:
    return {"staff_no": things.staff}


def _approval(things: Things) -> dict[str, Any]:
    return {"approval_id": things.approval}


def _post(things: Things) -> dict[str, Any]:
    return {"staff_no": things.staff, "post_id": things.post}


def _wanted_post(things: Things) -> dict[str, Any]:
    return {"role": "reader", "unit": things.unit, "lines": ["01"], "until": "2099-01-01", "reason": "测试"}


def _view(things: Things) -> dict[str, Any]:
    return {"view_id": things.view}


def _export(things: Things) -> dict[str, Any]:
    return {"export_id": things.export}


def _schedule(things: Things) -> dict[str, Any]:
    return {"schedule_id": things.schedule}


def _case(things: Things) -> dict[str, Any]:
    return {"case_id": things.case}


def _block(things: Things) -> dict[str, Any]:
    return {"entry_id": things.block}


def _tag(things: Things) -> dict[str, Any]:
    return {"tag_id": things.tag}


def _mass(things: Things) -> dict[str, Any]:
    return {"run_id": things.mass}


def _application(things: Things) -> dict[str, Any]:
    return {"application_id": things.application}


def _request(things: Things) -> dict[str, Any]:
    return {"request_id": things.request}


def _asked(things: Things) -> dict[str, Any]:
    return {**_customer(things), "kind": "close"}


def _wanted(_things: Things) -> dict[str, Any]:
    return {**_entry(_things), "act": "save", "settlement": "1", "valid_from": "2026-12-01"}


def _applied(_things: Things) -> dict[str, Any]:
    return {
        "name": "钱大钧", "credential_type": "01", "credential_no": citizen(), "mobile": "13500006666",
        "address": "济南市泉城路66号", "line": "01", "families": ["2"], "settlement": "2", "is_lifelong": True,
        "valid_from": clock.business_date().isoformat(), "sighted": True,
    }  # fmt: skip


def _look(things: Things) -> dict[str, Any]:
    return {"look_id": things.look}


def _owned(things: Things) -> dict[str, Any]:
    return {"code": things.customer, "line": "01", "act": "adjust"}


def _transfer(things: Things) -> dict[str, Any]:
    return {"transfer_id": things.transfer}


def _record(things: Things) -> dict[str, Any]:
    return {"kind": "customer", "key": things.customer}


def _kept(things: Things) -> dict[str, Any]:
    return {"file_id": things.file}


def _note(things: Things) -> dict[str, Any]:
    return {"note_id": things.note}


def _task(things: Things) -> dict[str, Any]:
    return {"task_id": things.task}


def _item(things: Things) -> dict[str, Any]:
    return {"item_id": things.item}


_TO_DO = {"title": "送报价单", "due_on": "2099-01-01", "priority": "2"}


def _lined(things: Things) -> dict[str, Any]:
    return {"code": things.customer, "line": "01"}


def _share(things: Things) -> dict[str, Any]:
    return {"share_id": things.share}


def _assistant(things: Things) -> dict[str, Any]:
    return {"assistant_id": things.assistant}


def _import(things: Things) -> dict[str, Any]:
    return {"number": things.brought}


def _list_of_people(_things: Things) -> dict[str, Any]:
    return {"sent": SimpleUploadedFile("名单.csv", "姓名,手机\n王小明,13500006666\n".encode())}


def _belonging(things: Things) -> dict[str, Any]:
    return {"belonging_id": things.belonging}


def _entry(_things: Things) -> dict[str, Any]:
    return {"party_type": "P", "name": "王小明", "mobile": "13500006666", "key": str(uuid4())}


def _correction(things: Things) -> dict[str, Any]:
    with scope.bulk():
        customer = Customer.objects.get(code=things.customer)
    said = {"name": customer.name, "email": "ming@example.com", "reason": "来电", "key": str(uuid4())}
    return {**said, "seen": seen_of(customer)}


def _campaign(things: Things) -> dict[str, Any]:
    return {"campaign_id": things.campaign}


def _elements(_things: Things) -> dict[str, Any]:
    return {"nationality": "CHN", "occupation": "2", "seen": seen_of_note(None)}


def _file(_things: Things) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("KG_CUST_20260101.txt", kgc_file([customer(8)]))}


def _some_file(_things: Things) -> dict[str, Any]:
    content = f"%PDF-1.4 {uuid4()}".encode()
    return {"sent": SimpleUploadedFile("a.pdf", content), "category": "other"}


def _always(**values: Any) -> Values:
    return lambda _things: values


_APPROVE = _always(verdict="approve", version=2)
_PURPOSE = _always(purpose="service")
_SHIPPED = _always(kind="person", version=0)
_READ, _LEDGER, _INTAKE = Right.CUSTOMER_READ, Right.LEDGER_READ, Right.INTAKE_READ
_MERGE, _OWNERSHIP = Right.CUSTOMER_MERGE, Right.OWNERSHIP_CHANGE
_APPLY = Right.CUSTOMER_APPLY
_TRAIN = Right.IDENTITY_TRAIN
_FREEZE = Right.CUSTOMER_FREEZE
_ASK, _REPLY = Right.REQUEST_KEEP, Right.REQUEST_ANSWER
_KEEP, _PUBLISH = Right.CONSENT_KEEP, Right.CONSENT_PUBLISH
_GIVEN = _always(purpose="marketing", line="04", source="counter", proof="signed", reference="授权书1")
_BLACKLIST = Right.BLACKLIST_READ

DOORS: dict[str, list[Door]] = {
    "api:application": [
        Door("opens", _READ, lambda things: {"number": f"A{things.application:08}"}, personal=True)
    ],
    "api:application_answer": [
        Door(
            "changes",
            Right.CUSTOMER_OBJECT,
            lambda things: {"number": f"A{things.application:08}"},
            "post",
            _always(system="kgc", objects=False, reason=""),
        )
    ],
    "api:applications": [Door("serves", _APPLY, method="post", sent=_applied)],
    "api:prospects": [
        Door("serves", _APPLY, method="post", sent=_always(name="王小明", mobile="13500006666"))
    ],
    "api:approval": [Door("changes", None, _approval)],
    "api:approvals": [Door("shows", query="?box=all"), Door("shows")],
    "api:consent": [Door("opens", _READ, _customer, query="?purpose=service", personal=True)],
    "api:consent_given": [Door("changes", _KEEP, _customer, "post", _GIVEN)],
    "api:consent_withdrawn": [Door("changes", _KEEP, _customer, "post", _always(source="app"))],
    "api:inquiries": [Door("serves", Right.CUSTOMER_OBJECT, query="?system=kgc")],
    "api:may_contact": [Door("opens", _READ, _customer, query="?purpose=marketing&line=04&channel=sms")],
    "api:silences": [Door("changes", _KEEP, _customer, "post", _always(source="app"))],
    "api:customer": [Door("opens", _READ, _customer, query="?purpose=service", personal=True)],
    "api:customer_relation_graph": [
        Door("opens", _READ, _customer, query="?purpose=service&depth=3", personal=True)
    ],
    "api:customer_relations": [Door("opens", _READ, _customer, query="?purpose=service", personal=True)],
    "api:customers": [
        Door("shows", _READ, personal=True),
        Door(
            "serves", Right.CUSTOMER_CREATE, method="post", sent=_always(name="王小明", mobile="13500006666")
        ),
    ],
    "api:customers_check": [
        Door("shows", _READ, method="post", sent=_always(name="王", phone="13812345678"), personal=True)
    ],
    "api:customers_search": [Door("shows", _READ, method="post", sent=_always(q="王"), personal=True)],
    "api:decide_approval": [Door("changes", None, _approval, "post", _APPROVE)],
    "api:merge": [Door("opens", _MERGE, _merge, personal=True)],
    "api:merge_preview": [
        Door(
            "opens",
            _MERGE,
            lambda things: {"survivor": things.customer, "absorbed": things.other},
            personal=True,
        )
    ],
    "api:merges": [
        Door(
            "changes",
            _MERGE,
            method="post",
            sent=lambda things: {"survivor": things.customer, "absorbed": things.other, "reason": "测试"},
        )
    ],
    "api:send_file": [Door("serves", Right.INTAKE_LOAD, _always(system="kgc"), "post", _file)],
    "api:send_records": [
        Door(
            "serves",
            Right.INTAKE_LOAD,
            _always(system="kgc"),
            "post",
            _always(kind="CUST", records=[customer(9)]),
        )
    ],
    "api:show_delivery": [Door("serves", _INTAKE, _always(number="D00000001"))],
    "api:split_merge": [Door("changes", _MERGE, _merge, "post", _always(reason="测试"))],
    "api:staff": [Door("shows", Right.ORG_READ)],
    "api:take_out": [Door("changes", _MERGE, _customer, "post", _always(parties=[1], reason="测试"))],
    "api:unit": [Door("opens", Right.ORG_READ, _unit)],
    "api:units": [Door("shows", Right.ORG_READ)],
    "consent:end_silence": [
        Door(
            "changes",
            _KEEP,
            lambda things: {"code": things.customer, "silence_id": things.silence},
            "post",
        )
    ],
    "consent:excluded": [Door("shows", _READ, query="?reach=marketing.04")],
    "consent:freeze": [
        Door("opens", _FREEZE, _customer, personal=True),
        Door("changes", _FREEZE, _customer, "post", _always(reason="客户要求")),
    ],
    "consent:unfreeze": [
        Door("opens", _FREEZE, _customer, personal=True),
        Door("changes", _FREEZE, _customer, "post", _always(reason="客户要求")),
    ],
    "consent:give": [
        Door("opens", _KEEP, _customer, personal=True),
        Door("changes", _KEEP, _customer, "post", _GIVEN),
    ],
    "consent:new_text": [
        Door("serves", _PUBLISH, for_group=True),
        Door("serves", _PUBLISH, method="post", sent=_always(purpose="marketing"), for_group=True),
    ],
    "consent:new_request": [
        Door("opens", _ASK, _customer, personal=True),
        Door("changes", _ASK, _customer, "post", _always(kind="correct", source="phone", asked="姓名写错了")),
    ],
    "consent:request": [Door("opens", _READ, _request, personal=True)],
    "consent:requests": [
        Door("shows", _READ, personal=True),
        Door("shows", _READ, query="?standing=open&kind=access", personal=True),
    ],
    "consent:verify_request": [
        Door("changes", _ASK, _request, "post", _always(version=1, identity="original"))
    ],
    "consent:begin_request": [Door("changes", _REPLY, _request, "post", _always(version=1))],
    "consent:answer_request": [Door("changes", _REPLY, _request, "post", _always(version=1, text="已答复"))],
    "consent:refuse_request": [Door("changes", _REPLY, _request, "post", _always(version=1, text="未核实"))],
    "consent:silence": [
        Door("opens", _KEEP, _customer, personal=True),
        Door("changes", _KEEP, _customer, "post", _always(source="phone")),
    ],
    "consent:text": [Door("serves", _READ, _always(text_id=1))],
    "consent:texts": [Door("serves", _READ)],
    "consent:withdraw": [
        Door("opens", _KEEP, _customer, personal=True),
        Door("changes", _KEEP, _customer, "post", _always(source="phone")),
    ],
    "customer:batch": [Door("serves", _MERGE, _always(batch_id=10**9))],
    "customer:batches": [Door("shows", _MERGE)],
    "customer:case": [Door("opens", _MERGE, _case, personal=True)],
    "customer:cases": [
        Door("shows", _MERGE, personal=True),
        Door("shows", _MERGE, query="?sort=-score&band=80&worth=0", personal=True),
    ],
    "customer:codes": [
        Door("shows", _READ, method="post", sent=lambda things: {"ids": [things.customer]}),
        Door("shows", _READ, method="post", sent=_always(scope="all", query="")),
    ],
    "customer:correct": [
        Door("opens", Right.CUSTOMER_CORRECT, _customer, personal=True),
        Door("changes", Right.CUSTOMER_CORRECT, _customer, "post", _correction),
    ],
    "customer:decide_case": [Door("changes", _MERGE, _case, "post", _always(verdict="different"))],
    "customer:add_contact": [
        Door("opens", Right.CUSTOMER_CORRECT, _customer, personal=True),
        Door("changes", Right.CUSTOMER_CORRECT, _customer, "post", _always(contact_name="周助理")),
    ],
    "customer:change_contact": [
        Door("opens", Right.CUSTOMER_CORRECT, _contact, personal=True),
        Door("changes", Right.CUSTOMER_CORRECT, _contact, "post", _changed_contact),
    ],
    "customer:end_contact": [
        Door("opens", Right.CUSTOMER_CORRECT, _contact, personal=True),
        Door("changes", Right.CUSTOMER_CORRECT, _contact, "post", _always(reason="离职")),
    ],
    "customer:declare_relation": [
        Door("opens", Right.CUSTOMER_RELATE, _customer, personal=True),
        Door("changes", Right.CUSTOMER_RELATE, _customer, "post", _new_relation),
    ],
    "customer:end_relation": [
        Door("opens", Right.CUSTOMER_RELATE, _declared, personal=True),
        Door("changes", Right.CUSTOMER_RELATE, _declared, "post", _always(reason="测试")),
    ],
    "customer:duplicates": [
        Door("shows", _READ, method="post", sent=_always(name="王小明", mobile="13812345678"), personal=True)
    ],
    "customer:judge_relation": [
        Door("changes", Right.CUSTOMER_RELATE, _relation, "post", _always(state="refused"))
    ],
    "customer:list": [
        Door("shows", _READ, personal=True),
        Door("shows", _READ, query="?sort=-name&q=王", personal=True),
        Door("shows", _READ, query="?reach=marketing.04&reach_by=sms", personal=True),
    ],
    "customer:look": [
        Door("opens", _MERGE, _look, personal=True),
        Door("changes", _MERGE, _look, "post", _always(verdict="same")),
    ],
    "customer:overview": [Door("shows", _MERGE)],
    "customer:count_resolution": [Door("serves", _MERGE, method="post")],
    "customer:draw_joins": [Door("serves", _MERGE, method="post")],
    "customer:looks": [Door("shows", _MERGE)],
    "customer:model": [Door("serves", _TRAIN, _SHIPPED)],
    "customer:model_file": [Door("serves", _TRAIN, _SHIPPED)],
    "customer:model_pairs": [Door("serves", _TRAIN, _always(kind="person", version=10**6))],
    "customer:models": [Door("serves", _TRAIN)],
    "customer:new_batch": [
        Door("shows", _MERGE, query="?state=open"),
        Door("serves", _MERGE, method="post", sent=_always(verdict="different")),
    ],
    "customer:new": [
        Door("serves", Right.CUSTOMER_CREATE),
        Door("serves", Right.CUSTOMER_CREATE, method="post", sent=_entry),
    ],
    "customer:merge": [Door("opens", _MERGE, _customer, personal=True)],
    "customer:merge_with": [
        Door("opens", _MERGE, _pair, personal=True),
        Door("changes", _MERGE, _pair, "post", _always(reason="测试", confirm="1", seen="0")),
    ],
    "customer:layout": [
        Door("serves", Right.PARAMETER_READ, _always(place="form", kind="P")),
        Door(
            "serves",
            Right.PARAMETER_EDIT,
            _always(place="form", kind="P"),
            "post",
            _always(act="save", seen=""),
            for_group=True,
        ),
    ],
    "customer:layouts": [Door("serves", Right.PARAMETER_READ)],
    "customer:role_layout": [
        Door("serves", Right.PARAMETER_READ, _always(place="side", kind="O", role="manager")),
    ],
    "customer:merged": [
        Door("opens", _MERGE, _merge, personal=True),
        Door("changes", _MERGE, _merge, "post", _always(reason="测试", seen="0")),
    ],
    "customer:purpose": [
        Door("opens", _READ, _customer, personal=True),
        Door("changes", _READ, _customer, "post", _PURPOSE),
    ],
    "customer:quality": [Door("shows", _MERGE)],
    "customer:record": [Door("opens", _READ, _customer, personal=True)],
    "customer:record_tab": [
        Door("opens", _READ, lambda things, tab=tab: {**_customer(things), "tab": tab}, personal=True)  # type: ignore[misc]
        for tab in (
            "sources",
            "merges",
            "relations",
            "history",
            "business",
            "consent",
            "classes",
            "quality",
            "ownership",
            "timeline",
            "behaviour",
        )
    ],
    "customer:relation_graph": [Door("opens", _READ, _customer, query="?depth=3", personal=True)],
    "customer:relations": [Door("serves", _MERGE)],
    "customer:reveal": [
        Door("opens", Right.CUSTOMER_REVEAL, lambda things: {**_customer(things), "field": "mobile"}),
        Door(
            "changes",
            Right.CUSTOMER_REVEAL,
            lambda things: {**_customer(things), "field": "name"},
            "post",
            _PURPOSE,
        ),
    ],
    "customer:reveal_record": [
        Door(
            "opens",
            Right.CUSTOMER_REVEAL,
            lambda things: {**_customer(things), "field": "mobile", "record_id": 1},
        )
    ],
    "customer:resume_training": [
        Door("serves", _TRAIN, _always(kind="person", version=10**6), "post", for_group=True)
    ],
    "customer:search": [Door("shows", _READ, method="post", sent=_always(q="王"))],
    "customer:start_batch": [Door("serves", _MERGE, _always(batch_id=10**9), "post")],
    "customer:start_relating": [Door("serves", _MERGE, method="post", for_group=True)],
    "customer:stop_relating": [Door("serves", _MERGE, method="post", for_group=True)],
    "customer:stop_batch": [Door("serves", _MERGE, _always(batch_id=10**9), "post")],
    "customer:stop_training": [
        Door("serves", _TRAIN, _always(kind="person", version=10**6), "post", for_group=True)
    ],
    "customer:train_model": [Door("serves", _TRAIN, _always(kind="organisation"), "post", for_group=True)],
    "customer:undo_case": [Door("changes", _MERGE, _case, "post")],
    "customer:take_out": [
        Door("opens", _MERGE, _customer, personal=True),
        Door("changes", _MERGE, _customer, "post", _always(parties=["1"], reason="测试", seen="0")),
    ],
    "customer:use_model": [Door("serves", _TRAIN, _SHIPPED, "post", _always(reason="测试"), for_group=True)],
    "desk:change_view": [Door("changes", None, _view, "post", _always(name="别人的"))],
    "desk:cancel_export": [Door("changes", None, _export, "post")],
    "desk:delete_view": [Door("changes", None, _view, "post")],
    "desk:export": [Door("changes", None, _export)],
    "desk:export_file": [Door("changes", None, _export)],
    "desk:exports": [Door("shows")],
    "desk:my_views": [Door("shows")],
    "desk:new_export": [
        door
        for key, right, query, purpose in (
            ("applications", Right.CUSTOMER_EXPORT, "", "verify"),
            ("audit", Right.AUDIT_EXPORT, "", "inspection"),
            ("bank_intake", Right.LEDGER_EXPORT, "", "verify"),
            ("cases", Right.CUSTOMER_MERGE, "?state=open", "verify"),
            ("blacklist", Right.CUSTOMER_EXPORT, "", "verify"),
            ("class_moves", Right.CUSTOMER_EXPORT, "", "verify"),
            ("customers", Right.CUSTOMER_EXPORT, "?q=王", "verify"),
            ("facts", Right.LEDGER_EXPORT, "?unit=370102001", "verify"),
            ("quarantine", Right.INTAKE_MEND, "", "verify"),
        )
        for door in (
            Door("shows", right, _always(key=key), query=query),
            Door(
                "shows", right, _always(key=key), "post", _always(purpose=purpose, file_format="csv"), query
            ),
        )
    ],
    "desk:end_schedule": [Door("changes", None, _schedule, "post")],
    "desk:new_schedule": [
        Door("shows", Right.CUSTOMER_EXPORT, _always(key="customers"), query="?type=O"),
        Door(
            "shows",
            Right.CUSTOMER_EXPORT,
            _always(key="customers"),
            "post",
            _always(
                name="周报",
                every="week",
                weekday="1",
                day="1",
                hour="8",
                purpose="verify",
                file_format="csv",
                note="测试",
            ),
            "?type=O",
        ),
    ],
    "desk:pause_schedule": [Door("changes", None, _schedule, "post")],
    "desk:resume_schedule": [Door("changes", None, _schedule, "post")],
    "desk:schedules": [Door("shows")],
    "desk:mass_begin": [
        Door(
            "serves",
            Right.TAG_SET,
            _always(key="customers"),
            "post",
            lambda things: {"ids": [things.customer]},
        ),
    ],
    "desk:mass_go_on": [Door("changes", None, _mass, "post")],
    "desk:mass_rows": [Door("changes", None, _mass)],
    "desk:mass_run": [
        Door("changes", None, _mass),
        Door("changes", None, _mass, "post", lambda things: {"act": "tag", "way": "set", "tag": things.tag}),
    ],
    "desk:mass_runs": [Door("shows")],
    "desk:mass_start": [Door("changes", None, _mass, "post")],
    "desk:mass_stop": [Door("changes", None, _mass, "post")],
    "desk:mass_undo": [Door("changes", None, _mass, "post")],
    "desk:new_note": [
        Door("opens", Right.NOTE_WRITE, _record, personal=True),
        Door("changes", Right.NOTE_WRITE, _record, "post", _always(text="下周再来")),
        Door(
            "changes",
            Right.NOTE_WRITE,
            _record,
            "post",
            _always(text="", direction="in", result="busy", at="2026-01-01T10:00"),
            query="?sort=call",
        ),
    ],
    "desk:change_file": [
        Door("opens", Right.FILE_WRITE, _kept, personal=True),
        Door("changes", Right.FILE_WRITE, _kept, "post", _always(category="other", remark="测试")),
    ],
    "desk:download_file": [Door("opens", Right.FILE_READ, _kept)],
    "desk:file": [Door("opens", Right.FILE_READ, _kept, personal=True)],
    "desk:new_files": [
        Door("opens", Right.FILE_WRITE, _record, personal=True),
        Door("changes", Right.FILE_WRITE, _record, "post", _some_file),
    ],
    "desk:remove_file": [Door("changes", Right.FILE_WRITE, _kept, "post")],
    "desk:replace_file": [
        Door("opens", Right.FILE_WRITE, _kept, personal=True),
        Door("changes", Right.FILE_WRITE, _kept, "post", _some_file),
    ],
    "desk:restore_file": [Door("changes", Right.FILE_WRITE, _kept, "post")],
    "desk:view_file": [Door("opens", Right.FILE_READ, _kept)],
    "customer:followed": [Door("shows", _READ, personal=True)],
    "customer:unfollow": [
        Door("serves", _READ, method="post", sent=lambda things: {"ids": [things.customer]})
    ],
    "desk:follow": [
        Door("changes", _READ, _record, "post"),
        Door("changes", _READ, _record, "post", _always(off="1")),
    ],
    "desk:tasks": [Door("shows", personal=True), Door("shows", query="?state=all&whose=made", personal=True)],
    "desk:task_calendar": [Door("shows"), Door("shows", query="?view=day")],
    "desk:task": [Door("changes", None, _task)],
    "desk:new_task": [Door("serves"), Door("serves", None, method="post", sent=_always(**_TO_DO))],
    "desk:new_task_of": [
        Door("opens", _READ, _record, personal=True),
        Door("changes", _READ, _record, "post", _always(**_TO_DO)),
    ],
    "desk:mend_task": [Door("changes", None, _task, "post", _always(**_TO_DO))],
    "desk:postpone_task": [Door("changes", None, _task, "post", _always(due_on="2099-01-01", reason="忙"))],
    "desk:delegate_task": [Door("changes", None, _task, "post", _always(staff_no="top", reason="忙"))],
    "desk:finish_task": [Door("changes", None, _task, "post", _always(result="好"))],
    "desk:drop_task": [Door("changes", None, _task, "post", _always(reason="不做"))],
    "desk:mend_note": [
        Door("changes", Right.NOTE_WRITE, _note),
        Door("changes", Right.NOTE_WRITE, _note, "post", _always(text="别人的")),
    ],
    "desk:notification": [Door("serves", None, _always(notification_id=10**9))],
    "desk:notifications": [Door("shows")],
    "desk:notice_settings": [
        Door("serves"),
        Door("serves", method="post", sent=_always(quiet_from="22", quiet_to="6")),
    ],
    "desk:ask_code": [Door("serves", method="post", sent=_always(email="x@post.example"))],
    "desk:confirm_address": [Door("serves", method="post", sent=_always(code="123456"))],
    "desk:remove_address": [Door("serves", method="post")],
    "desk:read_all": [Door("serves", method="post")],
    "desk:replace_view": [Door("changes", None, _view, "post", _always(query="type=P"))],
    "desk:save_view": [Door("serves", None, _always(list_key="customers"), "post", _always(name="x"))],
    "imports:confirm": [Door("changes", Right.CUSTOMER_IMPORT, _import, "post")],
    "imports:errors": [Door("shows", Right.CUSTOMER_IMPORT, _import)],
    "imports:list": [Door("shows", Right.CUSTOMER_IMPORT)],
    "imports:map": [Door("changes", Right.CUSTOMER_IMPORT, _import, "post")],
    "imports:new": [
        Door("serves", Right.CUSTOMER_IMPORT),
        Door("serves", Right.CUSTOMER_IMPORT, method="post", sent=_list_of_people),
    ],
    "imports:one": [Door("shows", Right.CUSTOMER_IMPORT, _import)],
    "imports:progress": [Door("shows", Right.CUSTOMER_IMPORT, _import)],
    "imports:resume": [Door("changes", Right.CUSTOMER_IMPORT, _import, "post")],
    "imports:revert": [Door("changes", Right.CUSTOMER_IMPORT, _import, "post", _always(reason="测试"))],
    "imports:rows": [Door("shows", Right.CUSTOMER_IMPORT, _import, personal=True)],
    "imports:sign": [Door("changes", Right.INTAKE_SIGN, _import, "post")],
    "imports:stop": [Door("changes", Right.CUSTOMER_IMPORT, _import, "post")],
    "imports:withdraw": [Door("changes", Right.CUSTOMER_IMPORT, _import, "post", _always(reason="测试"))],
    "integration:calendar": [Door("serves", _INTAKE)],
    "integration:deliveries": [Door("serves", _INTAKE)],
    "integration:delivery": [Door("shows", _INTAKE, _always(number="D00000001"))],
    "integration:dismiss_row": [Door("changes", Right.INTAKE_MEND, _row, "post", _always(reason="测试"))],
    "integration:dismiss_rows": [
        Door(
            "serves",
            Right.INTAKE_MEND,
            method="post",
            sent=lambda things: {"ids": [things.row], "reason": "测试"},
        )
    ],
    "integration:findings": [Door("serves", _INTAKE)],
    "integration:outcome": [Door("opens", _INTAKE, _row)],
    "integration:progress": [Door("serves", _INTAKE, _always(number="D00000001"))],
    "integration:quarantine": [Door("shows", _INTAKE, personal=True)],
    "integration:records": [Door("shows", _READ, _always(number="D00000001"), personal=True)],
    "integration:resume": [Door("serves", Right.INTAKE_LOAD, _always(number="D00000001"), "post")],
    "integration:row": [Door("opens", _INTAKE, _row, personal=True)],
    "integration:sign": [
        Door("serves", Right.INTAKE_SIGN, _always(number="D00000001"), "post", for_group=True)
    ],
    "integration:stop": [Door("serves", Right.INTAKE_LOAD, _always(number="D00000001"), "post")],
    "integration:system": [Door("serves", _INTAKE, _always(code="kgc"))],
    "integration:systems": [Door("serves", _INTAKE)],
    "integration:unknown": [Door("shows", _INTAKE)],
    "integration:upload": [Door("serves", Right.INTAKE_LOAD)],
    "integration:withdraw": [
        Door(
            "serves",
            Right.INTAKE_SIGN,
            _always(number="D00000001"),
            "post",
            _always(reason="发错"),
            for_group=True,
        )
    ],
    "classes:blacklist": [Door("shows", _BLACKLIST, personal=True)],
    "classes:block": [
        Door("opens", _BLACKLIST, _block, personal=True),
        Door("changes", Right.BLACKLIST_EDIT, _block, "post", _always(reason="测试")),
    ],
    "classes:new_block": [
        Door("opens", Right.BLACKLIST_EDIT, _customer, personal=True),
        Door("changes", Right.BLACKLIST_EDIT, _customer, "post", _always(reason="abuse", lines=["04"])),
    ],
    "classes:retire_tag": [Door("changes", Right.TAG_EDIT, _tag, "post")],
    "classes:customer_tags": [
        Door("opens", Right.TAG_SET, _customer, personal=True),
        Door("changes", Right.TAG_SET, _customer, "post", lambda things: {"tags": [things.tag], "seen": "x"}),
    ],
    "classes:tag_customer": [
        Door("changes", Right.TAG_SET, _customer, "post", lambda things: {"tag": things.tag}),
        Door("changes", Right.TAG_SET, _customer, "post", lambda things: {"tag": things.tag, "act": "unset"}),
    ],
    "classes:tags": [
        Door("shows", _READ),
        Door("serves", Right.TAG_EDIT, method="post", sent=_always(name="新标签", colour="good")),
    ],
    "classes:moves": [Door("shows", _LEDGER, personal=True)],
    "classes:overview": [Door("shows", _LEDGER)],
    "classes:start": [Door("serves", Right.CLASSES_RUN, method="post", for_group=True)],
    "classes:stop": [Door("serves", Right.CLASSES_RUN, method="post", for_group=True)],
    "quality:begin_campaign": [Door("changes", Right.QUALITY_LEAD, _campaign, "post")],
    "quality:campaign": [Door("opens", _READ, _campaign)],
    "quality:campaigns": [Door("shows", _READ)],
    "quality:close_campaign": [
        Door("changes", Right.QUALITY_LEAD, lambda things: {"campaign_id": things.running}, "post")
    ],
    "quality:new_campaign": [
        Door("serves", Right.QUALITY_LEAD),
        Door(
            "serves",
            Right.QUALITY_LEAD,
            method="post",
            sent=_always(name="补", items=["email"], due_on="2099-01-01"),
        ),
    ],
    "quality:files": [
        Door("shows", _READ, personal=True),
        Door("shows", _READ, query="?keeper=mine&end=soon", personal=True),
    ],
    "quality:tasks": [Door("shows", _READ, personal=True)],
    "quality:customers": [
        Door("shows", _READ, personal=True),
        Door("shows", _READ, query="?flaw=missing&sort=as_of", personal=True),
    ],
    "quality:elements": [
        Door("opens", Right.CUSTOMER_CORRECT, _customer, personal=True),
        Door("changes", Right.CUSTOMER_CORRECT, _customer, "post", _elements),
    ],
    "quality:units": [Door("shows", _READ)],
    "ledger:bank_intake": [Door("shows", _LEDGER, personal=True)],
    "ledger:behind": [Door("opens", _READ, _customer, query="?month=2026-10&line=01", personal=True)],
    "ledger:fact": [
        Door(
            "opens",
            _LEDGER,
            lambda things: {
                "kind": "transaction",
                "system": "yy",
                "day": "2026-10-05",
                "number": things.fact,
            },
            personal=True,
        )
    ],
    "ledger:facts": [
        Door("shows", _LEDGER, query="?kind=transaction", personal=True),
        Door("shows", _LEDGER, personal=True),
    ],
    "ledger:map_product": [Door("serves", Right.PRODUCT_MAP, method="post")],
    "ledger:partitions": [Door("serves", Right.LEDGER_CHECK)],
    "ledger:products": [Door("serves", _LEDGER)],
    "ledger:unit_figure": [Door("shows", _LEDGER, query="?month=2026-10&line=01&measure=revenue")],
    "ledger:units": [Door("shows", _LEDGER)],
    "lifecycle:answer": [
        Door("changes", Right.CUSTOMER_OBJECT, _application, "post", _always(act="concur", version=1))
    ],
    "lifecycle:application": [Door("opens", _READ, _application, personal=True)],
    "lifecycle:ask": [
        Door("opens", _APPLY, _asked),
        Door("changes", _APPLY, _asked, "post", _always(line="", reason="测试", key=str(uuid4()))),
    ],
    "lifecycle:edit": [
        Door("changes", _APPLY, _application),
        Door("changes", _APPLY, _application, "post", _wanted),
    ],
    "lifecycle:list": [
        Door("shows", _READ, personal=True),
        Door("shows", _READ, query="?state=draft&kind=create&line=01", personal=True),
    ],
    "lifecycle:new": [
        Door("serves", _APPLY),
        Door("serves", _APPLY, method="post", sent=_wanted),
    ],
    "lifecycle:convert": [Door("changes", _APPLY, _customer, "post", _always(key=str(uuid4())))],
    "lifecycle:prospect": [
        Door("serves", _APPLY),
        Door("serves", _APPLY, method="post", sent=_wanted),
    ],
    "lifecycle:undo": [Door("changes", _APPLY, _application, "post", _always(reason="测试", version=1))],
    "lifecycle:withdraw": [Door("changes", _APPLY, _application, "post", _always(seen="1"))],
    "org:approval": [Door("changes", None, _approval)],
    "org:approvals": [Door("shows"), Door("shows", query="?view=")],
    "org:approve_many": [
        Door("changes", None, method="post", sent=lambda things: {"ids": [things.approval]})
    ],
    "org:alerts": [Door("shows", Right.ALERT_READ)],
    "org:archive": [
        Door("serves", Right.AUDIT_READ, _always(month="1999-01")),
        Door("serves", Right.AUDIT_READ, _always(month="1999-01"), "post"),
    ],
    "org:archives": [Door("serves", Right.AUDIT_READ)],
    "org:audit": [Door("shows", Right.AUDIT_READ)],
    "org:audit_event": [Door("opens", Right.AUDIT_READ, lambda things: {"event_id": things.event})],
    "org:branch": [Door("opens", Right.ORG_READ, _unit)],
    "org:calendar": [Door("serves", Right.ORG_READ)],
    "org:calendar_day": [
        Door("serves", Right.CALENDAR_EDIT, _always(day="2026-02-14"), "post", for_group=True)
    ],
    "org:change_password": [Door("serves")],
    "org:choose_language": [Door("serves", method="post", sent=_always(language="en"))],
    "org:confirm_year": [Door("serves", Right.CALENDAR_EDIT, _always(year=2026), "post", for_group=True)],
    "org:decide_approval": [Door("changes", None, _approval, "post", _APPROVE)],
    "org:divisions": [Door("serves", Right.ORG_READ)],
    "org:exception": [Door("serves", Right.EXCEPTION_HANDLE, _always(event_id=10**9))],
    "org:exceptions": [Door("serves", Right.EXCEPTION_HANDLE)],
    "org:end_delegation": [Door("serves", None, _always(delegation_id=10**9), "post")],
    "org:end_post": [
        Door("opens", Right.POST_REQUEST, _post),
        Door("changes", Right.POST_REQUEST, _post, "post", _always(reason="测试")),
    ],
    "org:issue_activation": [Door("changes", Right.STAFF_ACTIVATE, _staff, "post")],
    "org:lend": [Door("serves")],
    "org:log_ins": [Door("shows", Right.AUDIT_READ)],
    "org:log_out": [Door("serves", method="post")],
    "org:make_token": [Door("serves", method="post", sent=_always(name="x"))],
    "org:me": [Door("serves")],
    "org:new_post": [
        Door("opens", Right.POST_REQUEST, _staff),
        Door("changes", Right.POST_REQUEST, _staff, "post", _wanted_post),
    ],
    "org:new_reorganisation": [Door("serves", Right.REORGANISE)],
    "org:opened_audit": [Door("shows", Right.AUDIT_READ)],
    "org:parameter": [Door("serves", Right.PARAMETER_READ, _always(key="org.login_free_failures"))],
    "org:parameters": [Door("serves", Right.PARAMETER_READ)],
    "org:post_requests": [Door("shows", Right.POST_REQUEST)],
    "org:postcodes": [Door("serves", Right.ORG_READ)],
    "org:recall_approval": [Door("changes", None, _approval, "post", _always(reason="测试"))],
    "org:reorganisation": [Door("serves", Right.REORGANISE, _always(number=10**9))],
    "org:reorganisations": [Door("serves", Right.REORGANISE)],
    "org:request_activation": [
        Door("opens", Right.STAFF_ACTIVATE, _staff),
        # nobody of an area guards others, so for none of them a code has to be requested
        Door("serves", Right.STAFF_ACTIVATE, _always(staff_no="nobody"), "post"),
    ],
    "org:revoke_token": [Door("serves", None, _always(token_id=10**9), "post")],
    "org:rights": [Door("serves")],
    "org:staff": [Door("opens", Right.ORG_READ, _staff)],
    "org:staff_list": [Door("shows", Right.ORG_READ)],
    "org:switch_post": [Door("serves", method="post", sent=_always(post="1000000000"))],
    "org:unit": [Door("opens", Right.ORG_READ, _unit)],
    "org:unit_list": [Door("shows", Right.ORG_READ)],
    "org:units": [Door("shows", Right.ORG_READ)],
    "org:verification": [Door("serves", Right.AUDIT_READ, _always(run_id=10**9))],
    "org:verify_audit": [Door("serves", Right.AUDIT_READ)],
    "org:withdraw_parameter": [
        Door("serves", Right.PARAMETER_EDIT, _always(key="org.login_free_failures", value_id=10**9), "post")
    ],
    "ui:preferences": [Door("serves", method="post", sent=_always(density="compact"))],
    "web:home": [Door("shows")],
    "web:opened": [
        Door("changes", method="post", sent=lambda things: {"kind": "customer", "key": things.customer})
    ],
    "web:pin": [
        Door(
            "changes",
            method="post",
            sent=lambda things: {"kind": "customer", "key": things.customer, "on": "1"},
        )
    ],
    "web:search": [
        Door("shows"),
        Door("shows", method="post", sent=_always(q="王"), personal=True),
    ],
    "web:suggestions": [
        Door("shows", method="post", sent=_always(q="王"), personal=True),
        Door("shows", method="post", sent=lambda things: {"q": things.customer}, personal=True),
    ],
    "web:overview": [Door("shows")],
    "web:today": [Door("shows", _READ, personal=True)],
    "web:today_counts": [Door("shows", _READ)],
    "web:finish_today": [
        Door("changes", _READ, _item),
        Door("changes", _READ, _item, "post", _always(result="好")),
    ],
    "web:postpone_today": [Door("changes", _READ, _item, "post", _always(until="2099-01-01", reason="忙"))],
    "web:delegate_today": [Door("changes", _READ, _item, "post", _always(staff_no="top", reason="忙"))],
    "web:refuse_today": [Door("changes", _READ, _item, "post", _always(reason="不合适"))],
    "ownership:belonging": [Door("shows", _OWNERSHIP, _belonging, personal=True)],
    "ownership:belongings": [Door("shows", _OWNERSHIP, personal=True)],
    "ownership:confirm_belonging": [
        Door("serves", _OWNERSHIP, method="post", sent=_always(ids=["999999999"]))
    ],
    "ownership:decline_belonging": [Door("changes", _OWNERSHIP, _belonging, "post", _always(reason="测试"))],
    "ownership:change": [
        Door("changes", _READ, _owned),
        Door("changes", _READ, _owned, "post", _always(reason="测试", staff_no="in-own")),
    ],
    "ownership:claim": [Door("serves", Right.OWNERSHIP_CLAIM, method="post", sent=_always(ids=["1"]))],
    "ownership:end_assisting": [
        Door("changes", _READ, _assistant),
        Door("changes", _READ, _assistant, "post", _always(reason="测试")),
    ],
    "ownership:share": [
        Door("changes", _READ, _customer),
        Door(
            "changes", _READ, _customer, "post", _always(reason="测试", staff_no="in-own", until="2099-01-01")
        ),
    ],
    "ownership:shared": [Door("shows", _READ, personal=True)],
    "ownership:take_back": [Door("changes", _READ, _share, "post")],
    "ownership:let_assist": [
        Door("changes", _READ, _lined),
        Door("changes", _READ, _lined, "post", _always(reason="测试", staff_no="in-own")),
    ],
    "ownership:go_on": [Door("changes", _OWNERSHIP, _transfer, "post")],
    "ownership:hand_over": [
        Door("opens", _OWNERSHIP, lambda things: {"staff_no": things.staff}),
        Door("changes", _OWNERSHIP, lambda things: {"staff_no": things.staff}, "post"),
    ],
    "ownership:load": [Door("shows", _OWNERSHIP)],
    "ownership:owners": [Door("shows", _READ, personal=True)],
    "ownership:reassign": [Door("serves", _OWNERSHIP, method="post", sent=_always(ids=["1"]))],
    "ownership:start": [Door("changes", _OWNERSHIP, _transfer, "post")],
    "ownership:transfer": [
        Door("opens", _OWNERSHIP, _transfer),
        Door("changes", _OWNERSHIP, _transfer, "post", _always(reason="测试")),
    ],
    "ownership:transfers": [Door("shows", _OWNERSHIP)],
    "ownership:undo": [Door("changes", _OWNERSHIP, _transfer, "post")],
}
