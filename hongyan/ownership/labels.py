"""What the acts and subjects of ownership are called in the audit."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hongyan.core.audit import label
from hongyan.org.codes import Right
from hongyan.ownership.codes import Act

label("ownership.assign", Act.ASSIGN.label)
label("ownership.adjust", Act.ADJUST.label)
label("ownership.dissolve", Act.DISSOLVE.label)
label("ownership.give_back", Act.GIVE_BACK.label)
label("ownership.ask", _("申请跨机构调整管户"))
label("ownership.choose_hand_over", _("选定离岗移交的客户"))
label("ownership.choose_reassign", _("选定批量调整的客户"))
label("ownership.hand_over", Act.HAND_OVER.label)
label("ownership.reassign", _("批量调整管户"))
label("ownership.belong", Act.BELONG.label)
label("ownership.find_belonging", _("计算邮储归属"))
label("ownership.decline_belonging", _("不采纳归属建议"))
label("ownership.undo", _("撤销管户变动"))
label("ownership.go_on", _("继续办理管户变动"))
label("ownership.assist", _("登记协办客户经理"))
label("ownership.end_assist", _("结束协办"))
label("ownership.share", _("共享客户给同事查看"))
label("ownership.end_share", _("收回共享的客户"))
label("share.open", _("打开共享"))
label("share", pgettext_lazy("审计对象", "共享"))
label("shared_list", _("共享给我的客户"))
label("ownership.rise", _("转入县级待分配池"))

# claiming bears the name of its right; what is refused is written under the right that was missing
label(Right.OWNERSHIP_CHANGE, Right.OWNERSHIP_CHANGE.label)
label(Right.OWNERSHIP_CLAIM, Right.OWNERSHIP_CLAIM.label)

label("transfer", pgettext_lazy("审计对象", "管户变动"))
label("belonging", pgettext_lazy("审计对象", "邮储归属建议"))
label("belonging_list", _("邮储归属建议清单"))
label("owner_list", _("管户清单"))
label("pool", _("县级待分配池"))
