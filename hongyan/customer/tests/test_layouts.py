"""Forms and the side panel as the house arranges them: per kind and role, versioned, set back (GEN-011, UI 1)."""

from __future__ import annotations

import pytest
from django.test import Client

from hongyan.core import scope
from hongyan.core.models import AuditEvent
from hongyan.customer.models import Layout
from hongyan.customer.tests import factory
from hongyan.customer.tests.factory import HEAD, SUN, WANG, ZHANG, code_of, log_in

FORM, SIDE = "/customers/layouts/form/P/", "/customers/layouts/side/P/"


@pytest.fixture
def head(town: None) -> Client:
    return log_in(Client(), HEAD)


def saved(client: Client, address: str = FORM, **said: str):  # type: ignore[no-untyped-def]
    seen = client.get(address).context["seen"]
    return client.post(address, {"act": "save", "seen": str(seen), **said})


def fields_on(client: Client, address: str) -> list[str]:
    return [field.name for field in client.get(address).context["form"].visible_fields()]


def test_a_form_is_arranged_for_everybody_and_set_back(head: Client) -> None:
    zhang, address = log_in(Client(), ZHANG), f"/customers/{code_of('王小明')}/correct/"
    before = fields_on(zhang, address)
    said = {
        "place-mobile": "0",
        "section-mobile": "联系方式",
        "section-email": "联系方式",
        "hidden-landline": "1",
    }
    assert saved(head, **said).status_code == 302
    now = fields_on(zhang, address)
    assert now[:2] == ["mobile", "email"]
    assert "landline" not in now
    assert now[-1] == "reason"
    assert "<legend>联系方式</legend>" in zhang.get(address).content.decode()
    entered = fields_on(zhang, "/customers/new/")
    assert entered.index("mobile") < entered.index("name")
    assert head.post(FORM, {"act": "reset", "seen": "1"}).status_code == 302
    assert fields_on(zhang, address) == before
    with scope.bulk():
        assert list(Layout.objects.order_by("version").values_list("version", flat=True)) == [1, 2]
        assert AuditEvent.objects.filter(act="layout.arrange").count() == 2


def test_a_role_has_its_own_and_others_that_of_everybody(head: Client) -> None:
    """A side panel too; what speaks of doubts is never hidden."""
    hidden = {"hidden-contacts": "1", "hidden-cases": "1"}
    assert saved(head, f"{SIDE}manager/", **hidden).status_code == 302
    address = f"/customers/{code_of('王小明')}/"
    shown = [part.key for part in log_in(Client(), ZHANG).get(address).context["side"]]
    assert shown == ["cases", "lines", "addresses", "idle"]
    others = [part.key for part in log_in(Client(), WANG).get(address).context["side"]]
    assert others == ["cases", "lines", "contacts", "addresses", "idle"]


def test_what_is_needed_is_never_hidden(head: Client) -> None:
    saved(head, **{"hidden-name": "1", "hidden-credential_no": "1"})
    shown = fields_on(log_in(Client(), ZHANG), f"/customers/{code_of('王小明')}/correct/")
    assert {"name", "credential_no"} <= set(shown)


def test_it_works_by_keyboard_and_is_looked_at_before_it_is_saved(head: Client) -> None:
    page = head.post(FORM, {"act": "down:name", "seen": "0", "section-gender": "基本"})
    assert [row.part.name for row in page.context["rows"]][:2] == ["gender", "name"]
    assert page.context["preview"][0][0] == "基本"
    with scope.bulk():
        assert not Layout.objects.exists()


def test_two_who_arrange_at_once_do_not_write_over_each_other(head: Client) -> None:
    assert head.post(FORM, {"act": "save", "seen": "0"}).status_code == 302
    assert head.post(FORM, {"act": "save", "seen": "0"}).status_code == 409
    assert saved(head, **{"section-name": "13812345678"}).status_code == 422
    assert head.get("/customers/layouts/form/X/").status_code == 404
    assert "新增和更正的表单" in head.get("/customers/layouts/").content.decode()


def test_only_the_top_of_the_house_arranges(head: Client) -> None:
    sun = log_in(Client(), SUN)
    assert sun.get(FORM).status_code == 200
    assert sun.post(FORM, {"act": "save", "seen": "0"}).status_code == 403
    assert log_in(Client(), ZHANG).get(FORM).status_code == 403
    with scope.bulk():
        assert not Layout.objects.exists()
    assert factory.viewer(HEAD).scope.everything
