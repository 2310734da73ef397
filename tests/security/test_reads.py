"""Every door that shows personal data writes that it did, in the transaction in which it read (BARS A 9)."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from hongyan.core import audit, scope
from hongyan.core.models import AuditEvent
from hongyan.org import sessions
from hongyan.org.codes import Line, Role
from hongyan.org.models import Post
from hongyan.org.rights import RIGHTS
from hongyan.web import middleware
from tests.security.doors import DOORS, Door
from tests.security.world import Area, Things, World, browser, caller, make_world, staff_no

READER, HEAD = Role.STEWARD, Role.COUNTY_HEAD
"""Together they carry every right that a door of personal data takes: a head decides on what a steward only reads."""

PERSONAL = [(name, door) for name in sorted(DOORS) for door in DOORS[name] if door.personal]


@pytest.fixture
def world(db: None) -> World:
    """The four areas, with readers of all lines: the bank's customers are shown to posts of its line alone."""
    made = make_world()
    with scope.bulk():
        people = [staff_no(READER), staff_no(HEAD)]
        Post.objects.filter(staff__staff_no__in=people).update(line_codes=[Line.MAIL, Line.BANK])
    return made


def use(client: Client, name: str, door: Door, things: Things, delivery: str) -> HttpResponse:
    values = {key: delivery if value == "D00000001" else value for key, value in door.values(things).items()}
    address, sent = reverse(name, kwargs=values) + door.query, dict(door.sent(things))
    if name.startswith("api:"):
        return getattr(client, door.method)(address, sent or None, content_type="application/json")
    return getattr(client, door.method)(address, sent)


def reader_of(door: Door) -> Role:
    return READER if door.right is None or door.right in RIGHTS[READER] else HEAD


def readings() -> int:
    with transaction.atomic(), scope.bulk():
        people = [staff_no(READER), staff_no(HEAD)]
        return AuditEvent.objects.filter(actor__in=people, act__in=audit.readings()).count()


def test_there_are_such_doors() -> None:
    assert len(PERSONAL) > 15


def test_each_use_leaves_a_trace_and_a_rollback_takes_it_along(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    clients = {"api": caller(READER), **{role: browser(role, world) for role in (READER, HEAD)}}
    things, wrong = world.things[Area.OWN], []
    for name, door in PERSONAL:
        client = clients["api" if name.startswith("api:") else reader_of(door)]
        before = readings()
        answer = use(client, name, door, things, world.delivery)
        if answer.status_code != 200 or readings() == before:
            wrong.append(f"{name}{door.query}: {answer.status_code}, {readings() - before} rows")
        with monkeypatch.context() as broken:
            broken.setattr(middleware, "_finished", _broken)
            before = readings()
            answer = use(client, name, door, things, world.delivery)
        if answer.status_code != 500 or readings() != before:
            wrong.append(f"{name}{door.query} rolled back: {answer.status_code}, {readings() - before} rows")
    assert not wrong, "\n".join(wrong)


def test_each_page_bears_the_watermark_unless_the_parameter_says_otherwise(world: World) -> None:
    """SEC-i02: whose screen it was stands across it."""
    pages = [(name, door) for name, door in PERSONAL if door.method == "get" and not name.startswith("api:")]
    things = world.things[Area.OWN]
    clients = {role: browser(role, world) for role in (READER, HEAD)}
    shown = [
        (name, use(clients[reader_of(door)], name, door, things, world.delivery).content.decode())
        for name, door in pages
    ]
    assert [name for name, page in shown if page.count('<img class="watermark"') != 1] == []

    for client in clients.values():
        session = client.session
        session[sessions.MARKED] = False
        session.save()
    for name, door in pages:
        client = clients[reader_of(door)]
        assert b'class="watermark"' not in use(client, name, door, things, world.delivery).content


def _broken(_response: HttpResponse) -> HttpResponse:
    return HttpResponse(status=500)
