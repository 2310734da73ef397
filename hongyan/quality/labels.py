"""What the acts and subjects of data quality are called in the audit."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hongyan.core.audit import label

label("quality.noted", _("登记身份要素"))
label("diligence", _("身份要素"))
label("quality_run", _("资料评分批次"))
label("quality_list", _("资料质量列表"))
