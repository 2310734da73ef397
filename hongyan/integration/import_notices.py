"""Messages about imports: to whoever brought one, and to those who may sign it."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from hongyan.desk.actions.notifications import notify
from hongyan.desk.notices import WAITING, Family, declare, register
from hongyan.integration.models import CustomerImport
from hongyan.integration.queries.reach import Reach, signers
from hongyan.org.models import Place


def asked(brought: CustomerImport) -> None:
    """A large import waits for a second person."""
    place = Place.objects.filter(lo=brought.org_no).first()
    who = set(signers(Reach(place)).values_list("staff__staff_no", flat=True)) - {brought.maker}
    for recipient in sorted(who):
        _tell(brought, "import.asked", recipient)


def declined(brought: CustomerImport, reason: str) -> None:
    """Whoever was asked to sign an import did not."""
    _tell(brought, "import.declined", brought.maker, reason=reason)


def done(brought: CustomerImport) -> None:
    """An import is over."""
    _tell(brought, "import.done", brought.maker)


def reverted(brought: CustomerImport) -> None:
    """An import was taken back."""
    for recipient in sorted({brought.maker, brought.reverted_by}):
        _tell(brought, "import.reverted", recipient)


def _tell(brought: CustomerImport, kind: str, recipient: str, **more: str) -> None:
    counts = {name: getattr(brought, name) for name in ("sound", "new", "joined", "undone", "kept")}
    params = {"number": brought.number, "file": brought.file_name, **counts, **more}
    notify(recipient, kind, params, url=reverse("imports:one", args=[brought.number]))


IMPORTS = declare(Family("imports", pgettext_lazy("通知", "客户导入")))

register(
    "import.asked",
    lambda params: _("导入 {number}（{file}）共 {sound} 行，等待签收").format(**params),
    family=WAITING,
)
register(
    "import.declined",
    lambda params: _("导入 {number}（{file}）没有被签收：{reason}").format(**params),
    family=IMPORTS,
)
register(
    "import.done",
    lambda params: _("导入 {number}（{file}）已完成：新增 {new} 行，归入已有客户 {joined} 行").format(
        **params
    ),
    family=IMPORTS,
)
register(
    "import.reverted",
    lambda params: _("导入 {number}（{file}）已撤销 {undone} 行，保留 {kept} 行").format(**params),
    family=IMPORTS,
)
