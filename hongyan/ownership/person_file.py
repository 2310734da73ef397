"""What changes of owners hold of a person, lent to their file (个人信息档案)."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from hongyan.consent.person_file import Held, lend
from hongyan.ownership.models import Belonging, TransferItem

lend(
    Held(TransferItem, pgettext_lazy("档案", "管户变动"), customer=("customer",)),
    Held(Belonging, pgettext_lazy("档案", "归属建议"), customer=("customer",)),
    words={
        "figures": pgettext_lazy("档案", "各网点日均（元）"),
        "begun": pgettext_lazy("档案", "新的管户"),
        "found_at": pgettext_lazy("档案", "计算时间"),
        "last": pgettext_lazy("档案", "计算截止月"),
        "step": pgettext_lazy("档案", "判定步骤"),
        "to_manager": pgettext_lazy("档案", "移交客户经理"),
        "to_unit": pgettext_lazy("档案", "移交机构"),
        "transfer": pgettext_lazy("档案", "管户变动单"),
    },
)
