"""What the acts and subjects of data quality are called in the audit."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hongyan.core.audit import label
from hongyan.org.codes import Right

label("quality.noted", _("登记身份要素"))
label(Right.QUALITY_LEAD, Right.QUALITY_LEAD.label)
label("campaign.drawn_up", _("拟定补录活动"))
label("campaign.begun", _("开始补录活动"))
label("campaign.closed", _("结束补录活动"))
label("campaign", _("补录活动"))
label("campaign_list", _("补录活动列表"))
label("campaign_task_list", _("补录任务列表"))
label("customer_file_list", _("文件有效期列表"))
label("diligence", _("身份要素"))
label("quality_run", _("资料评分批次"))
label("quality_list", _("资料质量列表"))
