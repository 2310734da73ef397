"""A person imports a list of a million rows and takes it back (issue 6; UI 2): 5,000 rows a second, end to end.

pytest -m slow tests/prove/test_imports.py -s

IMPORT_ROWS asks for another size, whose speed is told and not held to the bar.
"""

from __future__ import annotations

import os
import time

import pytest

from hongyan.core import scope
from hongyan.customer.tests.cases import set_value
from hongyan.customer.tests.factory import make_organisation
from hongyan.integration.actions.load_import import confirm
from hongyan.integration.actions.revert_import import revert
from hongyan.integration.codes import ImportState
from hongyan.integration.parameters import IMPORT_SIGN_ABOVE
from hongyan.integration.tests.importing import again, brought, digests, list_of, person, work_off

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

MILLION = 1_000_000
ROWS = int(os.environ.get("IMPORT_ROWS", MILLION))
BAR = 5_000


def test_a_million_rows_are_imported_and_taken_back() -> None:
    make_organisation()
    set_value(IMPORT_SIGN_ABOVE, MILLION)
    zhang, before, content = person("zhang"), digests(), list_of(ROWS)
    start = time.monotonic()
    found = brought(zhang, content)
    tried = time.monotonic()
    with scope.acting(zhang.scope):
        confirm(zhang, found.pk)
    work_off()
    done, speed = again(found), ROWS / (time.monotonic() - start)
    print(f"\ntried in {tried - start:.0f} s; {ROWS:,} rows at {speed:,.0f} a second, end to end")
    assert (done.state, done.received, done.refused) == (ImportState.DONE, ROWS, ROWS // 100)
    start = time.monotonic()
    with scope.acting(zhang.scope):
        revert(zhang, done.pk, reason="试验")
    work_off()
    print(f"taken back at {done.sound / (time.monotonic() - start):,.0f} rows a second")
    assert again(done).kept == 0
    assert digests() == before
    if ROWS >= MILLION:
        assert speed >= BAR
