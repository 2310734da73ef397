"""What the room of customers finds to do (今日规则): birthdays; and to whom what any rule finds belongs."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from hongyan.customer.parameters import WORK_BIRTHDAY_DAYS
from hongyan.desk.work import Reason, WorkRule, within

OWNER = (Path(__file__).parent / "sql" / "work_owner.sql").read_text("utf-8")


def read_rule(package: str, name: str) -> str:
    """The SELECT of a rule in `sql/` beside a module, with who owns the customers in place of `{owner}`."""
    return (Path(package).parent / "sql" / f"{name}.sql").read_text("utf-8").replace("{owner}", OWNER)


def _birthday(reason: Reason) -> str:
    whose = _("联系人生日") if reason.facts.get("contact") else _("客户生日")
    return _("{whose}是 {day}").format(whose=whose, day=f"{reason.due_on:%m-%d}")


BIRTHDAYS = WorkRule(
    key="birthday",
    label=pgettext_lazy("今日", "生日"),
    icon="cake",
    sql=read_rule(__file__, "work_birthdays"),
    given=within(WORK_BIRTHDAY_DAYS),
    why=_birthday,
    advice=pgettext_lazy("今日", "问候"),
    tab="timeline",
)
