"""Many rows in one import, chunk by chunk, and back (issue 6). The million is in tests/prove/test_imports.py.

No more rows than this: in one transaction nothing is analysed, so every look-up of a reference reads a whole table.
"""

from __future__ import annotations

import pytest

from hongyan.core import scope
from hongyan.customer.tests.cases import set_value
from hongyan.integration.actions.revert_import import revert
from hongyan.integration.codes import ImportState
from hongyan.integration.parameters import CHUNK_ROWS, IMPORT_SIGN_ABOVE
from hongyan.integration.tests.importing import again, digests, list_of, loaded, person, work_off


@pytest.mark.django_db
@pytest.mark.usefixtures("organisation")
def test_many_rows_come_in_and_go_back() -> None:
    set_value(IMPORT_SIGN_ABOVE, 1_000_000)
    set_value(CHUNK_ROWS, 500)
    zhang, before = person("zhang"), digests()
    done = loaded(zhang, list_of(1_500))
    assert (done.state, done.received, done.refused) == (ImportState.DONE, 1_500, 15)
    assert done.new + done.joined + done.left_out == done.sound == 1_485
    with scope.acting(zhang.scope):
        revert(zhang, done.pk, reason="试验")
    work_off()
    done = again(done)
    assert (done.undone, done.ended, done.kept) == (1_485, done.new, 0)
    assert digests() == before
