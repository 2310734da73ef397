"""The customers most tests look at."""

from __future__ import annotations

import pytest


@pytest.fixture
def town(db: None) -> None:
    """王小明 known to two systems, 鼎盛 the company, both of zhang's outlet; 王小丽 of li's."""
    # Imported late: pytest reads this file before Django is ready.
    from hongyan.customer.tests.factory import make_town

    make_town()
