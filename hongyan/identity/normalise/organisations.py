"""Names of organisations (单位名称): region + stem + industry + legal form, and what is only a part of one.

Source: 企业名称登记管理规定 §6 (the four parts of an enterprise's name).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from hongyan.identity.normalise.divisions import county_names, is_division_name, locate
from hongyan.identity.normalise.surnames import SINGLE
from hongyan.identity.normalise.text import HAN, LONGEST, clean, simplify, words

_BRACKETS = re.compile(r"[(\[{【〔<《]([^()\[\]{}【】〔〕<>《》]*)[)\]}】〕>》]")
_NOISE = re.compile(r"[\s\"'“”‘’,，.。;；:：·•*#_\-—/、|!！?？]+")
# Nothing but characters and letters, none of which could speak of a number or a former name: most names.
_PLAIN = re.compile(rf"(?:(?![原曾])[{HAN}A-Z])*")
_FORMER = re.compile(r"^(?:原|曾用名|更名前|变更前|前身|旧称)(?:名称|名为|名|为|是)?")
_FORMER_BEHIND = re.compile(r"(?<=[司社厂店院校局])(?:原名|曾用名|原名称|原为)")
# What people add behind a name without meaning another party.
_NOTE = re.compile(
    r"^(?:收|转|盖章|公章|个体工商户|个体|自然人独资|法人独资|个人独资|外商独资|独资|简称.*|.*有限公司)$|^\d+$"
)
_DESK = re.compile(r"(?<=.{4})(?:前台|收发室|收发处|传达室|门卫室|门卫)$")
_COMPANY = re.compile(
    r"集团股份有限公司|股份有限公司|股份有限责任公司|集团有限责任公司|集团有限公司|有限责任公司|有限公司|集团公司|股份公司|总公司|"
    r"(?<!分)(?<!子)公司|农民专业合作社|专业合作社|供销合作社|合作社"
)
# A column that was too narrow cut the end off.
_CUT = re.compile(r"(?<=.{4})(?:股份|集团)?有限(?:责任)?公?$|(?<=.{4})(?:股份|集团)?有限责$")
# Written differently, one and the same form.
_SAME_FORM = {
    "有限责任公司": "有限公司",
    "集团有限责任公司": "集团有限公司",
    "农民专业合作社": "合作社",
    "专业合作社": "合作社",
    "股份公司": "股份有限公司",
    "股份有限责任公司": "股份有限公司",
    "总公司": "公司",
}
_LATIN_FORMS = words(
    "co ltd limited inc incorporated corp corporation company llc llp plc gmbh ag sa bv pte pty the and of"
)
_PARTS = (
    re.compile(
        r"(.*(?:银行|信用社|信用合作联社|保险|证券|人寿|财险))"
        r"(.+(?:分行|支行|营业部|营业厅|储蓄所|营业所|分理处|网点|支公司|分公司|支局|所))"
    ),
    re.compile(
        r"(.*(?:大学|学院|中学|小学|学校|幼儿园|医院|卫生院))(.{1,10}(?:校区|分校|院区|分院|教学点|门诊部))"
    ),
    # 建行观前支行, 农信城东分社: the bank by its short name.
    re.compile(
        r"(.{1,4}(?<![支分])行|农信社?|农商行)(.{2,}(?:支行|分行|营业部|营业厅|储蓄所|营业所|分理处))"
    ),
    re.compile(r"(.{2,}(?:超市|药房|大药房|便利店|酒店|宾馆|连锁|火锅|快餐|咖啡|酒家|影城))(.{2,8}店)"),
)
# 鼎盛武汉分公司: the place before it belongs to the branch.
_BRANCH_OF = re.compile(r"(?:分公司|支公司|办事处|代表处|营业部|营业厅|分店|分厂)$")
_DEPARTMENT = re.compile(
    r"(?:职工|员工|机关|学生|教工)?(?:工会委员会|工会联合会|工会|食堂|财务部|财务科|财务处|财务室|总务处|总务科|办公室|"
    r"综合办|人事部|人事科|人事处|人力资源部|采购部|采购科|行政部|后勤处|后勤部|后勤服务中心|"
    r"党支部|党总支|党委|团委|妇联|销售部|市场部|客服部|技术部|研发部|生产部|质检部|仓库)$"
)
_QUARTER = re.compile(
    rf"(?:[东西南北]城|城[东西南北中]|[东西南北]门|火车站|开发区|高新区|新区|江[东西南北]|[{HAN}]{{2}}(?:路|街|广场))$"
)
_BRANCH_WORD = re.compile(
    r"(?:店|部|分公司|支行|分行|办事处|工会|食堂|厂|站|中心|校区|分校|院区|分院|仓库|营业厅|网点)$"
)
_ZONE = re.compile(
    r"(?:国家)?(?:工业园区|工业园|产业园区|产业园|高新技术产业开发区|高新技术开发区|高新区|经济技术开发区|经济开发区|经开区|"
    r"开发区|新区|保税区|自贸区|示范区|旅游度假区|度假区)(?=.{2})"
)
_TOWN = re.compile(rf"^[{HAN}]{{1,3}}?(?:镇|街道)(?=.{{2}})")
_NUMBERED = re.compile(r"第?([一二三四五六七八九十\d]{1,3})(中|小|幼|院)")
_NUMBERED_FORM = {"中": "中学", "小": "小学", "幼": "幼儿园", "院": "医院"}
_ORDINAL = re.compile(r"第([1-9])(?=[中小幼人医职高])")
_CHINESE_DIGITS = str.maketrans("123456789", "一二三四五六七八九")
_FORMS = words(
    """
    街道办事处 委员会 管理委员会 居民委员会 村民委员会 管理局 人民政府 人民医院 中医院 妇幼保健院 卫生院 卫生室 幼儿园
    事务所 经营部 工作室 服务部 合伙企业 门诊部 研究院 研究所 出版社 合作社 协会 学会 基金会 商会 联合会 大学
    学院 职业学院
    中学 小学 学校 职业学校 医院 银行 政府 中心 服务中心 超市 商店 商行 饭店 酒店 宾馆 药店 药房 大药房 书店 便利店
    门市部 集团 局 厅 处 所 站 厂 社 店 馆 行 院 部 队 园 法院 检察院 派出所
    """
)
_INDUSTRIES = words(
    """
    网络科技 网络技术 网络 信息科技 信息技术 信息服务 信息 生物科技 生物技术 生物工程 生物医药 生物 电子科技 电子商务
    电子技术 智能科技 智能装备 智能 科技发展 国际贸易 进出口贸易 进出口 对外贸易 供应链管理 供应链 企业管理 企业管理咨询
    物业管理 物业服务 物业 文化传媒 文化传播 文化艺术 文化发展 影视传媒 影视文化 影视 广告传媒 广告设计 广告装饰 广告
    建筑工程 建筑安装 建筑装饰 建筑劳务 建筑材料 建筑 建设工程 市政工程 园林绿化 园林 景观 路桥 钢结构 幕墙 门窗
    装饰工程 装饰设计 装饰材料 装饰装修 装饰 装修 安装工程 安装 消防工程 消防 安防 机械设备 机械制造 机械 精密机械
    精密制造 自动化设备 自动化科技 自动化 机电设备 机电 设备 汽车销售 汽车服务 汽车配件 汽车零部件 汽车贸易 汽配 汽贸
    汽车租赁 汽车 电动车 轮胎 船舶 航空 医疗器械 医疗科技 医疗 医药科技 医药 制药 药业 健康科技 健康管理 健康
    养老服务 养老 美容美发 美容 美发 化妆品 日化 房地产开发 房地产经纪 房地产 房产 置业 地产 人力资源服务 人力资源
    劳务派遣 劳务 教育咨询 教育科技 教育培训 教育 培训 商务咨询 商务服务 商务 管理咨询 信息咨询 财务咨询 财税
    财务 会计 代理记账 法律 知识产权 投资咨询 投资管理 投资 资产管理 创业投资 股权投资 基金管理 融资租赁 融资担保
    担保 租赁 典当 拍卖 评估 造价 监理 咨询 检测技术 检测 测绘 设计 规划 食品科技 食品 餐饮管理 餐饮服务 餐饮
    饮食 饮料 酒业 酒类 茶业 茶叶 粮油 粮食 米业 面粉 肉食 水产 渔业 畜牧 饲料 种业 乳业 农业科技 农业发展 农业
    农产品 农机 农资 果业 蔬菜 果蔬 养殖 种植 花卉 苗木 林业 生态农业 纺织品 纺织 针织 印染 丝绸 家纺 服装 服饰
    制衣 鞋业 皮革 皮具 箱包 家具 家居 家居用品 卫浴 洁具 厨具 厨卫 建材 五金 五金制品 五金机电 金属制品 金属材料
    金属 钢材 钢铁 不锈钢 铝业 铝材 矿业 石化 石油 化工 化学 涂料 塑料 塑料制品 塑胶 橡胶 模具 包装材料 包装制品
    包装 印刷包装 印刷 印务 彩印 纸业 纸品 纸制品 木业 木制品 玻璃 陶瓷 石材 水泥 混凝土 电子 电子材料 电器 家电
    电气设备 电气 电力 电缆 线缆 照明 灯饰 光电科技 光电 光伏 半导体 仪器仪表 仪器 仪表 电机 阀门 轴承 通信
    通信技术 通讯 通讯器材 数码 计算机 电脑 软件 软件开发 软件技术 系统集成 数据 数据科技 大数据 科技 技术
    技术服务 技术开发 贸易 商贸 工贸 经贸 百货 批发 零售 物流 国际物流 货运 货运代理 国际货运代理 仓储 仓储服务
    冷链 快递 速递 快运 运输 运输服务 搬家 旅游 旅行社 国际旅行社 酒店管理 实业 发展 制造 服务 工程 建设 开发 销售
    环保科技 环保设备 环保工程 环保 环境科技 环境工程 环境 水务 燃气 热力 能源科技 新能源 能源 新材料 材料科技 材料
    珠宝 首饰 眼镜 钟表 玩具 文具 文化用品 办公用品 办公设备 体育用品 体育 健身 日用品 母婴用品 图书 传媒 文化
    礼品 工艺品 会展 展览 策划 营销策划 品牌管理 家政服务 家政 保洁 保洁服务 保安 保安服务 洗涤 婚庆 摄影 动漫
    游戏 管理 直播文化 汽车维修 汽车修理 家电维修 电器维修 维修 修理 农业开发 畜牧养殖 水产养殖 生态养殖 农林 林木 木材
    竹木 石油化工 石油天然气 天然气 煤业 煤炭 能源开发 水利 水电 电力工程 电力设备 通信工程 通信集团 市政 路桥工程
    公路 铁路 制冷设备 空调 暖通 净水 净化 洁净 除尘 环卫 再生资源 废旧物资 物资 物资回收 口腔 眼科 中医药 保健品 保健
    康复 护理 养生 足浴 洗浴 水疗 影院 网吧 电竞 文旅 旅游开发 民宿 户外用品 渔具 宠物 宠物用品 花艺 园艺 窗帘 布艺
    床上用品 灯具 锁业 不锈钢制品 铝合金 铝型材 铸造 锻造 热处理 电镀 喷涂 激光 焊接 数控 机床 液压 传动 泵业 风机 锅炉
    压力容器 起重机械 工程机械 农业机械 食品机械 塑料机械 纺织机械 仪器设备 实验设备 教学设备 智能设备 智能制造
    机器人 无人机 物联网 区块链 云计算 人工智能 集成电路 芯片 显示 电池 充电 新能源汽车 光伏发电 储能 日用百货 副食 烟酒
    酒水 冷饮 烘焙 粮油贸易 农副产品 土特产 海鲜 肉类 豆制品 调味品 食品加工 面粉厂 米厂 服装辅料 服装服饰 内衣 童装
    羽绒 羊绒
    """
)
_DIRECTIONS = words("国际 华东 华南 华北 华中 中南 东北 西南 西北 全国 国内")
# What a county has one of, whatever stands before it.
_PUBLIC = re.compile(
    r"(?:局|政府|法院|检察院|医院|卫生院|保健院|控制中心|[中小]学|幼儿园|第?[一二三四五六七八九十][中小院])$"
)
_COUNTY_AND_STEM = 4
_PLACED_BRANCH = 6
_LONGEST_WORD = max(map(len, _FORMS | _INDUSTRIES))

Form = Literal["", "full", "formal", "short"]
"""How much of a registered name is there: region, stem and legal form; a legal form; neither."""


@dataclass(frozen=True, slots=True)
class OrganisationName:
    """An organisation's name in its parts.

    Fields: ``key`` equal for equal full names; ``region`` the lowest division named, without its rank;
    ``stem`` the distinguishing word (字号); ``branch`` the text that marks a part of an organisation
    (观前街门店, 工会), empty for the organisation itself; ``branch_kind`` whether that is a place of business
    or a department; ``bracketed`` what stood in brackets and is part of the name; ``former_key`` the key of
    the name it says it had (原…).
    """

    display: str
    key: str
    region: str = ""
    stem: str = ""
    industry: str = ""
    legal_form: str = ""
    branch: str = ""
    bracketed: str = ""
    branch_kind: Literal["", "branch", "department"] = ""
    former_key: str = ""

    @property
    def form(self) -> Form:
        """How much of the name is there."""
        return "full" if self.is_full else "formal" if self.legal_form else "short" if self.key else ""

    @property
    def is_full(self) -> bool:
        """Whether the name has what makes a registered name unique: a region, a stem and a legal form.

        The place of a branch serves as well (中国工商银行股份有限公司苏州观前支行).
        """
        place = self.region or (len(self.branch) >= _PLACED_BRANCH and self.branch)
        return bool(place and self.stem and self.legal_form)


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
    >>> renamed = organisation_name("苏州鼎新食品有限公司(原苏州鼎盛食品有限公司)"); renamed.key, renamed.former_key
    ('苏州鼎新食品有限公司', '苏州鼎盛食品有限公司')
    >>> organisation_name("Dingsheng Food Co., Ltd.").key
    'dingsheng food'
    """
    display = clean(text[:LONGEST])
    if display.isascii():
        return _latin(display)
    name, former = simplify(display).upper(), ""
    outer, inserts = name, list[str]()
    if not _PLAIN.fullmatch(name):
        name, former = _without_former(name)
        inserts = [_NOISE.sub("", insert) for insert in _BRACKETS.findall(name) if not _NOTE.match(insert)]
        inserts = [insert for insert in inserts if not _is_person(insert) or _bracketed_region([insert])]
        outer = _ORDINAL.sub(_in_chinese, _NOISE.sub("", _BRACKETS.sub("", name) or name))
    body, legal_form, branch = _split(outer)
    # (观前街店) at the end marks a branch; (苏州) and (集团) belong to the name; (普通合伙) is a form.
    if inserts and not branch and name.rstrip()[-1:] in ")]】" and _BRANCH_WORD.search(inserts[-1]):
        branch = inserts.pop()
    region, rest = _region(body)
    # 苏州工业园区鼎盛, 昆山玉山镇鼎盛: zone and town tell where, as a division does, but people leave them out.
    stem = _ZONE.sub("", rest, count=1) if _ZONE.match(rest) else _TOWN.sub("", rest) if region else rest
    industry = _ending(stem, _INDUSTRIES, spare=1)
    bracketed = "".join(f"({insert})" for insert in inserts if insert)
    return OrganisationName(
        display=display,
        key=f"{region}{rest}{bracketed}{legal_form}{branch}",
        region=region or _bracketed_region(inserts),
        stem=stem.removesuffix(industry),
        industry=industry,
        legal_form=legal_form,
        branch=branch,
        bracketed=bracketed,
        branch_kind="" if not branch else "department" if _DEPARTMENT.search(branch) else "branch",
        former_key=organisation_name(former).key if former else "",
    )


