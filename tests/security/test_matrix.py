"""Every door × every role × {own, sibling, parent, foreign}: what is answered, and that nothing changed (BARS A 1).

Four roles go with every run; `make prove` takes all of them.
"""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from hongyan.org.codes import Role
from hongyan.org.rights import RIGHTS
from tests.architecture.test_doors import DOORS as KNOWN
from tests.security.doors import DOORS, Door
from tests.security.world import Area, World, browser, caller, make_world, state

SAMPLE = (Role.MANAGER, Role.STEWARD, Role.AUDITOR, Role.READER)
HIDDEN = (Area.SIBLING, Area.PARENT, Area.FOREIGN)
LAST = {"org:log_out"}
"""Tried last, since nobody is logged in behind it."""

ATTEMPTS = {"org:audit"}
"""Where the matrix reads of its own attempts: which numbers were asked for in vain."""


def test_every_door_stands_in_the_matrix() -> None:
    assert set(DOORS) == set(KNOWN)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "role", [pytest.param(role, marks=() if role in SAMPLE else pytest.mark.slow) for role in Role]
)
def test_a_role_gets_what_is_its_own_and_nothing_else(role: Role) -> None:
    world, wrong = make_world(), []
    clients = {"api": caller(role), "web": browser(role, world)}
    for name in sorted(DOORS, key=lambda name: (name in LAST, name)):
        client = clients["api" if name.startswith("api:") else "web"]
        for door in DOORS[name]:
            wrong += [f"{name} {fault}" for fault in _faults(client, name, door, role, world)]
    assert not wrong, "\n".join(wrong)


def _faults(client: Client, name: str, door: Door, role: Role, world: World) -> list[str]:
    """What a door did that it must not, for the things of each area."""
    has_right = not door.for_group and (door.right is None or door.right in RIGHTS[role])
    check = {"shows": _shown, "opens": _opened, "changes": _changed, "serves": _served}[door.kind]
    areas = (Area.OWN,) if door.kind == "serves" else Area
    if has_right:
        return [fault for area in areas for fault in check(client, name, door, area, world)]
    before, faults = state(), []
    for area in areas:
        answer = _knock(client, name, door, area, world)
        if answer.status_code not in {403, 404}:
            faults.append(f"{door.method} without {door.right}: {answer.status_code}")
        faults += _leaks(answer, Area, name)
    return [*faults, *_alterations(before)]


def _shown(client: Client, name: str, door: Door, area: Area, world: World) -> list[str]:
    answer = _knock(client, name, door, area, world)
    if answer.status_code in {403, 404}:  # a list of a line that the post does not have
        return _leaks(answer, Area, name)
    good = answer.status_code < 400
    return [*([] if good else [f"{door.method}: {answer.status_code}"]), *_leaks(answer, HIDDEN, name)]


def _opened(client: Client, name: str, door: Door, area: Area, world: World) -> list[str]:
    answer = _knock(client, name, door, area, world)
    if area == Area.OWN:
        return [] if answer.status_code in {200, 302} else [f"own: {answer.status_code}"]
    right = [] if answer.status_code == 404 else [f"{area.name.lower()}: {answer.status_code}"]
    return [*right, *_leaks(answer, [area], name)]


def _changed(client: Client, name: str, door: Door, area: Area, world: World) -> list[str]:
    if area == Area.OWN:
        answer = _knock(client, name, door, area, world)
        return [f"own: {answer.status_code}"] if answer.status_code >= 500 else []
    before = state()
    answer = _knock(client, name, door, area, world)
    right = [] if answer.status_code == 404 else [f"{area.name.lower()}: {answer.status_code}"]
    return [*right, *_leaks(answer, [area], name), *_alterations(before)]


def _served(client: Client, name: str, door: Door, area: Area, world: World) -> list[str]:
    answer = _knock(client, name, door, area, world)
    bad = answer.status_code >= 500 or answer.status_code == 403
    return [f"{door.method}: {answer.status_code}"] if bad else []


def _knock(client: Client, name: str, door: Door, area: Area, world: World) -> HttpResponse:
    things = world.things[area]
    values = {
        key: world.delivery if value == "D00000001" else value for key, value in door.values(things).items()
    }
    address = reverse(name, kwargs=values) + door.query
    sent = dict(door.sent(things))
    if name.startswith("api:") and door.method == "post":
        headers = {"Idempotency-Key": f"matrix-{name}"}
        if "file" in sent:
            return client.post(address, sent, headers=headers)
        return client.post(address, sent, content_type="application/json", headers=headers)
    return getattr(client, door.method)(address, sent)


def _leaks(answer: HttpResponse, hidden: Iterable[Area], name: str) -> list[str]:
    """The marks of areas that stand in an answer and must not."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = content.decode(errors="replace")
    forms = (
        "王{}",
        "储{}",
        "并{}",
        "合{}",
        "归并{}",
        "员{}",
        "隔离{}",
        "{}的客户",
        "视图{}",
        "申请{}",
        *(() if name in ATTEMPTS else ("SALE-{}",)),
    )
    marks = (form.format(area) for area in hidden for form in forms)
    return [f"shows {mark}" for mark in marks if mark in text]


def _alterations(before: dict[str, tuple[int, int]]) -> list[str]:
    after = state()
    return [f"altered {table}" for table in before if before[table] != after[table]]
