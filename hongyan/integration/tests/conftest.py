"""The world that deliveries come into."""

from __future__ import annotations

import pytest


@pytest.fixture
def organisation() -> None:
    """Two counties of one city with outlets and a manager each: see the customer room's factory."""
    # Imported late: pytest reads this file before Django is ready.
    from hongyan.customer.tests.factory import make_organisation

    make_organisation()
