"""Messages about the ledger itself, to whoever looks after the system."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from hongyan.core import clock
from hongyan.desk.actions.notifications import notify
from hongyan.desk.notices import Family, declare, register
from hongyan.org.codes import Role
from hongyan.org.models import Post
from hongyan.org.queries.viewers import USABLE, is_current


def partitions_differ(names: Sequence[str]) -> None:
    """Partitions are not as their tables."""
    posts = Post.objects.filter(USABLE, is_current(clock.business_date()), role=Role.SYSTEM_ADMIN)
    for recipient in posts.values_list("staff__staff_no", flat=True).distinct():
        notify(
            recipient,
            "ledger.partitions_differ",
            {"count": len(names), "first": names[0]},
            url=reverse("ledger:partitions"),
        )


LEDGER = declare(Family("ledger", pgettext_lazy("通知", "账期分区")))

register(
    "ledger.partitions_differ",
    lambda params: _("{count} 个账期分区与主表不一致，首个为 {first}").format(**params),
    family=LEDGER,
)
