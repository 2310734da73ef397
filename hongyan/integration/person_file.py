"""Rows in quarantine that bear a number of a person, lent to their file (个人信息档案).

A quarantined row is nobody's yet. So all rows that may still be mended are opened and looked through; this is a read
of some thousand rows, done in the background once a request.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import pgettext_lazy

from hongyan.consent.person_file import Held, Subject, lend
from hongyan.consent.person_file.held import opened
from hongyan.integration.models import QuarantinedRow


def _rows(subject: Subject) -> Iterable[QuarantinedRow]:
    """Rows in whose raw values a number of the person stands."""
    numbers = {_bare(one) for one in subject.numbers}
    if not numbers:
        return
    rows = QuarantinedRow.objects.select_related("delivery", "resent_as").order_by("pk")
    for row in rows.iterator(chunk_size=2000):
        if numbers & {_bare(value) for value in opened(row).values()}:
            yield row


def _bare(value: object) -> str:
    """A number without what people put between its digits."""
    return re.sub(r"[\s-]", "", str(value)).upper()


def _raw(row: QuarantinedRow) -> Mapping[str, Any]:
    return {"fields": opened(row)}


lend(
    Held(QuarantinedRow, pgettext_lazy("档案", "隔离的来源行"), find=_rows, more=_raw),
    words={
        "awaits": pgettext_lazy("档案", "等待的客户编号"),
        "closed_at": pgettext_lazy("档案", "处理时间"),
        "delivery": pgettext_lazy("档案", "批次"),
        "key_masked": pgettext_lazy("档案", "来源编号"),
        "reasons": pgettext_lazy("档案", "隔离原因"),
        "resent_as": pgettext_lazy("档案", "重送批次"),
    },
)
