"""Code lists and small types of the organisation (机构、岗位、板块). Source: REQUIREMENTS 4.2 L06, L10, L11."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hongyan.core.audit import Actor
from hongyan.core.scope import Scope


class Line(TextChoices):
    """Business line (业务板块), L06."""

    MAIL = "01", _("邮务")
    EXPRESS = "02", _("速递")
    BANK = "03", _("邮储")
    INSURANCE = "04", _("保险")
    SECURITIES = "05", _("证券")

    @property
    def colour(self) -> str:
        """The line's one colour, as the design system calls it (`--business-01` in `ui/css/tokens.css`)."""
        return f"business-{self.value}"


class Tree(TextChoices):
    """The two trees over one set of units (X-06)."""

    POSTAL = "postal", _("邮政")
    BANK = "bank", _("银行")


class Level(IntegerChoices):
    """Level of a unit in its tree, L10."""

    GROUP = 1, pgettext_lazy("机构层级", "集团")
    PROVINCE = 2, pgettext_lazy("机构层级", "省")
    CITY = 3, pgettext_lazy("机构层级", "市")
    COUNTY = 4, pgettext_lazy("机构层级", "县")
    OUTLET = 5, pgettext_lazy("机构层级", "网点")
    SEGMENT = 6, pgettext_lazy("机构层级", "段道")


class Management(TextChoices):
    """Whether a unit is run by the house itself or by an agent (PSB-004)."""

    SELF_RUN = "self", _("自营")
    AGENCY = "agency", _("代理")


class Role(TextChoices):
    """Roles a post can carry, L11, and the security administrator whom 等保 keeps apart from the system's."""

    GROUP_ADMIN = "group_admin", _("总部管理员")
    PROVINCE_ADMIN = "province_admin", _("省管理员")
    CITY_ADMIN = "city_admin", _("市管理员")
    COUNTY_HEAD = "county_head", _("县负责人")
    OUTLET_HEAD = "outlet_head", _("网点负责人")
    MANAGER = "manager", _("客户经理")
    CHIEF_MANAGER = "chief_manager", _("首席客户经理")
    WEALTH_MANAGER = "wealth_manager", _("理财经理")
    KEY_ACCOUNT_MANAGER = "key_account_manager", _("大客户经理")
    AGENT = "agent", _("坐席")
    AGENT_LEAD = "agent_lead", _("班长")
    QUALITY = "quality", _("质检")
    DISPATCHER = "dispatcher", _("调度")
    MARKETER = "marketer", _("营销策划")
    ANALYST = "analyst", _("分析师")
    APPROVER = "approver", _("审批人")
    FINANCE = "finance", _("财务")
    STEWARD = "steward", _("数据管家")
    AUDITOR = "auditor", _("审计")
    SYSTEM_ADMIN = "system_admin", _("系统管理员")
    SECURITY_ADMIN = "security_admin", _("安全管理员")
    READER = "reader", _("只读领导")


class PostSource(TextChoices):
    """Who keeps a post: the personnel system by its files, or people here by a request that was approved."""

    FILE = "file", _("人事接口")
    GRANT = "grant", _("审批授予")


class AccountAct(TextChoices):
    """What takes two people when it is done to an account that guards others (两人办理)."""

    ACTIVATE = "activate", _("发放激活码")
    END_POST = "end_post", _("结束岗位")


class ReorganisationState(TextChoices):
    """How a reorganisation stands. One that waits is approved and its day has not come, or its job has not begun.

    One that is out of date was not carried out: on its day it was no longer what had been approved.
    """

    PENDING = "pending", pgettext_lazy("机构调整", "审批中")
    WAITING = "waiting", pgettext_lazy("机构调整", "待执行")
    DONE = "done", pgettext_lazy("机构调整", "已完成")
    REFUSED = "refused", pgettext_lazy("机构调整", "未通过")
    RECALLED = "recalled", pgettext_lazy("机构调整", "已撤回")
    FAILED = "failed", pgettext_lazy("机构调整", "未能执行")
    STALE = "stale", pgettext_lazy("机构调整", "情况已变，未执行")


EXCLUSIVE_ROLES = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})
"""Nobody holds two of these (三员分立): who runs the house, who lets people in, who watches both (BARS E 5)."""


