"""What data quality holds of a person, lent to their file (个人信息档案)."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from hongyan.consent.person_file import Held, lend
from hongyan.quality.models import CustomerQuality, Diligence

lend(
    Held(Diligence, pgettext_lazy("档案", "身份要素"), customer=("customer",)),
    Held(CustomerQuality, pgettext_lazy("档案", "资料质量"), customer=("customer",)),
    words={
        "nationality": pgettext_lazy("档案", "国籍"),
        "occupation": pgettext_lazy("档案", "职业"),
        "credential_until": pgettext_lazy("档案", "证件有效期至"),
        "is_lifelong": pgettext_lazy("档案", "长期有效"),
        "made_at": pgettext_lazy("档案", "登记时间"),
        "note_id": pgettext_lazy("档案", "身份要素编号"),
        "noted_at": pgettext_lazy("档案", "登记时间"),
        "gaps": pgettext_lazy("档案", "资料问题"),
        "flaws": pgettext_lazy("档案", "问题类别"),
    },
)
