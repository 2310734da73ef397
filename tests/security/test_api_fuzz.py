"""The API under anything its own description allows, and much that it does not (BARS A 1, A 27).

A branch's token: no server error, every answer as described, nothing of anybody else in any answer. A short run
goes with every test; `make prove` takes a long one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import schemathesis
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from hongyan.core import clock, scope
from hongyan.core.models import ParameterValue
from hongyan.customer.models import Customer, CustomerScope
from hongyan.org.actions.api_tokens import make_api_token
from hongyan.org.codes import Role
from hongyan.org.parameters import API_BURST, API_REQUESTS_PER_MINUTE
from hongyan.org.queries.viewers import find_viewer
from tests.security.world import Area, World, make_world, staff_no

CHECKS = [
    not_a_server_error, content_type_conformance, response_headers_conformance, response_schema_conformance,
    status_code_conformance,
]  # fmt: skip
FEW, MANY = 12, 100
CODE = re.compile(r"H\d{11}")
HIDDEN = (Area.SIBLING, Area.PARENT, Area.FOREIGN)
READ = {
    "GET /api/v1/applications/{number}",
    "GET /api/v1/customers",
    "GET /api/v1/customers/{code}",
    "POST /api/v1/customers/search",
    "GET /api/v1/organisation/staff",
    "GET /api/v1/organisation/units",
    "GET /api/v1/organisation/units/{code}",
}
"""What both roles must have been answered with rows, or nothing is proven."""

MARKS = ("王{}", "储{}", "员{}", "隔离{}", "SALE-{}")


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Requests run inside the test's transaction: its connection must not be closed behind each of them."""
    for signal in (signals.request_started, signals.request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (signals.request_started, signals.request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def world(db: None) -> World:
    for parameter in (API_BURST, API_REQUESTS_PER_MINUTE):
        ParameterValue.objects.create(
            key=parameter.key, value=10_000, effective_from="2020-01-01", set_at=clock.now(), set_by="test"
        )
    return make_world()


def token_of(role: Role) -> str:
    viewer = find_viewer(staff_no(role))
    with scope.acting(viewer.scope):
        return make_api_token(viewer, name="fuzz")[1]


def foreign_codes(role: Role) -> set[str]:
    """Customers that no unit in the post's scope owns."""
    own = find_viewer(staff_no(role)).scope
    with scope.bulk():
        mine = CustomerScope.objects.filter(org_no__range=(own.lo, own.hi)).values("customer_id")
        return set(Customer.objects.exclude(pk__in=mine).values_list("code", flat=True))


def known_values(world: World, path: str) -> dict[str, list[str]]:
    """Values for parts of an address that mean something, of every area: guessing would never find them."""
    things = [world.things[area] for area in Area]
    codes = [one.customer if "/customers/" in path else one.unit for one in things]
    return {
        "code": codes,
        "number": [f"A{one.application:08}" for one in things]
        if "/applications/" in path
        else [world.delivery],
        "system": ["kgc", "yy"],
        "approval_id": [str(one.approval) for one in things],
    }


@pytest.mark.usefixtures("one_connection")
@pytest.mark.parametrize("role", [Role.MANAGER, Role.STEWARD])
@pytest.mark.parametrize("examples", [FEW, pytest.param(MANY, marks=pytest.mark.slow)])
def test_whatever_is_sent_the_answer_is_sound_and_ones_own(world: World, role: Role, examples: int) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    headers, foreign = {"Authorization": f"Bearer {token_of(role)}"}, foreign_codes(role)
    assert foreign
    done = set()
    for operation in (result.ok() for result in schema.get_all_operations()):
        known = known_values(world, operation.path)
        for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):
            done |= _fuzz(operation, mode, examples, headers=headers, foreign=foreign, known=known)
    assert {operation for operation, status in done if status == 200} >= READ


def _fuzz(
    operation: schemathesis.APIOperation,
    mode: schemathesis.GenerationMode,
    examples: int,
    *,
    headers: dict[str, str],
    foreign: set[str],
    known: dict[str, list[str]],
) -> set[tuple[str, int]]:
    """Call an operation many times; which statuses it answered with."""
    done = set()

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), pick=st.integers(0, 7))
    def check(case: schemathesis.Case, pick: int) -> None:
        for part in set(case.path_parameters or {}) & set(known):
            case.path_parameters[part] = dict(enumerate(known[part])).get(pick, case.path_parameters[part])
        if pick < len(Area):
            case.query = {**(case.query or {}), "purpose": "service"}
        answer = case.call(headers=headers)
        case.validate_response(answer, checks=CHECKS, excluded_checks=[ignored_auth])
        done.add((operation.label, answer.status_code))
        text = answer.text
        leaked = [mark.format(area) for mark in MARKS for area in HIDDEN if mark.format(area) in text]
        asked = str(case.path_parameters) + str(case.query) + str(case.body)
        leaked += [code for code in CODE.findall(text) if code in foreign and code not in asked]
        assert leaked == [], f"{case.method} {case.formatted_path}"

    check()
    return done
