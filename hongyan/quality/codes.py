"""Code lists of data quality (数据质量). Source: CCC-001, PSB-i05, REQUIREMENTS 5.5 screen 4."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Item(TextChoices):
    """What can be asked of a customer's data. The last two are asked of all of them, or of the credential."""

    NAME = "name", pgettext_lazy("资料项", "名称")
    CREDENTIAL = "credential", pgettext_lazy("资料项", "证件号码")
    CREDENTIAL_UNTIL = "credential_until", pgettext_lazy("资料项", "证件有效期")
    GENDER = "gender", pgettext_lazy("资料项", "性别")
    BIRTH_DATE = "birth_date", pgettext_lazy("资料项", "出生日期")
    NATIONALITY = "nationality", pgettext_lazy("资料项", "国籍")
    OCCUPATION = "occupation", pgettext_lazy("资料项", "职业")
    MOBILE = "mobile", pgettext_lazy("资料项", "手机")
    PHONE = "phone", pgettext_lazy("资料项", "联系电话")
    EMAIL = "email", pgettext_lazy("资料项", "电子邮箱")
    ADDRESS = "address", pgettext_lazy("资料项", "地址")
    DIVISION = "division", pgettext_lazy("资料项", "行政区划")
    POSTCODE = "postcode", pgettext_lazy("资料项", "邮编")
    LEGAL_PERSON = "legal_person", pgettext_lazy("资料项", "法定代表人")
    INDUSTRY = "industry", pgettext_lazy("资料项", "行业")
    SCALE = "scale", pgettext_lazy("资料项", "规模")
    RECORD = "record", pgettext_lazy("资料项", "资料更新")


class Flaw(TextChoices):
    """What is wrong with an item, the gravest first."""

    MISSING = "missing", pgettext_lazy("资料问题", "缺必填项")
    INVALID = "invalid", pgettext_lazy("资料问题", "内容无效")
    EXPIRED = "expired", pgettext_lazy("资料问题", "证件过期")
    EXPIRING = "expiring", pgettext_lazy("资料问题", "证件将到期")
    STALE = "stale", pgettext_lazy("资料问题", "久未更新")
    ABSENT = "absent", pgettext_lazy("资料问题", "可补充")


class Nationality(TextChoices):
    """Nationality, ISO 3166-1 alpha-3 for those asked for most (L06 of the bank's forms)."""

    CHINA = "CHN", pgettext_lazy("国籍", "中国")
    HONG_KONG = "HKG", pgettext_lazy("国籍", "中国香港")
    MACAU = "MAC", pgettext_lazy("国籍", "中国澳门")
    TAIWAN = "TWN", pgettext_lazy("国籍", "中国台湾")
    OTHER = "OTH", pgettext_lazy("国籍", "其他国家或地区")


class Occupation(TextChoices):
    """Occupation by the major groups of GB/T 6565."""

    LEADER = "1", pgettext_lazy("职业", "党政机关、企事业单位负责人")
    PROFESSIONAL = "2", pgettext_lazy("职业", "专业技术人员")
    CLERK = "3", pgettext_lazy("职业", "办事人员")
    SERVICE = "4", pgettext_lazy("职业", "社会生产和生活服务人员")
    FARMER = "5", pgettext_lazy("职业", "农林牧渔业生产人员")
    WORKER = "6", pgettext_lazy("职业", "生产制造人员")
    SOLDIER = "7", pgettext_lazy("职业", "军人")
    OTHER = "8", pgettext_lazy("职业", "其他从业人员")
    NONE = "9", pgettext_lazy("职业", "学生、退休或未就业")


class RunState(TextChoices):
    """How far a scoring of everybody is. One that another day or other rules overtook is left."""

    WORKING = "working", _("未完成")
    DONE = "done", _("已完成")
    LEFT = "left", _("已作废")


ANY_LINE = ""
"""A rule of this line is asked of every customer of its kind."""