def _without_former(name: str) -> tuple[str, str]:
    """(the name of today, the name it says it had before)."""
    for insert in _BRACKETS.findall(name):
        if (found := _FORMER.match(insert)) and len(insert) > found.end() + 3:
            return name.replace(insert, ""), insert[found.end() :].lstrip(" :")
    if found := _FORMER_BEHIND.search(name):
        return name[: found.start()], name[found.end() :].lstrip(" :")
    return name, ""


def _region(body: str) -> tuple[str, str]:
    """(the lowest division at the head of the name without its rank, the rest of the name)."""
    place = locate(body, bare=True)
    region, rest = (place.name, place.rest) if place.rest else ("", place.name or body)
    if len(rest) == 1 and body[:2] == region:  # 阿里郎 is no 郎 of 阿里
        return "", body
    # 昆山鼎盛食品: counties are called without their rank too, but some are common words (和平药业), so a
    # distinguishing word has to remain.
    short = rest[:2]
    telling = _PUBLIC.search(rest) or len(rest) - len(_ending(rest, _INDUSTRIES, spare=1)) >= _COUNTY_AND_STEM
    if short in county_names() and rest[2:3] not in "镇乡街" and telling:
        return short, rest[2:]
    return region, rest


def _bracketed_region(inserts: list[str]) -> str:
    """The division that stands in brackets: 鼎盛食品(苏州)."""
    for insert in inserts:
        place = locate(insert + "某某", bare=True)
        if place.rest == "某某":
            return place.name
        if is_division_name(insert):
            return insert
    return ""


