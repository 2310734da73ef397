"""Rights, and who is asking (权限、当前用户)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hongyan.core.audit import Actor
from hongyan.core.scope import Scope
from hongyan.org.codes.posts import Role
from hongyan.org.codes.units import Level, Tree


class Right(TextChoices):
    """What a role may do. Doors and actions ask for rights, never for roles."""

    CUSTOMER_READ = "customer.read", _("查看客户")
    CUSTOMER_CREATE = "customer.create", pgettext_lazy("权限", "新增客户")
    CUSTOMER_CORRECT = "customer.correct", _("更正客户资料")
    CUSTOMER_APPLY = "customer.apply", pgettext_lazy("权限", "申请客户准入与注销")
    CUSTOMER_OBJECT = "customer.object", pgettext_lazy("权限", "答复其他板块的客户申请")
    CUSTOMER_IMPORT = "customer.import", pgettext_lazy("权限", "导入客户")
    CUSTOMER_RELATE = "customer.relate", _("判定客户关系")
    CUSTOMER_REVEAL = "customer.reveal", _("查看敏感信息原文")
    CUSTOMER_EXPORT = "customer.export", _("导出客户")
    CUSTOMER_FREEZE = "customer.freeze", _("冻结与解冻客户")
    CUSTOMER_MERGE = "customer.merge", _("归并与拆分客户")
    NOTE_WRITE = "note.write", pgettext_lazy("权限", "写备注与记录通话")
    FILE_READ = "file.read", pgettext_lazy("权限", "打开记录上的文件")
    FILE_WRITE = "file.write", pgettext_lazy("权限", "上传与管理记录上的文件")
    TASK_ASSIGN = "task.assign", pgettext_lazy("权限", "给下属派待办")
    OWNERSHIP_CHANGE = "ownership.change", _("变更管户")
    OWNERSHIP_CLAIM = "ownership.claim", _("认领客户")
    IDENTITY_TRAIN = "identity.train", _("查看与训练识别模型")
    CONSENT_KEEP = "consent.keep", pgettext_lazy("权限", "登记同意与免打扰")
    CONSENT_PUBLISH = "consent.publish", pgettext_lazy("权限", "发布授权书")
    REQUEST_KEEP = "request.keep", _("登记个人权利请求与核身")
    REQUEST_ANSWER = "request.answer", _("办理与答复个人权利请求")
    LEDGER_READ = "ledger.read", _("查看业务")
    LEDGER_SHARED = "ledger.shared", _("查看经客户同意共享的业务")
    LEDGER_EXPORT = "ledger.export", _("导出业务")
    LEDGER_CHECK = "ledger.check", _("查看账期分区")
    BLACKLIST_READ = "blacklist.read", _("查看黑名单")
    BLACKLIST_EDIT = "blacklist.edit", _("列入与申请解除黑名单")
    TAG_EDIT = "tag.edit", _("定义与停用标签")
    TAG_SET = "tag.set", _("给客户打标签")
    QUALITY_LEAD = "quality.lead", _("组织资料补录")
    CLASSES_RUN = "classes.run", _("启动客户分类")
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
    `is_marked`. `behind` are ids of those who let these people in lately and could act as them. A guest looks at
    what was shared with them alone, outside the scope of their post.
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
    is_guest: bool = False

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
