"""What the list of customers can be narrowed by, lent to it (客户列表的筛选)."""

from __future__ import annotations

from django.utils.functional import Promise

from hongyan.customer import marks
from hongyan.org.codes import Viewer
from hongyan.quality.codes import Flaw


def _flaws(_viewer: Viewer) -> list[tuple[str, str | Promise]]:
    return [(f"quality.{value}", label) for value, label in Flaw.choices]


marks.lend("quality", _flaws)