def _in_chinese(found: re.Match[str]) -> str:
    """第1 as 第一."""
    return f"第{found[1].translate(_CHINESE_DIGITS)}"


def _latin(display: str) -> OrganisationName:
    found = re.findall(r"[a-z0-9]+", display.casefold().replace("'", "").replace("&", " "))
    telling = [word for word in found if word not in _LATIN_FORMS] or found
    legal_form = "ltd" if {"ltd", "limited", "inc", "corp", "llc", "gmbh", "plc"} & set(found) else ""
    return OrganisationName(display, " ".join(telling), stem=" ".join(telling), legal_form=legal_form)


def _split(name: str) -> tuple[str, str, str]:
    """(what stands before the legal form, the legal form, the part that follows: a branch or nothing)."""
    name = _DESK.sub("", name)
    if found := _COMPANY.search(name):
        form = found[0]
        return name[: found.start()], _SAME_FORM.get(form, form), _part(name[found.end() :])
    if found := _CUT.search(name):
        return name[: found.start()], _whole_form(found[0]), ""
    for pattern in _PARTS:
        if found := pattern.fullmatch(name):
            return *_form_of(found[1]), found[2]
    if found := _BRANCH_OF.search(name):
        place = _place_before(name[: found.start()])
        if place and found.start() - len(place) > 1:
            head = name[: found.start() - len(place)]
            return *_form_of(head), name[len(head) :]
    if (found := _DEPARTMENT.search(name)) and found.start() > 1:
        return *_form_of(name[: found.start()]), found[0]
    return *_form_of(name), ""


