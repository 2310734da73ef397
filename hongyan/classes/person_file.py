"""What classification holds of a person, lent to their file (个人信息档案)."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from hongyan.classes.models import BlacklistEntry, ClassMove, CustomerClass, CustomerTag
from hongyan.consent.person_file import Held, lend

lend(
    Held(CustomerClass, pgettext_lazy("档案", "客户分类"), customer=("customer",)),
    Held(ClassMove, pgettext_lazy("档案", "分类变动"), customer=("customer",)),
    Held(CustomerTag, pgettext_lazy("档案", "标签"), customer=("customer",)),
    Held(
        BlacklistEntry,
        pgettext_lazy("档案", "黑名单"),
        customer=("customer",),
        withheld={"note": "what others reported; who reported it could be known from it (PIPL 18, 45)"},
    ),
    words={
        "becomes": pgettext_lazy("档案", "现在"),
        "batch": pgettext_lazy("档案", "批量打标签单"),
        "dimension": pgettext_lazy("档案", "分类"),
        "lately": pgettext_lazy("档案", "近期收入（元）"),
        "lifted_at": pgettext_lazy("档案", "解除时间"),
        "lines": pgettext_lazy("档案", "业务板块"),
        "made_at": pgettext_lazy("档案", "登记时间"),
        "marks": pgettext_lazy("档案", "分类结果"),
        "month": pgettext_lazy("档案", "上月收入（元）"),
        "month_year_ago": pgettext_lazy("档案", "去年同月收入（元）"),
        "registered_on": pgettext_lazy("档案", "登记日期"),
        "run": pgettext_lazy("档案", "分类批次"),
        "running": pgettext_lazy("档案", "本月收入（元）"),
        "set_at": pgettext_lazy("档案", "打标签时间"),
        "tag": pgettext_lazy("档案", "标签"),
        "was": pgettext_lazy("档案", "原来"),
        "why": pgettext_lazy("档案", "变动原因"),
        "year": pgettext_lazy("档案", "近 12 个月收入（元）"),
        "year_before": pgettext_lazy("档案", "再前 12 个月收入（元）"),
    },
)
