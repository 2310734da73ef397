"""A kind of thing to approve that belongs to no room, for tests of approvals themselves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

from hongyan.core import parameters
from hongyan.org import approvals
from hongyan.org.approvals import Kind
from hongyan.org.codes import Level, Role
from hongyan.org.rules.approvals import HEAD, Check

SAMPLE = Kind(
    "sample",
    "样品",
    facts=lambda viewer, subject: (("对象", f"样品 {subject}"), ("看的人", viewer.name)),
    url=lambda _subject: "/",
    route=(
        Check(1, (HEAD,), level=Level.COUNTY),
        Check(2, (HEAD,), level=Level.PROVINCE, over=Decimal(1000)),
        Check(3, (Role.AUDITOR.value,), level=Level.GROUP, over=Decimal(100_000), hours=18),
    ),
)


@contextmanager
def declared(kind: Kind = SAMPLE) -> Iterator[None]:
    """Declare a kind with its parameter for the length of a test."""
    approvals.register(kind)
    try:
        yield
    finally:
        del approvals._kinds[kind.key], parameters._registry[f"approval.{kind.key}"]
