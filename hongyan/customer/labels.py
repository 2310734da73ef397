"""What the acts and subjects of the customer room are called in the audit."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hongyan.core.audit import label, label_purpose
from hongyan.customer.codes import Purpose
from hongyan.org.codes import Right

label("customer.check", _("客户查重"), is_reading=True)
label("customer.copy_codes", _("复制客户编码"))
label("customer.recalculate", pgettext_lazy("审计操作", "重新计算客户"))
label("customer.open", pgettext_lazy("审计操作", "打开客户"), is_reading=True)
label("customer.search", _("查找客户"), is_reading=True)
label("customer.recall", _("查看最近打开的客户"), is_reading=True)
label("customer.ask_purpose", _("被问打开客户的用途"), is_reading=True)
label("customer.state_purpose", _("说明打开客户的用途"))
label("customer.anonymise", _("匿名化客户"))
label("customer.frozen", pgettext_lazy("审计操作", "冻结客户"))
label("customer.unfrozen", pgettext_lazy("审计操作", "解冻客户"))

label("layout.arrange", _("编排版面"))
label("layout", pgettext_lazy("审计对象", "版面"))
label("customer.take_back", _("撤回更正"))
label("customer.ask_correction", _("申请更正客户资料"))
label("customer.ask_merge", _("申请归并客户"))
label("customer.end_pins", _("人工指定到期"))
label("customer.split", _("拆分客户"))
label("customer.take_out", _("拆出来源"))
label("merge.open", _("打开归并记录"))
label("customer.relation_confirmed", _("确认客户关系"))
label("customer.relation_refused", _("否定客户关系"))
label("customer.relation_proposed", _("撤回对客户关系的判定"))
label("customer.add_contact", _("登记联系人"))
label("customer.change_contact", _("修改联系人"))
label("customer.end_contact", _("结束联系人"))
label("customer.declare_relation", _("登记客户关系"))
label("customer.end_relation", _("结束客户关系"))
label("customer.relate_all", _("推导全部客户关系"))
label("customer.stop_relating", _("停止推导客户关系"))
label("relation.open", _("打开客户关系"))

# revealing bears the name of its right; what is refused is written under the right that was missing
label(Right.CUSTOMER_READ, Right.CUSTOMER_READ.label)
label(Right.CUSTOMER_CREATE, Right.CUSTOMER_CREATE.label)
label(Right.CUSTOMER_CORRECT, Right.CUSTOMER_CORRECT.label)
label(Right.CUSTOMER_FREEZE, Right.CUSTOMER_FREEZE.label)
label(Right.CUSTOMER_EXPORT, Right.CUSTOMER_EXPORT.label)
label(Right.CUSTOMER_MERGE, Right.CUSTOMER_MERGE.label)
label(Right.CUSTOMER_RELATE, Right.CUSTOMER_RELATE.label)
label(Right.CUSTOMER_REVEAL, Right.CUSTOMER_REVEAL.label, is_reading=True)
label("customer_field.open", _("查看客户信息项"))
label("customer_tab.open", _("打开客户标签页"))
label("source_record.open", _("打开来源记录"))

for purpose in Purpose:
    label_purpose(purpose, purpose.label)

label("customer", pgettext_lazy("审计对象", "客户"))
label("customer_field", _("客户信息项"))
label("customer_list", _("客户列表"))
label("followed_list", _("我关注的客户"))
label("customer_tab", _("客户标签页"))
label("merge", pgettext_lazy("审计对象", "归并"))
label("relation", pgettext_lazy("审计对象", "客户关系"))
label("source_record", pgettext_lazy("审计对象", "来源记录"))

label("second_look.draw", _("抽取自动归并"))
label("second_look.decide", _("复核归并判定"))
label("case_batch.begin", _("开始批量处理待核"))
label("case_batch.start", _("批量处理待核"))
label("case_batch.stop", _("停止批量处理待核"))
label("second_look.open", _("打开归并抽检"))
label("case_batch.open", _("打开批量处理"))
label("review_case_list", _("待核队列"))
label("second_look", _("归并抽检"))
label("case_batch", _("待核批量处理"))

label("identity_model.train", _("训练识别模型"))
label("identity_model.stop", _("停止训练识别模型"))
label("identity_model.ask_use", _("申请启用识别模型"))
label("identity_model.use", _("启用识别模型"))
label(Right.IDENTITY_TRAIN, Right.IDENTITY_TRAIN.label)
label("identity_model", pgettext_lazy("审计对象", "识别模型"))
label("model_pair_list", _("训练对比样本"))

label("review_case.different", _("判为不是同一客户"))
label("review_case.unsure", _("搁置待核"))
label("review_case.reopen", _("重新核对"))
label("review_case.open", _("打开待核"))
label("review_case", pgettext_lazy("审计对象", "待核"))
