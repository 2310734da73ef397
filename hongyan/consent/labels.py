"""What the acts and subjects of consent are called in the audit."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hongyan.core.audit import label
from hongyan.org.codes import Right

label("consent.given", _("登记同意"))
label("consent.withdrawn", _("撤回同意"))
label("consent.silenced", _("登记免打扰"))
label("consent.silence_ended", _("解除免打扰"))
label("request.received", _("登记个人权利请求"))
label("request.verified", _("核实请求人身份"))
label("request.begun", _("受理个人权利请求"))
label("request.answered", _("答复个人权利请求"))
label("request.refused", _("拒绝个人权利请求"))
label("request.opened", _("打开个人权利请求"), is_reading=True)
label("consent.text_published", _("发布了授权书"))

# what is refused is written under the right that was missing
label(Right.CONSENT_KEEP, Right.CONSENT_KEEP.label)
label(Right.CONSENT_PUBLISH, Right.CONSENT_PUBLISH.label)

label(Right.REQUEST_KEEP, Right.REQUEST_KEEP.label)
label(Right.REQUEST_ANSWER, Right.REQUEST_ANSWER.label)

label("consent_text", pgettext_lazy("审计对象", "授权书"))
label("silence", pgettext_lazy("审计对象", "免打扰"))
label("person_request", pgettext_lazy("审计对象", "个人权利请求"))
label("person_request_list", _("个人权利请求列表"))
