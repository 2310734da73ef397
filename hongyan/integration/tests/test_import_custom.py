"""Fields that the house defined, brought by a file of customers (GEN-011)."""

from __future__ import annotations

import pytest

from hongyan.core import scope
from hongyan.customer.custom_parameter import CUSTOM_FIELDS
from hongyan.customer.models import Customer
from hongyan.customer.tests.cases import set_value
from hongyan.customer.tests.factory import WANG, make_town, viewer
from hongyan.customer.tests.test_custom import ROWS, row
from hongyan.identity.tests.people import citizen
from hongyan.integration.tests.importing import HEADER, brought, csv_of, loaded

pytestmark = pytest.mark.django_db
_MAPPED = {
    "mapping": ["name", "credential_no", "mobile", "address", "", "x_grade", "x_since"],
    "party_type": "P",
}


def test_a_file_fills_them_as_they_are_defined() -> None:
    """Words and codes of choices both count; a value that is none of them is a fault of its row."""
    make_town()
    set_value(CUSTOM_FIELDS, [*ROWS, row("since", "开户日", "date")])
    wang = viewer(WANG)
    header = (*HEADER, "信用等级", "开户日")
    people = (
        ("钱学林", citizen(sequence=71), "13712340001", "", "", "优", "2020-01-05"),
        ("钱学森", citizen(sequence=72), "13712340002", "", "", "B", ""),
        ("钱学木", citizen(sequence=73), "13712340003", "", "", "丙", ""),
    )
    tried = brought(wang, csv_of(*people, header=header), **_MAPPED, line="01")
    assert (tried.sound, tried.refused) == (2, 1)
    loaded(wang, csv_of(*people[:2], header=header), **_MAPPED, line="01")
    with scope.bulk():
        found = dict(Customer.objects.filter(name__startswith="钱学").values_list("name", "custom"))
    assert found == {"钱学林": {"grade": "A", "since": "2020-01-05"}, "钱学森": {"grade": "B"}}
