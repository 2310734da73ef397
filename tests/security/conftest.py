"""What every test of the walls finds declared."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _sample_kind() -> Iterator[None]:
    """Something to approve that belongs to no room."""
    # Imported late: pytest reads this file before Django is ready.
    from hongyan.org.tests.approvals import declared

    with declared():
        yield
