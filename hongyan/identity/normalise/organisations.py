"""Names of organisations (单位名称): region + stem + industry + legal form, and what is only a part of one.

Source: 企业名称登记管理规定 §6 (the four parts of an enterprise's name).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from hongyan.identity.normalise.divisions import locate
from hongyan.identity.normalise.text import clean, simplify, words

_BRACKETS = re.compile(r"[(\[{【〔]([^()\[\]{}【】〔〕]*)[)\]}】〕]")
_NOISE = re.compile(r"[\s\"'“”‘’,，.。·•*#_\-—]+")
_COMPANY = re.compile(
    r"集团股份有限公司|股份有限公司|集团有限责任公司|集团有限公司|有限责任公司|有限公司|集团公司|股份公司|总公司|"
    r"(?<!分)(?<!子)公司|农民专业合作社|专业合作社|供销合作社|合作社"
)
# Written differently, one and the same form.
_SAME_FORM = {
    "有限责任公司": "有限公司",
    "集团有限责任公司": "集团有限公司",
    "农民专业合作社": "合作社",
    "专业合作社": "合作社",
    "股份公司": "股份有限公司",
}
_BANK = re.compile(
    r"(.*(?:银行|信用社|保险|证券))"
    r"(.+(?:分行|支行|营业部|营业厅|储蓄所|营业所|分理处|网点|支公司|分公司))"
)
_FORMS = words(
    """
    委员会 管理局 人民政府 人民医院 中医院 卫生院 幼儿园 事务所 经营部 工作室 服务部
    合伙企业 门诊部 研究院 研究所 出版社 合作社 协会 学会 基金会 商会 大学 学院 中学
    小学 学校 医院 银行 政府 中心 超市 商店 商行 饭店 酒店 宾馆 药店 药房 书店
    门市部 集团 局 厅 处 所 站 厂 社 店 馆 行 院 部 队 园
    """
)
_DEPARTMENT = re.compile(
    r"(?:工会委员会|工会|食堂|财务部|财务科|办公室|收发室|人事部|采购部|行政部|后勤处|传达室|党支部|团委)$"
)
_BRANCH_WORD = re.compile(r"(?:店|部|分公司|支行|分行|办事处|工会|食堂|厂|站|中心)$")
_INDUSTRIES = words(
    """
    网络科技 信息科技 信息技术 生物科技 电子科技 电子商务 国际贸易 进出口贸易 进出口
    供应链管理 企业管理 物业管理 物业服务 文化传媒 文化传播 文化艺术 广告传媒 广告
    建筑工程 建设工程 装饰工程 装饰 机械设备 机械制造 机械 汽车销售 汽车服务 汽车
    医疗器械 医药 药业 房地产开发 房地产 置业 人力资源 劳务 教育咨询 教育科技 教育
    商务咨询 管理咨询 咨询 食品 餐饮管理 餐饮 酒业 茶业 农业科技 农业 养殖 种植 纺织
    服装 服饰 鞋业 家具 家居 建材 五金 化工 塑料 包装 印刷 电子 电器 电气 通信 软件
    科技 技术 贸易 商贸 物流 货运 快递 运输 旅游 投资 实业 发展 制造 服务 工程 建设
    环保 能源 材料 珠宝 化妆品 日用品 百货 图书 传媒 文化 管理 开发 销售
    """
)
_LONGEST_WORD = max(map(len, _FORMS | _INDUSTRIES))


@dataclass(frozen=True, slots=True)
class OrganisationName:
    """An organisation's name in its parts.

    Fields: ``key`` equal for equal full names; ``region`` the lowest division named, without its rank;
    ``stem`` the distinguishing word (字号); ``branch`` the text that marks a part of an organisation
    (观前街门店, 工会), empty for the organisation itself; ``bracketed`` what stood in brackets and is part
    of the name.
    """

    display: str
    key: str
    region: str = ""
    stem: str = ""
    industry: str = ""
    legal_form: str = ""
    branch: str = ""
    bracketed: str = ""

    @property
    def is_full(self) -> bool:
        """Whether the name has what makes a registered name unique: a region, a stem and a legal form."""
        return bool(self.region and self.stem and self.legal_form)


def organisation_name(text: str) -> OrganisationName:
    """Read an organisation's name.

    >>> shop = organisation_name("苏州市鼎盛食品有限公司观前街门店")
    >>> shop.region, shop.stem, shop.industry, shop.legal_form, shop.branch
    ('苏州', '鼎盛', '食品', '有限公司', '观前街门店')
    >>> organisation_name("鼎盛食品（苏州）有限责任公司").key, organisation_name("苏州大学工会").branch
    ('鼎盛食品(苏州)有限公司', '工会')
    >>> organisation_name("江苏省苏州市鼎盛食品有限公司").key
    '苏州鼎盛食品有限公司'
    >>> organisation_name("中国工商银行苏州观前支行").branch
    '苏州观前支行'
    """
    display = clean(text)
    name = _NOISE.sub("", simplify(display)).upper()
    inserts = _BRACKETS.findall(name)
    outer = _BRACKETS.sub("", name) if inserts else name
    body, legal_form, branch = _split(outer)
    # (观前街店) at the end marks a branch; (苏州) and (集团) belong to the name; (普通合伙) is a form.
    if inserts and not branch and name.endswith(")") and _BRANCH_WORD.search(inserts[-1]):
        branch = inserts.pop()
    bracketed = "".join(f"({insert})" for insert in inserts)
    place = locate(body, bare=True)
    region, rest = (place.name, place.rest) if place.rest else ("", place.name or body)
    industry = _ending(rest, _INDUSTRIES, spare=1)
    stem = rest.removesuffix(industry)
    key = f"{region}{stem}{industry}{bracketed}{legal_form}{branch}"
    return OrganisationName(display, key, region, stem, industry, legal_form, branch, bracketed)


def _split(name: str) -> tuple[str, str, str]:
    """(what stands before the legal form, the legal form, the part that follows: a branch or nothing)."""
    if found := _COMPANY.search(name):
        form = found[0]
        return name[: found.start()], _SAME_FORM.get(form, form), name[found.end() :]
    if found := _BANK.fullmatch(name):
        return *_form_of(found[1]), found[2]
    if (found := _DEPARTMENT.search(name)) and found.start() > 1:
        return *_form_of(name[: found.start()]), found[0]
    return *_form_of(name), ""


def _form_of(name: str) -> tuple[str, str]:
    form = _ending(name, _FORMS, spare=2)
    return name.removesuffix(form), form


def _ending(text: str, vocabulary: frozenset[str], *, spare: int) -> str:
    """The longest word that ends the text and leaves at least ``spare`` characters before it, else empty."""
    lengths = range(min(_LONGEST_WORD, len(text) - spare), 0, -1)
    return next((text[-length:] for length in lengths if text[-length:] in vocabulary), "")