def _place_before(text: str) -> str:
    """The division, or the quarter of one (武汉, 孝感新区), at the end of a text."""
    quarter = _QUARTER.search(text)
    rest = text[: quarter.start()] if quarter else text
    city = next((rest[-length:] for length in (4, 3, 2) if is_division_name(rest[-length:])), "")
    return text[len(rest) - len(city) :]


def _part(text: str) -> str:
    """What follows a legal form, unless it only says whom or where to ask (有限公司张三, 有限公司前台)."""
    return "" if _is_person(text) and not _DEPARTMENT.search(text) else text


def _is_person(text: str) -> bool:
    known = text in _DIRECTIONS or _BRANCH_WORD.search(text)
    return 1 < len(text) <= 3 and text[0] in SINGLE and not known


def _whole_form(cut: str) -> str:
    head = cut[:2] if cut[:2] in ("股份", "集团") else ""
    return head + "有限公司"


def _form_of(name: str) -> tuple[str, str]:
    if (found := _NUMBERED.search(name)) and found.end() == len(name):
        number = found[1].translate(_CHINESE_DIGITS)
        return f"{name[: found.start()]}第{number}", _NUMBERED_FORM[found[2]]
    form = _ending(name, _FORMS, spare=2)
    return name.removesuffix(form), form


def _ending(text: str, vocabulary: frozenset[str], *, spare: int) -> str:
    """The longest word that ends the text and leaves at least ``spare`` characters before it, else empty."""
    lengths = range(min(_LONGEST_WORD, len(text) - spare), 0, -1)
    return next((text[-length:] for length in lengths if text[-length:] in vocabulary), "")
