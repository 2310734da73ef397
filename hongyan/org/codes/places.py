"""Administrative divisions and how postcodes fit them (行政区划、邮政编码)."""

from __future__ import annotations

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import pgettext_lazy


class DivisionLevel(IntegerChoices):
    """Levels of administrative divisions (行政区划级别), GB/T 2260 and, for streets and towns, GB/T 10114."""

    PROVINCE = 1, pgettext_lazy("行政区划级别", "省级")
    CITY = 2, pgettext_lazy("行政区划级别", "地级")
    COUNTY = 3, pgettext_lazy("行政区划级别", "县级")
    STREET = 4, pgettext_lazy("行政区划级别", "乡级")


class Match(TextChoices):
    """How sure it is which division a list of postcodes means by the names it gives (邮编对应)."""

    CURRENT = "current", pgettext_lazy("邮编对应", "现行区划")
    FORMER = "former", pgettext_lazy("邮编对应", "已撤销或更名")
    CITY = "city", pgettext_lazy("邮编对应", "只认得市")
    NONE = "none", pgettext_lazy("邮编对应", "认不得")


class Agreement(TextChoices):
    """Whether a postcode lies where the division says (邮编核对): in the same city, elsewhere, or nobody knows it."""

    SAME = "same", pgettext_lazy("邮编核对", "一致")
    ELSEWHERE = "elsewhere", pgettext_lazy("邮编核对", "不在同一城市")
    UNKNOWN = "unknown", pgettext_lazy("邮编核对", "邮编不在表中")
