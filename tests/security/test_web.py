"""What holds for every answer of every door: headers, CSRF, no way out by a `next`, no careless cookie (BARS A 25)."""

from __future__ import annotations

import runpy
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from hongyan.config.home import CHECKOUT
from hongyan.org.codes import Role
from tests.architecture.test_doors import OPEN
from tests.security.doors import DOORS
from tests.security.world import Area, World, browser, caller, make_world, state

LIFELINE = {"org:log_out"}
"""Tried last: behind it nobody is logged in."""

ELSEWHERE = ("//evil.example/x", "/\\evil.example/x", "https://evil.example/x")
WORDS = ("next", "url", "to", "back", "return", "redirect", "back_url", "return_to", "path", "view")
"""What a parameter that leads somewhere might be called."""

UNSAFE = ("post", "put", "patch", "delete")


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def addresses(world: World, *, api: bool) -> Iterator[tuple[str, str]]:
    """(name, address) of each door for the county's own things; the one that logs out comes last."""
    things = world.things[Area.OWN]
    for name in sorted(DOORS, key=lambda one: (one in LIFELINE, one)):
        if name.startswith("api:") == api:
            values = DOORS[name][0].values(things)
            values = {key: world.delivery if value == "D00000001" else value for key, value in values.items()}
            yield name, reverse(name, kwargs=dict(values))


def directives(answer: HttpResponse) -> dict[str, list[str]]:
    """The content security policy taken apart."""
    parts = [part.split() for part in answer["Content-Security-Policy"].split(";")]
    return {name: sources for name, *sources in parts}


FRAMED = {"desk:view_file"}
"""Files that a page of ours shows in a frame."""


def faults_of(name: str, answer: HttpResponse) -> list[str]:
    """Which protection an answer lacks."""
    framer = ("SAMEORIGIN", "'self'") if name in FRAMED and answer.status_code == 200 else ("DENY", "'none'")
    policy = directives(answer) if "Content-Security-Policy" in answer else {}
    expected = {
        "nosniff": answer.get("X-Content-Type-Options") == "nosniff",
        "frames": (answer.get("X-Frame-Options"), *policy.get("frame-ancestors", ())) == framer,
        "referrer": answer.get("Referrer-Policy") == "same-origin",
        "opener": answer.get("Cross-Origin-Opener-Policy") == "same-origin",
        "permissions": "camera=()" in answer.get("Permissions-Policy", ""),
        "kept by caches": "no-store" in answer.get("Cache-Control", ""),
        "policy's default": policy.get("default-src") == ["'none'"],
        "scripts": policy.get("script-src") == ["'self'"],
        "styles": policy.get("style-src") == ["'self'"],
        "forms": policy.get("form-action") == ["'self'"],
        "base": policy.get("base-uri") == ["'none'"],
        "unsafe": not any(word.startswith("'unsafe") for words in policy.values() for word in words),
    }
    return [f"{name} {answer.status_code}: {one}" for one, holds in expected.items() if not holds]


def test_every_answer_carries_the_secure_headers(world: World) -> None:
    client, program, stranger = browser(Role.GROUP_ADMIN, world), caller(Role.GROUP_ADMIN), Client()
    faults = []
    for who, is_api in ((client, False), (program, True), (stranger, False), (stranger, True)):
        for name, address in addresses(world, api=is_api):
            faults += [
                fault
                for method in ("get", "post")
                for fault in faults_of(name, getattr(who, method)(address))
            ]
    for name in sorted(OPEN):
        faults += faults_of(name, stranger.get(reverse(name)))
    faults += faults_of("404", client.get("/nowhere/"))
    assert faults == []


def test_every_change_needs_the_token_of_a_form(world: World) -> None:
    """A page elsewhere can make a browser send a form, but cannot know the token; nothing of ours changes."""
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = browser(Role.GROUP_ADMIN, world).cookies
    before, wrong = state(), []
    for name, address in addresses(world, api=False):
        for method in UNSAFE:
            answer = getattr(strict, method)(address, headers={"Origin": "https://evil.example"})
            if answer.status_code != 403 or "这张表单已经过期" not in answer.content.decode():
                wrong.append(f"{method} {name}: {answer.status_code}")
    pages = sorted(OPEN - {"api:api-root", "api:openapi-json"})
    wrong += [name for name in pages if strict.post(reverse(name), {}).status_code not in {403, 405}]
    assert wrong == []
    assert state() == before