class Right(TextChoices):
    """What a role may do. Doors and actions ask for rights, never for roles."""

    CUSTOMER_READ = "customer.read", _("查看客户")
    CUSTOMER_CREATE = "customer.create", pgettext_lazy("权限", "新增客户")
    CUSTOMER_RELATE = "customer.relate", _("判定客户关系")
    CUSTOMER_REVEAL = "customer.reveal", _("查看敏感信息原文")
    CUSTOMER_EXPORT = "customer.export", _("导出客户")
    CUSTOMER_MERGE = "customer.merge", _("归并与拆分客户")
    IDENTITY_TRAIN = "identity.train", _("查看与训练识别模型")
    LEDGER_READ = "ledger.read", _("查看业务")
    LEDGER_EXPORT = "ledger.export", _("导出业务")
    LEDGER_CHECK = "ledger.check", _("查看账期分区")
    PRODUCT_MAP = "product.map", _("归类产品")
    INTAKE_READ = "intake.read", _("查看接入")
    INTAKE_LOAD = "intake.load", _("上传与装载")
    INTAKE_MEND = "intake.mend", _("修正隔离行")
    INTAKE_SIGN = "intake.sign", _("批次签收")
    ORG_READ = "org.read", _("查看机构与人员")
    ORG_EXPORT = "org.export", _("导出机构、人员与审批")
    STAFF_ACTIVATE = "staff.activate", _("发放激活码")
    POST_REQUEST = "post.request", _("申请与结束岗位")
    REORGANISE = "org.reorganise", _("调整机构隶属")
    PARAMETER_READ = "parameter.read", _("查看参数")
    PARAMETER_EDIT = "parameter.edit", _("修改参数")
    CALENDAR_EDIT = "calendar.edit", _("修改工作日历")
    AUDIT_READ = "audit.read", _("查看审计")
    AUDIT_EXPORT = "audit.export", _("导出审计")
    ALERT_READ = "alert.read", _("查看查阅告警")
    EXCEPTION_HANDLE = "exception.handle", _("处理异常日志")
    VIEW_SHARE = "view.share", _("共享视图")


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose post it is, when somebody else acts in it (代)."""

    staff_id: int
    staff_no: str
    name: str


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is asking: one staff member acting in one post, hence one scope.

    `holder` is whose post it is when it was lent to them for some days, None in a post of their own. `place_id` is
    where the post stands in its tree. `line_codes` are the lines of the post; `unit_chain` the ids of the post's unit
    and the units above it, nearest first (what `core.parameters` resolves along). `purposes` is what they said in this
    session that they need things for, as far as it still holds: the key of the thing → the purpose. Who `lacks_factor`
    has no second factor though one of their posts takes it; pages of personal data bear a watermark for whoever
    `is_marked`. `behind` are ids of those who let these people in lately and could act as them.
    """

    staff_id: int
    staff_no: str
    name: str
    post_id: int
    role: Role
    unit_id: int
    unit_code: str
    unit_name: str
    level: Level
    tree: Tree
    scope: Scope
    line_codes: tuple[str, ...]
    rights: frozenset[Right]
    unit_chain: tuple[int, ...] = ()
    address: str = ""
    other_posts: tuple[tuple[int, str], ...] = field(default=())
    holder: Holder | None = None
    place_id: int = 0
    purposes: Mapping[str, str] = field(default_factory=dict, compare=False)
    lacks_factor: bool = False
    is_marked: bool = True
    behind: frozenset[int] = frozenset()

    @property
    def people(self) -> frozenset[int]:
        """Ids of the staff whose act this is: the viewer's, and the holder's of a post that was lent."""
        return frozenset({self.staff_id, self.holder.staff_id} if self.holder else {self.staff_id})

    def may(self, right: Right) -> bool:
        """Whether the post carries a right."""
        return right in self.rights

    @property
    def actor(self) -> Actor:
        """The viewer as the audit names them."""
        return Actor(self.staff_no, self.name, self.post_id, self.scope.lo, self.address)


@dataclass(frozen=True, slots=True)
class PostGranted:
    """Event: somebody, by staff number, has a post that was requested for them, from now on."""

    staff_no: str


