"""What a request may bring, and how often a token may ask: 413 and 429 in the reader's language."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hongyan.api.tests.test_api import client_of, problem_of, token_of
from hongyan.core import clock, scope
from hongyan.core.models import AuditEvent, ParameterValue, Rate
from hongyan.integration.models import Delivery
from hongyan.integration.parameters import MAX_UPLOAD_MB
from hongyan.org.models import ApiToken
from hongyan.org.parameters import API_BURST, API_REQUESTS_PER_MINUTE, API_TOKENS
from hongyan.org.tests.factory import small_organisation
from hongyan.org.tests.log_in import logged_in

pytestmark = pytest.mark.django_db

UNITS, SEARCH, FILES = "/api/v1/organisation/units", "/api/v1/customers/search", "/api/v1/intake/kgc/files"
MEGABYTE = 1 << 20
FORM = settings.DATA_UPLOAD_MAX_MEMORY_SIZE


@pytest.fixture(autouse=True)
def _organisation(db):
    with scope.bulk():
        small_organisation()


def announce(client: Client, address: str, length: int, **more: str):
    """A post that announces a length; the little it brings is never looked at."""
    return client.generic("POST", address, b"x", "application/json", CONTENT_LENGTH=str(length), **more)


def set_to(parameter, value: int) -> None:
    ParameterValue.objects.create(
        key=parameter.key, value=value, effective_from="2020-01-01", set_at=clock.now(), set_by="test"
    )


class TestSize:
    def test_a_form_too_large_is_told_so_in_the_language_of_the_reader(self):
        client = logged_in("zhang")
        answer = announce(client, "/language/", FORM + 1)
        assert (answer.status_code, "内容太大，没有接收" in answer.content.decode()) == (413, True)
        english = announce(client, "/language/?lang=en", FORM + 1)
        assert (english.status_code, "Too large" in english.content.decode()) == (413, True)

    def test_htmx_gets_a_notice(self):
        answer = announce(logged_in("zhang"), "/logout/", FORM + 1, HTTP_HX_REQUEST="true")
        assert (answer.status_code, "5 MB" in answer["HX-Trigger"]) == (413, True)

    def test_a_stranger_cannot_fill_the_disk_at_the_log_in_page(self):
        """Files of a form would be written to disk before anybody asks who sends them."""
        strict = Client(enforce_csrf_checks=True)
        file = SimpleUploadedFile("x", bytes(FORM + 1))
        assert strict.post("/login/", {"staff_no": "x", "password": "x", "file": file}).status_code == 413

    def test_the_api_answers_with_a_problem(self):
        answer = announce(client_of("zhang"), SEARCH, FORM + 1)
        assert problem_of(answer) == (413, "too_large")
        assert announce(client_of("zhang"), SEARCH, 1).status_code == 400

    def test_doors_for_files_take_what_the_parameter_says(self):
        set_to(MAX_UPLOAD_MB, 7)
        sender, limit = client_of("chen"), 7 * MEGABYTE + FORM
        assert announce(sender, FILES, limit + 1).status_code == 413
        assert announce(sender, FILES, limit).status_code != 413
        assert announce(logged_in("chen"), "/intake/upload/", limit + 1).status_code == 413
        assert Delivery.objects.count() == 0

    def test_too_many_fields_and_too_many_files(self):
        client = logged_in("chen")
        fields = "&".join(f"a{number}=" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1))
        answer = client.post("/ui/preferences/", fields, "application/x-www-form-urlencoded")
        assert (answer.status_code, "一张表单最多 1,000 项" in answer.content.decode()) == (413, True)
        files = [
            SimpleUploadedFile(f"{n}.txt", b"x") for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FILES + 1)
        ]
        assert client.post("/intake/upload/", {"system": "kgc", "sent": files}).status_code == 413
        assert Delivery.objects.count() == 0

    @pytest.mark.parametrize("deep", ["[" * 100_000, '{"q":' * 50_000, '{"q":' + "[" * 500 + "]" * 500 + "}"])
    def test_json_as_deep_as_a_well_is_no_server_error(self, deep):
        answer = client_of("zhang").generic("POST", SEARCH, deep.encode(), "application/json")
        assert problem_of(answer)[0] in {400, 422}

    def test_a_length_that_is_none(self):
        assert announce(client_of("zhang"), SEARCH, -5).status_code in {400, 422}


class TestRate:
    def test_a_token_waits_when_its_allowance_is_used_up(self):
        set_to(API_BURST, 2)
        set_to(API_REQUESTS_PER_MINUTE, 30)
        client = client_of("zhang")
        with clock.frozen(clock.now()):
            assert [client.get(UNITS).status_code for _ in range(2)] == [200, 200]
            answer = client.get(UNITS)
            assert (problem_of(answer), answer["Retry-After"]) == ((429, "too_many"), "2")
            assert client_of("zhang").get(UNITS).status_code == 429, "another token brings no more of it"
            assert client_of("li").get(UNITS).status_code == 200, "others have an allowance of their own"
        with clock.frozen(clock.now() + timedelta(seconds=3)):
            assert client.get(UNITS).status_code == 200

    def test_pages_of_people_are_not_counted(self):
        set_to(API_BURST, 1)
        browser = logged_in("zhang")
        assert [browser.get("/me/").status_code for _ in range(3)] == [200, 200, 200]
        assert Rate.objects.count() == 0

    def test_a_refused_request_does_nothing(self):
        set_to(API_BURST, 1)
        client = client_of("zhang")
        client.get(UNITS)
        assert client.get(f"{UNITS}/S1").status_code == 429
        with scope.acting(scope.EVERYTHING):
            assert not AuditEvent.objects.filter(result="denied").exists()

    def test_a_person_has_so_many_tokens_and_no_more(self):
        """One that is revoked or over makes room (ASVS 2.4.1)."""
        set_to(API_TOKENS, 2)
        browser = logged_in("zhang")
        for name in ("甲", "乙"):
            assert browser.post("/me/tokens/", {"name": name}).status_code == 200
        refused = browser.post("/me/tokens/", {"name": "丙"})
        assert (refused.status_code, "每人最多 2 个有效的接口令牌" in refused.content.decode()) == (422, True)
        assert logged_in("li").post("/me/tokens/", {"name": "丙"}).status_code == 200

        browser.post(f"/me/tokens/{ApiToken.objects.get(name='甲').pk}/revoke/")
        assert browser.post("/me/tokens/", {"name": "丁"}).status_code == 200
        ApiToken.objects.filter(name="乙").update(expires_at=clock.now())
        assert browser.post("/me/tokens/", {"name": "戊"}).status_code == 200

    def test_the_token_itself_is_not_kept(self):
        token = token_of("zhang")
        Client(headers={"Authorization": f"Bearer {token}"}).get(UNITS)
        assert token not in Rate.objects.get().key
