"""Code lists and small types of the customer's life (客户申请). Source: SM1, CUS-002, CUS-005…007, X-20…X-23."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hongyan.org.codes import Line

MAILING = (Line.MAIL, Line.EXPRESS)
"""The two lines that carry letters and parcels, and exclude each other with one customer (X-23)."""


class ApplicationKind(TextChoices):
    """What is applied for (申请类型)."""

    CREATE = "create", pgettext_lazy("申请类型", "协议客户准入")
    PROSPECT = "prospect", pgettext_lazy("申请类型", "潜在客户登记")
    CLOSE = "close", pgettext_lazy("申请类型", "注销")
    FREEZE = "freeze", pgettext_lazy("申请类型", "冻结")
    UNFREEZE = "unfreeze", pgettext_lazy("申请类型", "解冻")


ENTERING = (ApplicationKind.CREATE, ApplicationKind.PROSPECT)
"""Kinds by which somebody becomes a customer: typed, kept as a draft, checked, and typed again when sent back."""


class ApplicationState(TextChoices):
    """How an application stands (申请状态). See `rules.applications.may_become`."""

    DRAFT = "draft", pgettext_lazy("申请状态", "草稿")
    CHECKING = "checking", pgettext_lazy("申请状态", "外围校验中")
    SUBMITTED = "submitted", pgettext_lazy("申请状态", "待审批")
    AGREED = "agreed", pgettext_lazy("申请状态", "已同意，待生效")
    APPROVED = "approved", pgettext_lazy("申请状态", "已通过")
    REFUSED = "refused", pgettext_lazy("申请状态", "已退回")
    WITHDRAWN = "withdrawn", pgettext_lazy("申请状态", "已撤回")
    UNDONE = "undone", pgettext_lazy("申请状态", "已恢复")


WAITING = (ApplicationState.CHECKING, ApplicationState.SUBMITTED, ApplicationState.AGREED)
"""States of an application that somebody has still to say something about."""


class Need(TextChoices):
    """What a line may ask of an agreement customer before admission (必填项)."""

    CREDENTIAL = "credential", pgettext_lazy("准入必填", "证件号码")
    LEGAL_PERSON = "legal_person", pgettext_lazy("准入必填", "法定代表人")
    PHONE = "phone", pgettext_lazy("准入必填", "手机或固定电话")
    ADDRESS = "address", pgettext_lazy("准入必填", "地址")
    EMAIL = "email", pgettext_lazy("准入必填", "电子邮箱")


class Item(TextChoices):
    """One line of the admission check (准入校验项), in the order in which it is shown."""

    FIELDS = "fields", pgettext_lazy("准入", "填写规范")
    MANDATORY = "mandatory", pgettext_lazy("准入", "必填项")
    CREDENTIAL = "credential", pgettext_lazy("准入", "证件校验")
    REAL_NAME = "real_name", pgettext_lazy("准入", "实名核验")
    VALIDITY = "validity", pgettext_lazy("准入", "证件有效期")
    AGE = "age", pgettext_lazy("准入", "年龄")
    TERMS = "terms", pgettext_lazy("准入", "协议期限")
    DUPLICATE = "duplicate", pgettext_lazy("准入", "查重")
    BLACKLIST = "blacklist", pgettext_lazy("准入", "黑名单")
    EXCLUSION = "exclusion", pgettext_lazy("准入", "寄递互斥")


class Outcome(TextChoices):
    """How a line of the admission check came out."""

    PASSED = "passed", pgettext_lazy("准入", "通过")
    FAILED = "failed", pgettext_lazy("准入", "不通过")
    ASKS = "asks", pgettext_lazy("准入", "须说明")
    NOT_KNOWN = "not_known", pgettext_lazy("准入", "未核")
    NOT_ASKED = "not_asked", pgettext_lazy("准入", "不适用")


class Problem(TextChoices):
    """Why a line of the admission check did not pass, in words for the one who typed it."""

    FLAWED = "flawed", _("有填写不规范的项")
    MISSING = "missing", _("缺少必填项")
    NO_CREDENTIAL = "no_credential", _("没有可以说明身份的证件")
    BAD_CREDENTIAL = "bad_credential", _("证件号码不能通过校验")
    NOT_SIGHTED = "not_sighted", _("还没有确认核对过证件原件")
    EXPIRED = "expired", _("证件已过有效期")
    NO_EXPIRY = "no_expiry", _("没有填写证件有效期，未核")
    TOO_YOUNG = "too_young", _("未达到签约年龄")
    AGE_UNKNOWN = "age_unknown", _("没有出生日期，未核")
    NO_START = "no_start", _("没有填写协议生效日期")
    ENDS_BEFORE = "ends_before", _("协议失效日期早于生效日期或今天")
    NO_FAMILY = "no_family", _("没有选择寄递产品族")
    BLACKLISTED = "blacklisted", _("在本板块的黑名单中，不能准入；有疑问请联系负责人")
    KNOWN = "known", _("已有这位客户：确认后协议归入现有客户，不另建")
    KNOWN_ELSEWHERE = "known_elsewhere", _("已是集团其他机构的客户：确认后由上级审批，协议归入现有客户")
    NOT_OURS = "not_ours", _("已是集团其他机构的客户，不能登记为潜在客户：请申请调整管户")
    OWNED_ELSEWHERE = "owned_elsewhere", _("同一板块已由其他机构管户：请向其申请调整管户，不能另签")
    UNSURE = "unsure", _("可能已有这位客户：请核对，都不是须写明理由")
    EXCLUDED = "excluded", _("同一客户已有另一寄递板块的有效协议")


@dataclass(frozen=True, slots=True)
class Agreement:
    """A live agreement of a customer, as the exclusion looks at it.

    Fields: ``party`` whose it is; ``families`` of mailing products (`ledger.BaseProduct`), empty where nobody said:
    that may be any. ``until`` None is without end.
    """

    line: str
    families: frozenset[str]
    since: date | None
    until: date | None
    party: int = 0
    number: str = ""
    unit: str = ""
    customer: str = ""
    is_frozen: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """One line of the admission check and how it came out; ``details`` name the fields or agreements."""

    item: Item
    outcome: Outcome
    problem: Problem | None = None
    details: Sequence[str] = ()

    @property
    def blocks(self) -> bool:
        """Whether nothing is submitted until the maker mends it."""
        return self.outcome == Outcome.FAILED


@dataclass(frozen=True, slots=True)
class OpenItem:
    """Something that must be over before a customer is closed: what, which one, and where it is seen.

    Fields: ``line`` empty where it concerns them all; ``is_relationship`` that it is what a line has with the customer,
    which only stands against closing the customer whole; ``is_agreement`` that this is a live agreement.
    """

    what: str
    name: str
    url: str = ""
    line: str = ""
    is_relationship: bool = False
    is_agreement: bool = False