@dataclass(frozen=True, slots=True)
class PostLent:
    """Event: somebody, by staff number, may act in a colleague's post from a day to another, both included."""

    staff_no: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class TreeRenumbered:
    """Event: organisation numbers changed; `moves` maps old numbers to new ones."""

    moves: dict[int, int]


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit in one tree as a source system (ERP) states it; dates are days, None is open."""

    row: int
    code: str
    name: str
    short_name: str
    level: Level
    parent_code: str
    tree: Tree
    management: Management
    is_operating: bool
    division: str
    postcode: str
    valid_from: str | None
    valid_to: str | None


@dataclass(frozen=True, slots=True)
class PostRow:
    """One post of one staff member as ERP states it."""

    row: int
    staff_no: str
    name: str
    gender: str
    mobile: str
    email: str
    unit_code: str
    tree: Tree
    role: Role
    line_codes: tuple[str, ...]
    is_primary: bool
    valid_from: str | None
    valid_to: str | None


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


@dataclass(frozen=True, slots=True)
class DivisionRow:
    """One division as a list states it; the code has as many digits as its level asks for (2, 4, 6 or 9)."""

    row: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class PostcodeRow:
    """One postcode with the names of where it delivers."""

    row: int
    postcode: str
    province: str
    city: str
    county: str


@dataclass(frozen=True, slots=True)
class Bringer:
    """Who brought rows of the organisation by hand: their staff number, and the scope they did it in."""

    staff_no: str
    scope: Scope


class Refusal(NamedTuple):
    """A row that was not taken in: its physical row, the field at fault, a stable reason code, what its sentence needs.

    Codes: `date`, `ended_before_begun`, `duplicate`, `unknown_parent`, `second_root`, `cycle`, `level`,
    `unknown_unit`, `second_primary`, `exclusive_roles`, `guarded_role`, `own_post`, `beyond_scope`, `moved_by_hand`.
    """

    row: int
    field: str
    code: str
    params: dict[str, str]


@dataclass(slots=True)
class Counts:
    """What taking in units, posts or places did, counted in rows; refused rows are data, the others went in."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: list[Refusal] = field(default_factory=list)

    @property
    def changed(self) -> int:
        return self.new + self.updated


class ApprovalState(TextChoices):
    """How a request for approval stands (审批状态), SM13. All but the first are final."""

    PENDING = "pending", _("审批中")
    APPROVED = "approved", pgettext_lazy("审批状态", "通过")
    REJECTED = "rejected", _("驳回")
    RECALLED = "recalled", _("撤回")
    EXPIRED = "expired", _("超时")


class StepState(TextChoices):
    """How one group of checkers stands; a group lapses when the request is settled without it."""

    WAITING = "waiting", pgettext_lazy("审批步骤", "未到")
    OPEN = "open", pgettext_lazy("审批步骤", "待审批")
    APPROVED = "approved", pgettext_lazy("审批步骤", "通过")
    REJECTED = "rejected", pgettext_lazy("审批步骤", "驳回")
    EXPIRED = "expired", pgettext_lazy("审批步骤", "超时")
    LAPSED = "lapsed", pgettext_lazy("审批步骤", "不再需要")


class ApprovalAct(TextChoices):
    """What happened to a request, in the order of its history."""

    SUBMIT = "submit", pgettext_lazy("审批动作", "提交")
    APPROVE = "approve", pgettext_lazy("审批动作", "通过")
    REJECT = "reject", pgettext_lazy("审批动作", "驳回")
    RECALL = "recall", pgettext_lazy("审批动作", "撤回")
    ESCALATE = "escalate", pgettext_lazy("审批动作", "升级")
    EXPIRE = "expire", pgettext_lazy("审批动作", "超时")


class Verdict(TextChoices):
    """What a checker says."""

    APPROVE = ApprovalAct.APPROVE.value, pgettext_lazy("审批动作", "通过")
    REJECT = ApprovalAct.REJECT.value, pgettext_lazy("审批动作", "驳回")


class Risk(IntegerChoices):
    """How much a wrong decision would cost; only low risk may be approved in a batch."""

    LOW = 1, pgettext_lazy("风险", "低")
    NORMAL = 2, pgettext_lazy("风险", "一般")
    HIGH = 3, pgettext_lazy("风险", "高")


class Joins(TextChoices):
    """How groups of one step join: all have to agree, or any one of them suffices."""

    ALL = "all", pgettext_lazy("并行审批", "全部通过")
    ANY = "any", pgettext_lazy("并行审批", "任一通过")


class OnTimeout(TextChoices):
    """What follows when nobody decided in time."""

    ESCALATE = "escalate", pgettext_lazy("超时处理", "升级")
    REJECT = "reject", pgettext_lazy("超时处理", "自动驳回")


class Asked(TextChoices):
    """Why checkers are asked: their step began, or it came up from a level below."""

    BEGUN = "begun", pgettext_lazy("审批通知", "待审批")
    ESCALATED = "escalated", pgettext_lazy("审批通知", "升级而来")


@dataclass(frozen=True, slots=True)
class ApprovalSubmitted:
    """Event: somebody asked for approval; `subject` is an id or code of the kind's owner."""

    approval_id: int
    kind: str
    subject: str


@dataclass(frozen=True, slots=True)
class ApprovalAsked:
    """Event: these people, by staff number, can decide now; the first of them settles the step."""

    approval_id: int
    kind: str
    checkers: tuple[str, ...]
    why: Asked


@dataclass(frozen=True, slots=True)
class ApprovalReminded:
    """Event: a step is almost over and these people, by staff number, can still decide."""

    approval_id: int
    kind: str
    checkers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ApprovalDecided:
    """Event: a request reached its end; the owner of the kind acts on it in the same transaction."""

    approval_id: int
    kind: str
    subject: str
    state: ApprovalState
