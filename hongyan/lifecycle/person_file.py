"""What applications hold of a person, lent to their file (个人信息档案): what was typed, in the clear."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import pgettext_lazy

from hongyan.consent.person_file import Held, lend
from hongyan.consent.person_file.held import opened
from hongyan.lifecycle.models import Application


def _typed(application: Application) -> Mapping[str, Any]:
    return {"fields": opened(application)} if application.sealed else {}


lend(
    Held(
        Application,
        pgettext_lazy("档案", "客户申请"),
        customer=("customer",),
        party=("party",),
        more=_typed,
        withheld={"clashing": "numbers of others' agreements", "snapshot": "numbers of rows"},
    ),
    words={
        "approval": pgettext_lazy("档案", "审批单"),
        "changed_at": pgettext_lazy("档案", "修改时间"),
        "checks": pgettext_lazy("档案", "准入检查"),
        "credential_until": pgettext_lazy("档案", "证件有效期至"),
        "exception": pgettext_lazy("档案", "例外说明"),
        "families": pgettext_lazy("档案", "产品范围"),
        "is_lifelong": pgettext_lazy("档案", "长期有效"),
        "made_at": pgettext_lazy("档案", "填写时间"),
        "sighted": pgettext_lazy("档案", "已核对原件"),
        "submitted_at": pgettext_lazy("档案", "提交时间"),
        "undone_at": pgettext_lazy("档案", "撤销时间"),
        "wish": pgettext_lazy("档案", "申请的客户类型"),
    },
)
