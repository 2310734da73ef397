"""Imports by people (导入): from the file to customers, and back again. Issue 6; UI 1, 3; BARS D."""

from __future__ import annotations

import pytest

from hongyan.core import scope
from hongyan.integration.actions.revert_import import revert
from hongyan.integration.codes import ImportState
from hongyan.integration.tests.factory import ID, OTHER_ID, customer, kgc_file
from hongyan.integration.tests.factory import loaded as delivered
from hongyan.integration.tests.importing import (
    again,
    brought,
    csv_of,
    digests,
    loaded,
    person,
    work_off,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("organisation")]


def test_a_file_of_people_becomes_customers() -> None:
    zhang = person("zhang")
    done = loaded(
        zhang,
        csv_of(
            ("王大明", ID, "13812345678", "山东省济南市历下区泉城路12号", ""),
            ("李小红", OTHER_ID, "13912345678", "", "x"),
            ("赵坏", "110105194912310021", "", "", ""),
        ),
    )
    assert (done.state, done.received, done.refused, done.sound) == (ImportState.DONE, 3, 1, 2)
    assert (done.new, done.joined, done.left_out, done.applied) == (2, 0, 0, 2)
    assert done.forecast == {"new": 2, "known": 0, "elsewhere": 0, "unsure": 0, "of": 2}


def test_reverting_restores_the_golden_record() -> None:
    delivered(kgc_file([customer(1, 客户名称="王小明", 证件类型="1", 证件号码=ID), customer(5)]))
    zhang, before = person("zhang"), digests()
    done = loaded(
        zhang, csv_of(("王小明", ID, "13712345678", "", ""), ("李小红", OTHER_ID, "13912345678", "", ""))
    )
    assert (done.new, done.joined) == (1, 1)
    assert digests() != before
    with scope.acting(zhang.scope):
        revert(zhang, done.pk, reason="导错了文件")
    work_off()
    done = again(done)
    assert (done.state, done.undone, done.ended, done.kept) == (ImportState.REVERTED, 2, 1, 0)
    assert digests() == before
    assert brought(zhang, csv_of(("李小红", OTHER_ID, "13912345678", "", ""))).forecast["new"] == 1
