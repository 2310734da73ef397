"""Ten thousand rows in one import, and back (issue 6). The million is in tests/prove/test_imports.py."""

from __future__ import annotations

import pytest

from hongyan.core import scope
from hongyan.customer.tests.cases import set_value
from hongyan.integration.actions.revert_import import revert
from hongyan.integration.codes import ImportState
from hongyan.integration.parameters import IMPORT_SIGN_ABOVE
from hongyan.integration.tests.importing import again, digests, list_of, loaded, person, work_off


@pytest.mark.django_db
@pytest.mark.usefixtures("organisation")
def test_ten_thousand_rows_come_in_and_go_back() -> None:
    set_value(IMPORT_SIGN_ABOVE, 1_000_000)
    zhang, before = person("zhang"), digests()
    done = loaded(zhang, list_of(10_000))
    assert (done.state, done.received, done.refused) == (ImportState.DONE, 10_000, 100)
    assert done.new + done.joined + done.left_out == done.sound == 9_900
    with scope.acting(zhang.scope):
        revert(zhang, done.pk, reason="试验")
    work_off()
    done = again(done)
    assert (done.undone, done.ended, done.kept) == (9_900, done.new, 0)
    assert digests() == before