def test_the_api_knows_no_cookie(world: World) -> None:
    """So a browser that is logged in cannot be made to call it, and it needs no token of a form."""
    client = browser(Role.GROUP_ADMIN, world)
    for name, address in addresses(world, api=True):
        for method in ("get", *UNSAFE):
            answer = getattr(client, method)(address)
            assert answer.status_code in {401, 405}, f"{method} {name}"
            assert not answer.cookies, name


@pytest.mark.parametrize("target", [*ELSEWHERE[:2], pytest.param(ELSEWHERE[2], marks=pytest.mark.slow)])
def test_no_door_leads_elsewhere(world: World, target: str) -> None:
    client, wrong = browser(Role.GROUP_ADMIN, world), []
    sent, headers = dict.fromkeys(WORDS, target), {"Referer": target}
    for name, address in addresses(world, api=False):
        if name in LIFELINE:
            continue
        answers = (
            client.get(address, sent, headers=headers),
            client.post(address, {**sent, "language": "en", "density": "compact"}, headers=headers),
        )
        wrong += [f"{name} → {one['Location']}" for one in answers if _leads_elsewhere(one)]
    assert wrong == []


def _leads_elsewhere(answer: HttpResponse) -> bool:
    """As a browser reads an address: a backslash is a slash, what is no path goes somewhere else."""
    target = answer.get("Location", "").replace("\\", "/")
    parts = urlsplit(target)
    return bool(target) and (bool(parts.netloc or parts.scheme) or not target.startswith(("/", "?", "#")))


def test_log_in_does_not_lead_elsewhere_either(world: World) -> None:
    client = browser(Role.GROUP_ADMIN, world)
    for target in ELSEWHERE:
        for name in (
            "org:log_in",
            "org:show_code",
            "org:set_up_factor",
            "org:renew_password",
            "org:activate",
        ):
            assert not _leads_elsewhere(client.get(reverse(name), {"next": target})), name


def test_every_cookie_is_secure_behind_a_proxy(
    world: World, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With HONGYAN_HTTPS every cookie is Secure, and always HttpOnly and SameSite."""
    monkeypatch.setenv("HONGYAN_HTTPS", "1")
    secured = runpy.run_path(str(CHECKOUT / "hongyan" / "config" / "settings.py"))
    assert secured["SECURE_HSTS_SECONDS"] >= 31_536_000
    for key in (one for one in secured if (one.isupper() and "COOKIE" in one) or one.startswith("SECURE_")):
        setattr(settings, key, secured[key])
    client, seen = browser(Role.GROUP_ADMIN, world), set()
    for name, address in addresses(world, api=False):
        sent = {"language": "en", "density": "compact", "theme": "dark", "sidebar": "closed"}
        for answer in (
            client.get(f"{address}?lang=en", secure=True),
            client.post(address, sent, secure=True),
        ):
            for cookie in (one for one in answer.cookies.values() if one.value):
                seen.add(cookie.key)
                assert (cookie["secure"], cookie["httponly"]) == (True, True), f"{name}: {cookie.key}"
                assert cookie["samesite"] in {"Lax", "Strict"}, f"{name}: {cookie.key}"
    assert seen >= {"hongyan_csrf", "hongyan_language", "theme", "density"}
    assert "max-age=31536000" in client.get("/login/", secure=True)["Strict-Transport-Security"]


def test_a_text_that_looks_like_a_page_is_no_page(world: World) -> None:
    """What the API answers is JSON to every browser, whatever stands in it."""
    program = caller(Role.GROUP_ADMIN)
    for name, address in addresses(world, api=True):
        answer = program.get(address)
        kind = answer["Content-Type"].partition(";")[0]
        assert kind in {"application/json", "application/problem+json", "text/html"}, name
        assert kind != "text/html" or (answer.status_code, answer.content) == (405, b"Method not allowed"), (
            name
        )
