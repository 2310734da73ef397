"""Two editors on every form that edits: the second is refused and told why, and nothing is lost (BARS A 14)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser

import pytest
from django.test import Client

from hongyan.core import clock, exception_log, scope
from hongyan.core.models import CalendarDay, ExceptionEvent, ParameterValue
from hongyan.customer.actions.keep_contact import add_contact
from hongyan.customer.models import SourceRecord
from hongyan.customer.tests.factory import TESTER, ZHANG, Given, code_of, log_in, make_organisation, take
from hongyan.desk.models import SavedView
from hongyan.integration.models import QuarantinedRow, SystemState
from hongyan.integration.tests.console import BAD_ROWS
from hongyan.integration.tests.factory import kgc_file, loaded
from hongyan.ledger.codes import FactKind
from hongyan.ledger.models import SourceProduct
from hongyan.ledger.tests.factory import book_rows, sell
from hongyan.org.actions.take_in import take_in_posts
from hongyan.org.codes import Role
from hongyan.org.queries.viewers import find_viewer
from hongyan.org.tests.factory import post_row

pytestmark = pytest.mark.django_db

ADMINS, STEWARDS = ("one", "two"), ("three", "four")
PARAMETER = "/parameters/org.login_free_failures/"


@dataclass(frozen=True, slots=True)
class Form:
    """A form that edits: where it is shown and sent, by whom, what each editor changes, and what is then kept."""

    shown: str
    first: Mapping[str, str]
    second: Mapping[str, str]
    kept: Callable[[], object]
    says: str
    """What the second is told of the first's."""
    sent: str = ""
    editors: tuple[str, str] = ADMINS


@pytest.fixture(autouse=True)
def _world(db: None) -> None:
    make_organisation()
    posts = [post_row(number, f"人{number}", "1000", Role.SYSTEM_ADMIN) for number in ADMINS]
    posts += [post_row(number, f"人{number}", "1000", Role.STEWARD) for number in STEWARDS]
    with scope.bulk():
        take_in_posts(posts, actor=TESTER)
    book_rows(FactKind.TRANSACTION, sell("N1", "2.00", product_code="9999"))


def parameter() -> Form:
    sent = {"unit": "", "line": "", "effective_from": clock.business_date().isoformat(), "reason": "试"}
    return Form(
        PARAMETER,
        {**sent, "value": "7"},
        {**sent, "value": "9"},
        lambda: list(ParameterValue.objects.values_list("value", flat=True)),
        "7",
    )


def calendar() -> Form:
    return Form(
        "/calendar/2026-10-03/",
        {"statement": "working", "note": "甲说", "reason": "通知"},
        {"statement": "off", "note": "乙说", "reason": "通知"},
        lambda: CalendarDay.objects.get(day="2026-10-03").note,
        "甲说",
    )


def system() -> Form:
    return Form(
        "/intake/systems/kgc/",
        {"connection": "connected", "unit": "", "note": "甲说"},
        {"connection": "off", "unit": "", "note": "乙说"},
        lambda: list(SystemState.objects.values_list("connection", "note")),
        "甲说",
        editors=STEWARDS,
    )


def product() -> Form:
    source = SourceProduct.objects.get(code="9999")
    return Form(
        f"/ledger/products/?map={source.id}",
        {"system": "yy", "code": "9999", "product": "10120"},
        {"system": "yy", "code": "9999", "product": "10110"},
        lambda: SourceProduct.objects.get(code="9999").product.code,  # type: ignore[union-attr]
        "",
        sent="/ledger/products/map/",
        editors=STEWARDS,
    )


def quarantined() -> Form:
    delivery = loaded(kgc_file(BAD_ROWS))
    with scope.bulk():
        row = QuarantinedRow.objects.filter(delivery=delivery).earliest("id")

    def kept() -> object:
        with scope.bulk():
            found = QuarantinedRow.objects.get(pk=row.pk)
            return found.state, found.closed_by

    address = f"/intake/quarantine/{row.pk}/"
    return Form(address, {}, {}, kept, "已经处理过", editors=STEWARDS)


