"""Reasons (原因): why a file or a row was not taken, as sentences in the reader's language.

Codes are stable; they are stored, the sentences are not. Parameters never hold a whole personal value: what came is
masked by `masked_value` before it is stored. docs/reference/connectors.md lists the codes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hongyan.core import masking
from hongyan.integration.descriptors import DataClass, Field, FieldType

SHOWN_CHARACTERS = 30

FILE_REASONS: dict[str, str | Promise] = {
    "empty": _("文件是空的"),
    "no_rows": _("文件里没有数据行"),
    "unknown_file": _("文件名 {name} 不属于该系统的任何一种文件"),
    "unknown_kind": _("没有 {kind} 这种记录"),
    "file_day": _("文件名中的日期 {found} 不存在"),
    "default_unit": _("约定的默认机构 {unit} 不存在"),
    "header_day": _("文件头的日期 {stated} 与文件名的日期 {found} 不一致"),
    "too_large": _("文件超过上限"),
    "bomb": _("压缩比异常，疑似压缩炸弹"),
    "tampered": _("保存的原件已被改动，无法打开"),
    "nul": _("第 {row} 行含有空字符（NUL）"),
    "encoding": _("第 {row} 行不是有效的 {encoding} 编码"),
    "line_too_long": _("有一行过长，文件可能没有换行"),
    "header": _("表头不符：缺少 {missing}，多出 {unknown}"),
    "header_line": _("文件头不符，应以 {expected} 开头"),
    "trailer_missing": _("没有文件尾，文件可能被截断"),
    "trailer_digits": _("文件尾中的“{found}”不是半角数字"),
    "trailer_count": _("文件尾写明 {stated} 行，实际 {found} 行"),
    "control_sum": _("控制合计不符：文件尾为 {stated}，实际为 {found}"),
    "control_unread": _("第 {row} 行的“{column}”读不出（共 {rows} 行），控制合计无法核对"),
    "sums_differ": _("{kind} 的 {column} 合计与明细相差 {difference}"),
    "crc": _("校验码不符：文件尾为 {stated}，实际为 {found}"),
    "quotes": _("第 {row} 行的引号不配对"),
    "xml": _("第 {row} 行起不是完整的 XML"),
    "xml_entities": _("第 {row} 行含有文档类型或实体声明，不予解析"),
    "xml_depth": _("第 {row} 行的元素层次过深"),
    "xml_element": _("第 {row} 行有未约定的元素 {name}"),
    "xml_text": _("第 {row} 行的元素含有正文，约定只用属性"),
    "workbook": _("不是可以打开的工作簿"),
    "parquet": _("不是可以打开的 Parquet 文件"),
    "gzip": _("不是完整的 gzip 压缩文件"),
    "archive": _("不是约定的压缩包，或少了其中的表"),
    "sheet_size": _("工作表的范围过大：{rows} 行、{columns} 列"),
    "misfits": _("从第 {row} 行起有超过 {limit} 行不合约定的列，文件可能不是这种格式"),
    "too_many_rows": _("超过 {limit} 行的上限，请分成几个文件"),
    "many_columns": _("超过 {limit} 列"),
    "blank_header": _("第 {place} 列没有列名"),
    "same_header": _("有两列都叫“{name}”"),
    "merged_header": _("表头有合并的单元格"),
    "hidden_only": _("工作簿里只有隐藏的工作表"),
    "sheet_missing": _("缺少工作表“{sheet}”"),
    "json": _("不是约定格式的 JSON"),
    "unterminated": _("最后一行没有换行，文件可能被截断"),
    "many_quarantined": _("隔离行占 {share}%，自动签收的上限为 {limit}%"),
    "beyond_sender": _("由人送来，可能涉及{unit}，超出送来的人的数据范围"),
    "everywhere_beyond_sender": _("由人送来，可能涉及全集团，超出送来的人的数据范围"),
    "late": _("文件的业务日期已过去 {days} 天，超过 {limit} 天"),
    "from_the_future": _("文件的业务日期 {day} 晚于今天"),
}

ROW_REASONS: dict[str, str | Promise] = {
    "column_count": _("应有 {expected} 列，实际 {found} 列"),
    "column_names": _("列名或取值类型不符"),
    "line_length": _("应为 {expected} 字节，实际 {found} 字节"),
    "record": _("不是约定格式的记录"),
    "formula": _("单元格是公式，请改为值"),
    "long_number": _("长数字被表格软件存成了数值，末几位已丢失；请将该列设为文本后重新填写"),
    "merged": _("行内有合并的单元格"),
    "cell_error": _("单元格是错误值"),
    "width": _("比表头多或少列"),
    "known": _("客户已存在，按选择跳过"),
    "out_of_scope_unit": _("机构不存在，或不在您的数据范围内：{value}"),
    "elsewhere": _("客户由您数据范围以外的机构管理"),
    "required": _("必填项为空"),
    "too_long": _("超过 {limit} 个字符"),
    "pattern": _("格式不符：{value}"),
    "code": _("代码 {value} 不在代码表中"),
    "number": _("{value} 不是整数"),
    "money": _("{value} 不是金额"),
    "fen": _("{value} 不是以分为单位的金额"),
    "signed": _("{value} 不是金额"),
    "plain_amount": _("{value} 不是只用半角数字写的金额，控制合计无法计入"),
    "quantity": _("{value} 不是整数"),
    "out_of_range": _("{value} 超出范围"),
    "account": _("账号格式不对：{value}"),
    "date": _("{value} 不是有效日期"),
    "date_range": _("业务日期 {value} 太早或晚于明天"),
    "moment": _("{value} 不是有效时间"),
    "masked_name": _("名称已被遮盖：{value}"),
    "not_a_name": _("不像名称，可能填错了列"),
    "credential_length": _("证件号码位数不对：{value}"),
    "credential_format": _("证件号码格式不对：{value}"),
    "credential_checksum": _("证件号码校验位不符：{value}"),
    "credential_birth": _("证件号码中的出生日期不存在：{value}"),
    "credential_province": _("证件号码中的省份不存在：{value}"),
    "mobile": _("手机号码无效：{value}"),
    "landline": _("固定电话无效：{value}"),
    "email": _("电子邮箱无效：{value}"),
    "placeholder": _("占位的号码：{value}"),
    "division": _("行政区划代码无效：{value}"),
    "postcode": _("邮政编码无效：{value}"),
    "item": _("邮件号码格式不对：{value}"),
    "item_reserved": _("邮件号码的业务标识是保留的：{value}"),
    "item_check": _("邮件号码校验位不符：{value}"),
    "item_country": _("邮件号码中的国家代码不存在：{value}"),
    "unknown_unit": _("机构不存在"),
    "unknown_staff": _("员工编号不存在：{value}"),
    "unknown_customer": _("所属客户尚未接入"),
    "key_reissued": _("这个客户号原属另一客户：名称和有效证件都不同，或个人与单位互换"),
    "fact_conflict": _("同一版本此前已登记，内容不同"),
    "unknown_parent": _("上级机构不存在"),
    "second_root": _("一棵机构树只能有一个根"),
    "cycle": _("上下级关系成环"),
    "level": _("机构层级与上级不符"),
    "duplicate": _("与同一文件中的另一行重复"),
    "ended_before_begun": _("失效日期早于生效日期"),
    "second_primary": _("同一员工有两个主岗"),
    "exclusive_roles": _("系统管理员、安全管理员、审计不能由同一人担任"),
    "guarded_role": _(
        "总部管理员、安全管理员、系统管理员和审计的岗位不能由人工送来的文件授予或改动，须由两人办理"
    ),
    "own_post": _("送文件的人不能给自己岗位，也不能改动自己的岗位"),
    "beyond_scope": _("超出送文件的人的数据范围"),
    "moved_by_hand": _("人工送来的文件不能调整机构的上级或层级，请用机构调整"),
}

_MASKS = {
    FieldType.CREDENTIAL: masking.mask_credential,
    FieldType.ACCOUNT: masking.mask_credential,
    FieldType.MOBILE: masking.mask_phone,
    FieldType.LANDLINE: masking.mask_phone,
    FieldType.EMAIL: masking.mask_email,
    FieldType.NAME: masking.mask_name,
}


def sentence(reason: Mapping[str, Any]) -> str:
    """A stored reason, `{code, params, row?}`, in the reader's language.

    >>> sentence({"code": "gone", "params": {}})
    'gone'
    """
    code = str(reason["code"])
    text = FILE_REASONS.get(code) or ROW_REASONS.get(code)
    if text is None:
        return code
    params = {name: _shown(value) for name, value in (reason.get("params") or {}).items()}
    return str(text).format_map(_Forgiving(params, row=reason.get("row")))


def masked_value(field: Field, value: str) -> str:
    """What may be said about a faulty value: nothing whole that could be personal.

    A number that slipped into a column of names, or a name into one of numbers, is masked all the same.
    """
    value = value.strip()[:SHOWN_CHARACTERS]
    mask = _MASKS.get(field.type)
    if mask is None:
        is_safe = field.data_class is DataClass.C1 and field.type is not FieldType.TEXT
        return value if is_safe and not _looks_personal(value) else masking.mask_credential(value)
    return masking.mask_credential(value) if _looks_personal(value) else mask(value)


def _looks_personal(value: str) -> bool:
    """Whether a value holds so many digits that it may be a phone or an ID, though not the form of a date."""
    return sum(char.isdigit() for char in value) > 10 and len(value) != 14


def _shown(value: object) -> object:
    return "、".join(map(str, value)) or "—" if isinstance(value, list) else value


class _Forgiving(dict[str, Any]):
    """Parameters of a sentence; one that an older row did not store shows as a dash."""

    def __missing__(self, key: str) -> str:
        return "—"
