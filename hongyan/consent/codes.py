"""Code lists of consent (同意、免打扰).

Source: PIPL 13–16, 23; SEC-i01.
"""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class LegalBasis(TextChoices):
    """On what a use of personal data rests (处理依据), PIPL 13 and 23."""

    CONSENT = "consent", pgettext_lazy("处理依据", "同意")
    SEPARATE = "separate", pgettext_lazy("处理依据", "单独同意")
    CONTRACT = "contract", pgettext_lazy("处理依据", "履行合同")
    LAW = "law", pgettext_lazy("处理依据", "法定职责或义务")


class Source(TextChoices):
    """Where a customer said it (来源), those of L17 by which people come to the house."""

    COUNTER = "counter", pgettext_lazy("同意来源", "营业厅")
    PHONE = "phone", pgettext_lazy("同意来源", "电话呼入")
    VISIT = "visit", pgettext_lazy("同意来源", "客户经理上门")
    APP = "app", pgettext_lazy("同意来源", "微信、小程序或 App")
    WEB = "web", pgettext_lazy("同意来源", "网站")
    LETTER = "letter", pgettext_lazy("同意来源", "信函")
    SYSTEM = "system", pgettext_lazy("同意来源", "来源系统")


class Proof(TextChoices):
    """By what a consent can be shown later (凭证)."""

    SIGNED = "signed", pgettext_lazy("同意凭证", "签字的授权书")
    RECORDING = "recording", pgettext_lazy("同意凭证", "录音")
    ELECTRONIC = "electronic", pgettext_lazy("同意凭证", "电子确认记录")


class Why(TextChoices):
    """Why somebody may be addressed or not, in the words of the answer."""

    ALLOWED = "allowed", pgettext_lazy("可否联系", "可以")
    NO_CONSENT = "no_consent", pgettext_lazy("可否联系", "从未同意")
    WITHDRAWN = "withdrawn", pgettext_lazy("可否联系", "已撤回同意")
    ENDED = "ended", pgettext_lazy("可否联系", "同意已到期")
    SILENT = "silent", pgettext_lazy("可否联系", "免打扰")
    NOT_ACTIVE = "not_active", pgettext_lazy("可否联系", "客户已冻结或注销")


class RequestKind(TextChoices):
    """What a person asks of the house about their own data (个人权利请求), PIPL 44–48."""

    ACCESS = "access", pgettext_lazy("个人权利", "查阅")
    COPY = "copy", pgettext_lazy("个人权利", "复制")
    CORRECT = "correct", pgettext_lazy("个人权利", "更正")
    ERASE = "erase", pgettext_lazy("个人权利", "删除")
    EXPLAIN = "explain", pgettext_lazy("个人权利", "解释说明")


class RequestState(TextChoices):
    """How a request stands. See `rules.requests.may_become`."""

    RECEIVED = "received", pgettext_lazy("个人权利请求", "待核身")
    VERIFIED = "verified", pgettext_lazy("个人权利请求", "已核身")
    WORKING = "working", pgettext_lazy("个人权利请求", "办理中")
    ANSWERED = "answered", pgettext_lazy("个人权利请求", "已答复")
    REFUSED = "refused", pgettext_lazy("个人权利请求", "已拒绝")


class IdentityProof(TextChoices):
    """By what it is known that the person asks, and nobody in their name (核身方式)."""

    ORIGINAL = "original", pgettext_lazy("核身方式", "核对证件原件")
    AGENT = "agent", pgettext_lazy("核身方式", "代办人证件与授权委托书")
    CALLBACK = "callback", pgettext_lazy("核身方式", "回拨登记电话核对")
    LOGGED_IN = "logged_in", pgettext_lazy("核身方式", "本人登录后的实名验证")


ANY = ""
"""A part that a word leaves open: it speaks of all lines, all channels, or all purposes that take a consent."""
