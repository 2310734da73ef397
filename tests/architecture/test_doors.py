"""Every door of the site, taken from the URLconf: strangers are turned away. A door without an entry fails.

A new address joins by one line in `DOORS`: its name and the values of its parts. `OPEN` are the doors for strangers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

Values = Mapping[str, Any]

DOORS: dict[str, Values] = {
    "api:approval": {"approval_id": 1},
    "api:approvals": {},
    "api:customer": {"code": "H00000000017"},
    "api:customer_relations": {"code": "H00000000017"},
    "api:customers": {},
    "api:customers_check": {},
    "api:customers_search": {},
    "api:decide_approval": {"approval_id": 1},
    "api:merge": {"merge_id": 1},
    "api:merge_preview": {"survivor": "H00000000017", "absorbed": "H00000000025"},
    "api:merges": {},
    "api:send_file": {"system": "kgc"},
    "api:send_records": {"system": "kgc"},
    "api:show_delivery": {"number": "D00000001"},
    "api:split_merge": {"merge_id": 1},
    "api:staff": {},
    "api:take_out": {"code": "H00000000017"},
    "api:unit": {"code": "L1"},
    "api:units": {},
    "customer:batch": {"batch_id": 1},
    "customer:batches": {},
    "customer:case": {"case_id": 1},
    "customer:cases": {},
    "customer:codes": {},
    "customer:count_resolution": {},
    "customer:decide_case": {"case_id": 1},
    "customer:draw_joins": {},
    "customer:duplicates": {},
    "customer:judge_relation": {"code": "H00000000017", "relation_id": 1},
    "customer:list": {},
    "customer:look": {"look_id": 1},
    "customer:looks": {},
    "customer:model": {"kind": "person", "version": 0},
    "customer:model_file": {"kind": "person", "version": 0},
    "customer:model_pairs": {"kind": "person", "version": 1},
    "customer:models": {},
    "customer:new_batch": {},
    "customer:new": {},
    "customer:merge": {"code": "H00000000017"},
    "customer:merge_with": {"code": "H00000000017", "other": "H00000000025"},
    "customer:merged": {"merge_id": 1},
    "customer:purpose": {"code": "H00000000017"},
    "customer:overview": {},
    "customer:quality": {},
    "customer:record": {"code": "H00000000017"},
    "customer:record_tab": {"code": "H00000000017", "tab": "sources"},
    "customer:relations": {},
    "customer:reveal": {"code": "H00000000017", "field": "mobile"},
    "customer:reveal_record": {"code": "H00000000017", "field": "mobile", "record_id": 1},
    "customer:resume_training": {"kind": "person", "version": 1},
    "customer:search": {},
    "customer:start_batch": {"batch_id": 1},
    "customer:start_relating": {},
    "customer:stop_batch": {"batch_id": 1},
    "customer:stop_relating": {},
    "customer:stop_training": {"kind": "person", "version": 1},
    "customer:suggestions": {},
    "customer:take_out": {"code": "H00000000017"},
    "customer:train_model": {"kind": "person"},
    "customer:undo_case": {"case_id": 1},
    "customer:use_model": {"kind": "person", "version": 0},
    "desk:change_view": {"view_id": 1},
    "desk:cancel_export": {"export_id": 1},
    "desk:delete_view": {"view_id": 1},
    "desk:export": {"export_id": 1},
    "desk:export_file": {"export_id": 1},
    "desk:exports": {},
    "desk:my_views": {},
    "desk:new_export": {"key": "customers"},
    "desk:notification": {"notification_id": 1},
    "desk:notifications": {},
    "desk:read_all": {},
    "desk:replace_view": {"view_id": 1},
    "desk:save_view": {"list_key": "customers"},
    "imports:confirm": {"number": "I00000001"},
    "imports:errors": {"number": "I00000001"},
    "imports:list": {},
    "imports:map": {"number": "I00000001"},
    "imports:new": {},
    "imports:one": {"number": "I00000001"},
    "imports:progress": {"number": "I00000001"},
    "imports:resume": {"number": "I00000001"},
    "imports:revert": {"number": "I00000001"},
    "imports:rows": {"number": "I00000001"},
    "imports:sign": {"number": "I00000001"},
    "imports:stop": {"number": "I00000001"},
    "imports:withdraw": {"number": "I00000001"},
    "integration:calendar": {},
    "integration:deliveries": {},
    "integration:delivery": {"number": "D00000001"},
    "integration:dismiss_row": {"row_id": 1},
    "integration:dismiss_rows": {},
    "integration:findings": {},
    "integration:outcome": {"row_id": 1},
    "integration:progress": {"number": "D00000001"},
    "integration:quarantine": {},
    "integration:records": {"number": "D00000001"},
    "integration:resume": {"number": "D00000001"},
    "integration:row": {"row_id": 1},
    "integration:sign": {"number": "D00000001"},
    "integration:stop": {"number": "D00000001"},
    "integration:system": {"code": "kgc"},
    "integration:systems": {},
    "integration:unknown": {},
    "integration:upload": {},
    "integration:withdraw": {"number": "D00000001"},
    "ledger:bank_intake": {},
    "ledger:behind": {"code": "H00000000017"},
    "ledger:fact": {"kind": "transaction", "system": "yy", "day": "2026-10-05", "number": "S1"},
    "ledger:facts": {},
    "ledger:map_product": {},
    "ledger:partitions": {},
    "ledger:products": {},
    "ledger:unit_figure": {},
    "ledger:units": {},
    "org:alerts": {},
    "org:approval": {"approval_id": 1},
    "org:approvals": {},
    "org:approve_many": {},
    "org:archive": {"month": "2023-01"},
    "org:archives": {},
    "org:audit": {},
    "org:audit_event": {"event_id": 1},
    "org:branch": {"code": "L1"},
    "org:calendar": {},
    "org:calendar_day": {"day": "2026-02-14"},
    "org:change_password": {},
    "org:choose_language": {},
    "org:confirm_year": {"year": 2026},
    "org:exception": {"event_id": 1},
    "org:exceptions": {},
    "org:end_delegation": {"delegation_id": 1},
    "org:end_post": {"staff_no": "zhang", "post_id": 1},
    "org:issue_activation": {"staff_no": "zhang"},
    "org:decide_approval": {"approval_id": 1},
    "org:divisions": {},
    "org:lend": {},
    "org:log_ins": {},
    "org:log_out": {},
    "org:make_token": {},
    "org:me": {},
    "org:new_post": {"staff_no": "zhang"},
    "org:new_reorganisation": {},
    "org:opened_audit": {},
    "org:parameter": {"key": "org.login_free_failures"},
    "org:parameters": {},
    "org:post_requests": {},
    "org:postcodes": {},
    "org:recall_approval": {"approval_id": 1},
    "org:reorganisation": {"number": 1},
    "org:reorganisations": {},
    "org:request_activation": {"staff_no": "zhang"},
    "org:revoke_token": {"token_id": 1},
    "org:rights": {},
    "org:staff": {"staff_no": "zhang"},
    "org:staff_list": {},
    "org:switch_post": {},
    "org:unit": {"code": "L1"},
    "org:unit_list": {},
    "org:units": {},
    "org:verification": {"run_id": 1},
    "org:verify_audit": {},
    "org:withdraw_parameter": {"key": "org.login_free_failures", "value_id": 1},
    "ui:preferences": {},
    "web:home": {},
}
OPEN = {
    "api:api-root",  # answers 404: it only marks where the API begins
    "api:openapi-json",  # describes the API; no data
    "org:activate",
    "org:log_in",
    "org:renew_password",
    "org:set_up_factor",
    "org:show_code",
    "web:health",
}
METHODS = ("get", "post", "put", "patch", "delete")


def names(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    """Qualified names of all addresses; those without a name fail below."""
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from names(one, f"{namespace}{one.namespace}:" if one.namespace else namespace)
        elif isinstance(one, URLPattern):
            yield f"{namespace}{one.name or one.pattern}"


def test_every_door_has_an_entry():
    assert set(names(get_resolver())) == {*DOORS, *OPEN}


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(DOORS))
def test_stranger_is_turned_away(name):
    address = reverse(name, kwargs=dict(DOORS[name]))
    for method in METHODS:
        answer = getattr(Client(), method)(address)
        if name.startswith("api:"):
            assert answer.status_code in {401, 405}, method
        else:
            assert (answer.status_code, answer.headers.get("Location", "").split("?")[0]) == (
                302,
                "/login/",
            ), method
