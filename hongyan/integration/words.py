"""Words of intake in the reader's language (接入用语): what descriptors say, what short codes mean.

A descriptor carries its own names in Chinese and English. The few words it uses for owners and purposes are declared
here once, so that they are translated like everything else; a test finds one that is missing.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy

from hongyan.integration.descriptors import (
    DataClass,
    DateGroup,
    Descriptor,
    Format,
    Mode,
    RecordKind,
    Severity,
    WalkIn,
    find_descriptor,
)

Text = str | Promise

HOUSE = "system:intake"
"""The house itself, where no person acts."""
_HOUSE_NAME = gettext_lazy("系统自动")

OWNERS: Mapping[str, Text] = {
    "集团": pgettext_lazy("来源系统的归口", "集团"),
    "邮务板块": gettext_lazy("邮务板块"),
    "寄递板块": gettext_lazy("寄递板块"),
    "邮储银行": gettext_lazy("邮储银行"),
    "中邮保险": gettext_lazy("中邮保险"),
    "中邮证券": gettext_lazy("中邮证券"),
}
PURPOSES: Mapping[str, Text] = {
    "业务归属": gettext_lazy("业务归属"),
    "业务统计": gettext_lazy("业务统计"),
    "人员管理": gettext_lazy("人员管理"),
    "客户分类": gettext_lazy("客户分类"),
    "寄递服务": gettext_lazy("寄递服务"),
    "履行协议": gettext_lazy("履行协议"),
    "授信管理": gettext_lazy("授信管理"),
    "数据时效": gettext_lazy("数据时效"),
    "服务归属": gettext_lazy("服务归属"),
    "来源标识": gettext_lazy("来源标识"),
    "组织机构": gettext_lazy("组织机构"),
    "联系客户": gettext_lazy("联系客户"),
    "识别客户": gettext_lazy("识别客户"),
}
MEDIA: Mapping[str, Text] = {
    "file": gettext_lazy("文件"),
    "api": gettext_lazy("接口"),
    "database": gettext_lazy("数据库"),
}
FORMATS: Mapping[Format, Text] = {
    Format.DELIMITED: gettext_lazy("分隔文本"),
    Format.CSV: "CSV",
    Format.WORKBOOK: gettext_lazy("Excel 工作簿"),
    Format.RECORDS: gettext_lazy("JSON 记录"),
    Format.FIXED: gettext_lazy("定长文本"),
    Format.JSONL: gettext_lazy("JSON 行"),
    Format.XML: "XML",
    Format.PARQUET: "Parquet",
    Format.OWN: pgettext_lazy("文件格式", "专用格式"),
}
MODES: Mapping[Mode, Text] = {
    Mode.FULL: gettext_lazy("全量"),
    Mode.INCREMENT: gettext_lazy("增量"),
}
WALK_INS: Mapping[WalkIn, Text] = {
    WalkIn.NONE: gettext_lazy("不接入（待定）"),
    WalkIn.WITH_CREDENTIAL: gettext_lazy("具有身份证件信息的散户"),
    WalkIn.ALL: pgettext_lazy("散户范围", "全量"),
}
DATE_GROUPS: Mapping[DateGroup, Text] = {
    DateGroup.FIXED: gettext_lazy("须确保接入"),
    DateGroup.MOVABLE: gettext_lazy("适度调整"),
}
CHANGE_KINDS: Mapping[str, Text] = {
    "approval_flow": gettext_lazy("审批流程改变"),
    "creation_flow": gettext_lazy("创建流程改变"),
    "interface": gettext_lazy("接口改造"),
    "new_interface": gettext_lazy("新增接口"),
}
SEVERITIES: Mapping[Severity, Text] = {
    Severity.ERROR: gettext_lazy("隔离该行"),
    Severity.WARNING: gettext_lazy("留空并提示"),
}
DATA_CLASSES: Mapping[DataClass, Text] = {
    DataClass.C1: gettext_lazy("C1 一般"),
    DataClass.C2: gettext_lazy("C2 加密并遮盖"),
}
TARGETS: Mapping[str, Text] = {
    "address": pgettext_lazy("记录字段", "地址"),
    "address_kind": pgettext_lazy("记录字段", "地址类型"),
    "agreement_no": pgettext_lazy("记录字段", "协议编号"),
    "amount": pgettext_lazy("记录字段", "金额"),
    "birth_date": pgettext_lazy("记录字段", "出生日期"),
    "business_date": pgettext_lazy("记录字段", "业务日期"),
    "channel": pgettext_lazy("记录字段", "交易渠道"),
    "charged_weight_g": pgettext_lazy("记录字段", "计费重量"),
    "city": pgettext_lazy("记录字段", "市"),
    "closed_on": pgettext_lazy("记录字段", "结清日期"),
    "cod": pgettext_lazy("记录字段", "代收货款"),
    "code": pgettext_lazy("记录字段", "机构代码"),
    "contact_name": pgettext_lazy("记录字段", "联系人姓名"),
    "contents": pgettext_lazy("记录字段", "内件性质"),
    "county": pgettext_lazy("记录字段", "区县"),
    "credential_no": pgettext_lazy("记录字段", "证件号码"),
    "credential_type": pgettext_lazy("记录字段", "证件类型"),
    "division": pgettext_lazy("记录字段", "行政区划"),
    "email": pgettext_lazy("记录字段", "电子邮箱"),
    "event_time": pgettext_lazy("记录字段", "发生时间"),
    "gender": pgettext_lazy("记录字段", "性别"),
    "holding": pgettext_lazy("记录字段", "账号或协议号"),
    "industry": pgettext_lazy("记录字段", "行业"),
    "insured": pgettext_lazy("记录字段", "保价金额"),
    "is_operating": pgettext_lazy("记录字段", "是否营业机构"),
    "is_primary": pgettext_lazy("记录字段", "是否主岗"),
    "key": pgettext_lazy("记录字段", "来源标识"),
    "kind": pgettext_lazy("记录字段", "客户类别"),
    "landline": pgettext_lazy("记录字段", "固定电话"),
    "legal_person": pgettext_lazy("记录字段", "法定代表人"),
    "level": pgettext_lazy("记录字段", "机构层级"),
    "line_codes": pgettext_lazy("记录字段", "业务板块"),
    "management": pgettext_lazy("记录字段", "经营属性"),
    "manager_no": pgettext_lazy("记录字段", "客户经理"),
    "matures_on": pgettext_lazy("记录字段", "到期日期"),
    "mobile": pgettext_lazy("记录字段", "手机"),
    "name": pgettext_lazy("记录字段", "名称"),
    "nature": pgettext_lazy("记录字段", "交易性质"),
    "note": pgettext_lazy("记录字段", "备注"),
    "number": pgettext_lazy("记录字段", "业务号码"),
    "opened_on": pgettext_lazy("记录字段", "开立日期"),
    "original_date": pgettext_lazy("记录字段", "原业务日期"),
    "parent_code": pgettext_lazy("记录字段", "上级机构"),
    "part": pgettext_lazy("记录字段", "分项序号"),
    "party_type": pgettext_lazy("记录字段", "客户类型"),
    "pickup_mode": pgettext_lazy("记录字段", "收寄方式"),
    "postage": pgettext_lazy("记录字段", "资费"),
    "postcode": pgettext_lazy("记录字段", "邮编"),
    "primary": pgettext_lazy("记录字段", "主联系人"),
    "product_code": pgettext_lazy("记录字段", "产品代码"),
    "product_name": pgettext_lazy("记录字段", "产品名称"),
    "promised_at": pgettext_lazy("记录字段", "承诺时间"),
    "province": pgettext_lazy("记录字段", "省"),
    "quantity": pgettext_lazy("记录字段", "数量"),
    "region": pgettext_lazy("记录字段", "所在地区"),
    "role": pgettext_lazy("记录字段", "角色"),
    "scale": pgettext_lazy("记录字段", "规模"),
    "settlement": pgettext_lazy("记录字段", "结算方式"),
    "short_name": pgettext_lazy("记录字段", "简称"),
    "signed_on": pgettext_lazy("记录字段", "签订日期"),
    "source_updated_at": pgettext_lazy("记录字段", "来源更新时间"),
    "staff_no": pgettext_lazy("记录字段", "员工编号"),
    "status": pgettext_lazy("记录字段", "客户状态"),
    "tree": pgettext_lazy("记录字段", "机构树"),
    "unit_code": pgettext_lazy("记录字段", "归属机构"),
    "valid_from": pgettext_lazy("记录字段", "生效日期"),
    "valid_to": pgettext_lazy("记录字段", "失效日期"),
    "version": pgettext_lazy("记录字段", "版本"),
    "void": pgettext_lazy("记录字段", "作废"),
    "weight_g": pgettext_lazy("记录字段", "重量"),
}
"""What a record's fields are called here, by the target's name in a descriptor."""

FAULTS: Mapping[str, Text] = {
    "column_count": gettext_lazy("列数不对"),
    "column_names": gettext_lazy("列名不符"),
    "line_length": gettext_lazy("行的长度不对"),
    "record": gettext_lazy("不是约定格式的记录"),
    "formula": gettext_lazy("单元格是公式"),
    "long_number": gettext_lazy("长数字丢了末几位"),
    "merged": gettext_lazy("合并的单元格"),
    "cell_error": gettext_lazy("单元格是错误值"),
    "width": gettext_lazy("比表头多或少列"),
    "known": gettext_lazy("客户已存在"),
    "out_of_scope_unit": gettext_lazy("机构不在数据范围内"),
    "elsewhere": gettext_lazy("客户属其他机构"),
    "required": gettext_lazy("必填项为空"),
    "too_long": gettext_lazy("内容过长"),
    "pattern": gettext_lazy("格式不符"),
    "code": gettext_lazy("代码不在代码表中"),
    "number": gettext_lazy("不是整数"),
    "money": gettext_lazy("不是金额"),
    "fen": gettext_lazy("不是以分为单位的金额"),
    "signed": gettext_lazy("不是金额"),
    "plain_amount": gettext_lazy("金额不是半角数字"),
    "quantity": gettext_lazy("不是整数"),
    "out_of_range": gettext_lazy("超出范围"),
    "account": gettext_lazy("账号格式不对"),
    "date": gettext_lazy("日期无效"),
    "date_range": gettext_lazy("业务日期太早或晚于明天"),
    "moment": gettext_lazy("时间无效"),
    "masked_name": gettext_lazy("名称已被遮盖"),
    "not_a_name": gettext_lazy("不像名称"),
    "credential_length": gettext_lazy("证件号码位数不对"),
    "credential_format": gettext_lazy("证件号码格式不对"),
    "credential_checksum": gettext_lazy("证件号码校验位不符"),
    "credential_birth": gettext_lazy("证件号码中的出生日期不存在"),
    "credential_province": gettext_lazy("证件号码中的省份不存在"),
    "mobile": gettext_lazy("手机号码无效"),
    "landline": gettext_lazy("固定电话无效"),
    "email": gettext_lazy("电子邮箱无效"),
    "placeholder": gettext_lazy("占位的号码"),
    "division": gettext_lazy("行政区划代码无效"),
    "postcode": gettext_lazy("邮政编码无效"),
    "item": gettext_lazy("邮件号码格式不对"),
    "item_reserved": gettext_lazy("邮件号码的业务标识是保留的"),
    "item_check": gettext_lazy("邮件号码校验位不符"),
    "item_country": gettext_lazy("邮件号码中的国家代码不存在"),
    "unknown_unit": gettext_lazy("机构不存在"),
    "unknown_staff": gettext_lazy("员工编号不存在"),
    "unknown_customer": gettext_lazy("所属客户尚未接入"),
    "key_reissued": gettext_lazy("客户号换了人"),
    "fact_conflict": gettext_lazy("同一版本内容不同"),
    "unknown_parent": gettext_lazy("上级机构不存在"),
    "second_root": gettext_lazy("机构树有两个根"),
    "cycle": gettext_lazy("上下级关系成环"),
    "level": gettext_lazy("机构层级与上级不符"),
    "duplicate": gettext_lazy("与另一行重复"),
    "ended_before_begun": gettext_lazy("失效早于生效"),
    "second_primary": gettext_lazy("有两个主岗"),
    "exclusive_roles": gettext_lazy("互斥的管理角色"),
    "guarded_role": gettext_lazy("须由两人办理的岗位"),
    "own_post": gettext_lazy("送文件的人自己的岗位"),
    "beyond_scope": gettext_lazy("超出送文件的人的范围"),
    "moved_by_hand": gettext_lazy("人工调整机构"),
}
"""Reasons of rows as short titles, for filters and totals; the full sentence is `reasons.sentence`."""


def system_name(code: str) -> str:
    """The short name of a source system in the reader's language; its code when no connector has it.

    >>> system_name("gone")
    'gone'
    """
    descriptor = find_descriptor(code)
    return short_name(descriptor) if descriptor else code


def kind_title(system: str, code: str) -> str:
    """What a record kind of a system is called in the reader's language; its code when there is none."""
    descriptor = find_descriptor(system)
    kind = descriptor.kind(code) if descriptor else None
    return title_of(kind) if kind else code


def fault_title(code: str) -> Text:
    """The short title of a row's reason; its code when it has none."""
    return FAULTS.get(code, code)


def rows(count: int) -> str:
    """A number of rows in words: 1,234 行."""
    return ngettext("{count} 行", "{count} 行", count).format(count=f"{count:,}")


def full_name(descriptor: Descriptor) -> str:
    """The full name of a source system."""
    return _spoken(descriptor.name, descriptor.name_en)


def short_name(descriptor: Descriptor) -> str:
    """The name people use for a source system."""
    return _spoken(descriptor.short_name, descriptor.short_name_en)


def title_of(kind: RecordKind) -> str:
    """What a record kind is called."""
    return _spoken(kind.title, kind.title_en)


def _spoken(chinese: str, english: str) -> str:
    return chinese if (get_language() or "zh").startswith("zh") else english


def who(code: str) -> str:
    """Who sent, signed or closed: a staff number, or the house and a system by their names."""
    if code == HOUSE:
        return str(_HOUSE_NAME)
    return system_name(code.removeprefix("system:")) if code.startswith("system:") else code