def view() -> Form:
    made = SavedView.objects.create(
        owner=ADMINS[0], unit_id=1, list_key="customers", path="/customers/", name="原名", query="type=O",
        created_at=clock.now(),
    )  # fmt: skip
    return Form(
        f"/views/{made.pk}/",
        {"name": "甲名"},
        {"name": "乙名"},
        lambda: SavedView.objects.get().name,
        "甲名",
        editors=(ADMINS[0], ADMINS[0]),
    )


def exception() -> Form:
    exception_log.note(exception_log.Kind.ERROR, "KeyError", "x.py:1 f")
    return Form(
        f"/exceptions/{ExceptionEvent.objects.get(name='KeyError').pk}/",
        {"note": "甲说"},
        {"note": "乙说"},
        lambda: ExceptionEvent.objects.get(name="KeyError").note,
        "甲说",
    )


def contact() -> Form:
    take(Given("王小明", "K1", secrets={"mobile": "13900000001"}))
    zhang, code = find_viewer(ZHANG), code_of("王小明")
    with scope.acting(zhang.scope):
        record_id = add_contact(zhang, code, {"contact_name": "周助理"})
    with scope.bulk():
        party = SourceRecord.objects.get(pk=record_id).party_id

    def kept() -> object:
        with scope.bulk():
            return SourceRecord.objects.get(party=party, part="contact/1", is_current=True).fields

    return Form(
        f"/customers/{code}/contacts/{party}/1/",
        {"contact_name": "周助理", "note": "甲说"},
        {"contact_name": "周助理", "note": "乙说"},
        kept,
        "甲说",
        editors=(ZHANG, ZHANG),
    )


FORMS = (contact, parameter, calendar, system, product, quarantined, view, exception)


class _Fields(HTMLParser):
    """The hidden fields of a page's forms, by the address each form is sent to."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        if tag == "form":
            self.forms.append((found.get("action") or "", {}))
        elif tag == "input" and self.forms and found.get("type") == "hidden":
            self.forms[-1][1][str(found["name"])] = found.get("value") or ""


def opened(client: Client, form: Form) -> dict[str, str]:
    """What the form carries unseen, as the page shows it now."""
    page = client.get(form.shown)
    assert page.status_code == 200
    parser = _Fields()
    parser.feed(page.content.decode())
    return next((fields for action, fields in parser.forms if action == form.sent and "seen" in fields), {})


@pytest.mark.parametrize("make", FORMS)
def test_the_second_editor_is_refused_and_told(make: Callable[[], Form]) -> None:
    form = make()
    first, second = (log_in(Client(), staff_no) for staff_no in form.editors)
    seen = [opened(client, form) for client in (first, second)]
    address = form.sent or form.shown
    assert first.post(address, {**seen[0], **form.first}).status_code == 302
    kept = form.kept()
    answer = second.post(address, {**seen[1], **form.second})
    assert (answer.status_code, form.says in answer.content.decode()) == (409, True)
    assert form.kept() == kept
    if form.kept.__name__ == "<lambda>":  # who has looked again may change what they now see
        assert second.post(address, {**opened(second, form), **form.second}).status_code == 302
        assert form.kept() != kept


@pytest.mark.parametrize("make", [one for one in FORMS if one is not quarantined])
def test_a_form_that_does_not_say_what_it_saw_changes_nothing_that_stands(make: Callable[[], Form]) -> None:
    form = make()
    client = log_in(Client(), form.editors[0])
    assert client.post(form.sent or form.shown, {**opened(client, form), **form.first}).status_code == 302
    kept = form.kept()
    assert client.post(form.sent or form.shown, dict(form.second)).status_code == 409
    assert form.kept() == kept


def test_filters_of_a_view_are_not_lost_either() -> None:
    form = view()
    made, client = SavedView.objects.get(), log_in(Client(), ADMINS[0])
    seen = opened(client, form)["seen"]
    address = f"/views/{made.pk}/save/"
    assert client.post(address, {"query": "type=P", "seen": seen}).status_code == 302
    assert client.post(address, {"query": "type=O", "seen": seen}).status_code == 409
    assert SavedView.objects.get().query == "type=P"
