"""Code lists, events and the record type of intake (客户). Source: REQUIREMENTS 4.2 L01–L04, L08; SM1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

MANUAL_SYSTEM = "hongyan"
"""The source system under which is kept what people correct here: verified, above what others say."""

ENTRY_SYSTEM = "entry"
"""The source system of customers whom people enter here. What they typed fills gaps and displaces nobody's word."""

IMPORT_SYSTEM = "import"
"""The source system of customers whom people bring in a file of their own. It fills gaps, behind what was typed."""

MAIN_PART = ""
"""The part of a source party that describes the party itself; contacts and addresses are other parts."""


class PartyType(TextChoices):
    """Person or organisation (自然人、单位)."""

    PERSON = "P", _("个人")
    ORGANISATION = "O", _("单位")


class Status(TextChoices):
    """Legal status of a customer, the part of SM1 that files can bring about."""

    ACTIVE = "active", pgettext_lazy("客户状态", "正常")
    FROZEN = "frozen", pgettext_lazy("客户状态", "冻结")
    MERGED = "merged", pgettext_lazy("客户状态", "已归并")
    DEREGISTERED = "deregistered", pgettext_lazy("客户状态", "已注销")


class Kind(TextChoices):
    """Kind of a relationship, L01. Its order here is its rank: the first of a customer's kinds is shown."""

    AGREEMENT_UNIT = "A", _("协议客户（单位）")
    AGREEMENT_PERSON = "B", _("协议客户（个人）")
    CORPORATE = "C", _("对公客户")
    FINANCIAL = "F", _("金融个人客户")
    REGISTERED = "R", _("实名散户")
    POTENTIAL = "P", _("潜在客户")


class CredentialType(TextChoices):
    """Credential types, L03."""

    RESIDENT_ID = "01", _("居民身份证")
    TEMPORARY_ID = "02", _("临时身份证")
    HOUSEHOLD = "03", _("户口簿")
    MILITARY = "04", _("军人证")
    POLICE = "05", _("武警证")
    HK_MACAU_PERMIT = "06", _("港澳居民来往内地通行证")
    TAIWAN_PERMIT = "07", _("台湾居民来往大陆通行证")
    HMT_RESIDENCE = "08", _("港澳台居民居住证")
    PASSPORT = "09", _("护照")
    FOREIGN_RESIDENCE = "10", _("外国人永久居留证")
    USCC = "20", _("统一社会信用代码")
    OLD_LICENCE = "21", _("营业执照（旧）")
    OLD_ORG_CODE = "22", _("组织机构代码（旧）")
    INSTITUTION = "23", _("事业单位法人证")
    OTHER = "99", _("其他证件")


class Gender(TextChoices):
    """GB/T 2261.1, L04."""

    UNKNOWN = "0", pgettext_lazy("性别", "未知")
    MALE = "1", pgettext_lazy("性别", "男")
    FEMALE = "2", pgettext_lazy("性别", "女")
    NOT_STATED = "9", pgettext_lazy("性别", "未说明")


class Industry(TextChoices):
    """The house's own grouping of industries, L05."""

    GOVERNMENT = "11", _("政务")
    LOGISTICS = "12", _("物流")
    BUSINESS = "13", _("商企")
    COMMERCE = "14", _("电商")
    INTERNATIONAL = "15", pgettext_lazy("行业", "国际")
    WALK_IN = "19", pgettext_lazy("行业", "散户")


class Scale(TextChoices):
    """Size of an enterprise (规模)."""

    LARGE = "1", pgettext_lazy("规模", "大型")
    MEDIUM = "2", pgettext_lazy("规模", "中型")
    SMALL = "3", pgettext_lazy("规模", "小型")
    MICRO = "4", pgettext_lazy("规模", "微型")


class ContactRole(TextChoices):
    """What a contact person does for the customer (联系人角色)."""

    DECIDES = "1", pgettext_lazy("联系人角色", "决策")
    HANDLES = "2", pgettext_lazy("联系人角色", "经办")
    FINANCE = "3", pgettext_lazy("联系人角色", "财务")
    MAIL_ROOM = "4", pgettext_lazy("联系人角色", "收发室")


class ContactTime(TextChoices):
    """When a contact person likes to be addressed (方便的时间)."""

    MORNING = "morning", pgettext_lazy("方便的时间", "上午")
    NOON = "noon", pgettext_lazy("方便的时间", "中午")
    AFTERNOON = "afternoon", pgettext_lazy("方便的时间", "下午")
    EVENING = "evening", pgettext_lazy("方便的时间", "晚上")


class ContactLanguage(TextChoices):
    """In which language a contact person likes to be addressed (沟通语言), by the codes of ISO 639."""

    MANDARIN = "zh", pgettext_lazy("沟通语言", "普通话")
    CANTONESE = "yue", pgettext_lazy("沟通语言", "粤语")
    UYGHUR = "ug", pgettext_lazy("沟通语言", "维吾尔语")
    TIBETAN = "bo", pgettext_lazy("沟通语言", "藏语")
    MONGOLIAN = "mn", pgettext_lazy("沟通语言", "蒙古语")
    KOREAN = "ko", pgettext_lazy("沟通语言", "朝鲜语")
    ENGLISH = "en", pgettext_lazy("沟通语言", "英语")


class AddressKind(TextChoices):
    """What an address is for (地址类型)."""

    REGISTERED = "1", pgettext_lazy("地址类型", "注册")
    PICKUP = "2", pgettext_lazy("地址类型", "收寄")
    BILLING = "3", pgettext_lazy("地址类型", "账单")
    DELIVERY = "4", pgettext_lazy("地址类型", "投递")


class Settlement(TextChoices):
    """How an agreement customer pays, L07."""

    CASH = "1", _("现结")
    MONTHLY = "2", _("记欠月结")
    PREPAID = "3", _("预付")


class Outcome(TextChoices):
    """What identity resolution decided for a source party, after L22."""

    NEW = "new", _("新建客户")
    JOINED = "joined", _("自动归并")
    REVIEW = "review", _("待核")
    MANUAL = "manual", _("人工归并")
    SPLIT = "split", _("拆分")


class CaseState(TextChoices):
    """State of a review case (SM11): 候选 → 待核 → 合并 | 拒绝 | 搁置; 合并 → 拆分. See `rules.cases.may_become`."""

    PROPOSED = "proposed", pgettext_lazy("归并", "候选")
    OPEN = "open", _("待核")
    ASKED = "asked", pgettext_lazy("归并", "待审批")
    MERGED = "merged", _("已合并")
    REJECTED = "rejected", _("非同一人")
    SHELVED = "shelved", pgettext_lazy("归并", "搁置")
    SPLIT = "split", pgettext_lazy("归并", "已拆分")


class PairVerdict(TextChoices):
    """What a person says of two customers."""

    SAME = "same", _("是同一客户")
    DIFFERENT = "different", _("不是同一客户")
    UNSURE = "unsure", _("不能确定")


class MergeState(TextChoices):
    """How a merge stands: asked for, done, not approved, undone."""

    WAITING = "waiting", pgettext_lazy("归并", "待审批")
    DONE = "done", pgettext_lazy("归并", "已归并")
    REFUSED = "refused", pgettext_lazy("归并", "未批准")
    SPLIT = "split", pgettext_lazy("归并", "已拆分")


class CorrectionState(TextChoices):
    """How a correction by hand stands: asked for, done, not approved, taken back."""

    WAITING = "waiting", pgettext_lazy("更正", "待审批")
    DONE = "done", pgettext_lazy("更正", "已生效")
    REFUSED = "refused", pgettext_lazy("更正", "未批准")
    UNDONE = "undone", pgettext_lazy("更正", "已撤回")


class MatchBand(TextChoices):
    """What becomes of a pair by its likeness (L22), the surest first."""

    JOIN = "join", pgettext_lazy("相似档", "自动归并")
    REVIEW = "review", pgettext_lazy("相似档", "转人工")
    NEW = "new", pgettext_lazy("相似档", "各自独立")


class ModelState(TextChoices):
    """How the use of a model stands: asked for, in force, followed by another, not approved."""

    WAITING = "waiting", pgettext_lazy("识别模型", "待批准")
    IN_FORCE = "in_force", pgettext_lazy("识别模型", "启用中")
    ENDED = "ended", pgettext_lazy("识别模型", "曾启用")
    REFUSED = "refused", pgettext_lazy("识别模型", "未批准")


class Worth(IntegerChoices):
    """How much business the two customers of a review case have: what a wrong decision would touch."""

    AGREEMENT = 2, _("有协议")
    LINES = 1, _("多板块")
    PLAIN = 0, pgettext_lazy("业务分量", "一般")


CASE_BANDS: dict[str, tuple[int, int]] = {"90": (90, 100), "80": (80, 89), "65": (65, 79), "50": (50, 64)}
"""Scores in steps, the likeliest first: key → lowest and highest. Sure ones that still wait are two known customers: no
file merges them, however alike they are."""


JOIN_BANDS: dict[str, tuple[int, int]] = {"97": (97, 100), "94": (94, 96), "90": (90, 93)}
"""Scores of automatic joins in steps, the surest first: key → lowest and highest."""

JOIN_CHOICES = tuple((key, f"{low}–{high}") for key, (low, high) in JOIN_BANDS.items())

MOST_SOURCES = 10
"""Customers of so many source records and more are counted together."""


class Measure(TextChoices):
    """What is counted of resolution, per unit and party type (识别统计)."""

    SOURCES = "sources", _("来源记录数")
    PARTIES = "parties", _("来源记录")
    JOIN = "join", _("自动归并")
    SYSTEM = "system", _("来源系统")
    SHARED = "shared", _("与其他系统同一客户")


class BatchState(TextChoices):
    """How far a batch of review cases is."""

    CHECKING = "checking", _("抽样核对中")
    RUNNING = "running", pgettext_lazy("批量处理", "处理中")
    DONE = "done", pgettext_lazy("批量处理", "已完成")


class RelationType(TextChoices):
    """What two customers are to each other (关系类型), L09."""

    FAMILY = "family", pgettext_lazy("关系类型", "家庭")
    EMPLOYMENT = "employment", pgettext_lazy("关系类型", "雇佣")
    LEGAL_PERSON = "legal_person", pgettext_lazy("关系类型", "法定代表人")
    CONTROLLER = "controller", pgettext_lazy("关系类型", "实控人")
    GROUP = "group", pgettext_lazy("关系类型", "集团母子")
    GUARANTEE = "guarantee", pgettext_lazy("关系类型", "担保")
    REFERRAL = "referral", pgettext_lazy("关系类型", "推荐")
    CORRESPONDENCE = "correspondence", pgettext_lazy("关系类型", "收寄往来")
    SUPPLIER = "supplier", pgettext_lazy("关系类型", "供应商")
    INDIRECT = "indirect", pgettext_lazy("关系类型", "间接客户")


class RelationSource(TextChoices):
    """Who says that two belong together: the rules on what is known of them, or a person."""

    DERIVED = "derived", pgettext_lazy("关系来源", "系统推定")
    DECLARED = "declared", pgettext_lazy("关系来源", "人工登记")


class RelationState(TextChoices):
    """What became of a relation: what rules derive is proposed until a person says a word."""

    PROPOSED = "proposed", pgettext_lazy("关系状态", "推定")
    CONFIRMED = "confirmed", pgettext_lazy("关系状态", "已确认")
    REFUSED = "refused", pgettext_lazy("关系状态", "已否定")


class Upper(TextChoices):
    """Which party of a relation stands above: the parent, the company, the one that is represented."""

    NEITHER = "", pgettext_lazy("关系方向", "并列")
    PARTY = "party", pgettext_lazy("关系方向", "前者在上")
    OTHER = "other", pgettext_lazy("关系方向", "后者在上")


class Purpose(TextChoices):
    """Why somebody opens an unowned customer or reveals a value (PSB-021)."""

    VISIT = "visit", _("走访")
    SERVICE = "service", _("客户服务")
    COMPLAINT = "complaint", _("投诉处理")
    APPROVAL = "approval", _("审批")
    VERIFY = "verify", _("信息核实")


class ConsentPurpose(TextChoices):
    """What personal data of a customer is used for (授权用途). All but service notices take a consent."""

    SERVICE = "service", pgettext_lazy("授权用途", "服务通知")
    MARKETING = "marketing", pgettext_lazy("授权用途", "本板块营销")
    CROSS_MARKETING = "cross_marketing", pgettext_lazy("授权用途", "其他板块营销")
    SHARING = "sharing", pgettext_lazy("授权用途", "跨板块共享")
    PROFILING = "profiling", pgettext_lazy("授权用途", "画像与推荐")


CONTACT_PURPOSES = (
    ConsentPurpose.SERVICE.value,
    ConsentPurpose.MARKETING.value,
    ConsentPurpose.CROSS_MARKETING.value,
)
"""Purposes for which somebody is addressed, hence by a channel; the others are uses of data and know none."""


class ContactChannel(TextChoices):
    """How a customer is addressed (联系渠道), those of L17 by which the house comes to them."""

    PHONE = "phone", pgettext_lazy("联系渠道", "电话")
    SMS = "sms", pgettext_lazy("联系渠道", "短信")
    WECHAT = "wechat", pgettext_lazy("联系渠道", "微信")
    EMAIL = "email", pgettext_lazy("联系渠道", "邮件")
    LETTER = "letter", pgettext_lazy("联系渠道", "信函")
    VISIT = "visit", pgettext_lazy("联系渠道", "上门")


class Standing(TextChoices):
    """How a customer stands to a purpose, as the list's projection says it."""

    GIVEN = "given", pgettext_lazy("授权状态", "已同意")
    WITHDRAWN = "withdrawn", pgettext_lazy("授权状态", "已撤回")
    SILENT = "silent", pgettext_lazy("授权状态", "免打扰")


class Flaw(TextChoices):
    """What is wrong with what somebody typed of a customer, in words for the one who typed it (CUS-002)."""

    MISSING = "missing", _("请填写名称")
    NAME = "name", _("请写全名，不写称呼，也不用 * 代替")
    ORGANISATION = "organisation", _("像单位的名称，请把客户类型改为单位")
    TOO_LITTLE = "too_little", _("除名称外，请至少填写证件、电话、邮箱、地址中的一项")
    CHECKSUM = "checksum", _("校验位不对，请核对证件")
    FORMAT = "format", _("不像这种证件的号码，请核对证件")
    MASKED = "masked", _("请填写完整的号码")
    CREDENTIAL_TYPE = "credential_type", _("号码与所选的证件类型不符")
    OTHERS = "others", _("这种证件不能说明客户本身是谁")
    DIFFERS = "differs", _("与证件号码不一致")
    DATE = "date", _("不是有效的日期")
    FUTURE = "future", _("不能晚于今天")
    MOBILE = "mobile", _("不是有效的手机号码")
    LANDLINE = "landline", _("请写区号和完整的号码，如 0531-82345678")
    EMAIL = "email", _("不是有效的邮箱")


SEALED_FIELDS = ("credential_no", "mobile", "landline", "email")
"""Fields of a source record that are kept sealed; everywhere else only their masked form stands (C2)."""


NO_SECRETS: Mapping[str, str] = MappingProxyType({})


class PartyRecord(NamedTuple):
    """One record of one source party, checked and in our codes, ready to be taken in.

    `part` is "" for the party itself, else a sub-record such as `contact/1`. `fields` holds open values, `secrets`
    the sealed ones in normal form; empty values are left out. `kind` and `unit_code` speak of the relationship in
    `line`. `row` is the physical row of the delivery, for lineage and for errors.
    """

    system: str
    key: str
    row: int
    party_type: PartyType
    line: str
    kind: Kind
    fields: dict[str, Any]
    secrets: Mapping[str, str] = NO_SECRETS
    part: str = MAIN_PART
    unit_code: str = ""
    manager_no: str = ""
    status: Status = Status.ACTIVE
    as_of: date | None = None
    source_updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What makes somebody an agreement customer of a line (协议): a potential customer has none.

    `beyond` says that a customer out of the maker's scope may be joined, which takes whoever approved it.
    """

    kind: Kind
    agreement_no: str
    valid_from: date
    valid_to: date | None
    settlement: Settlement
    signed_on: date | None = None
    beyond: bool = False


@dataclass(slots=True)
class TakenIn:
    """What taking in a chunk did, counted in records."""

    new: int = 0
    joined: int = 0
    updated: int = 0
    unchanged: int = 0
    review: int = 0
    orphans: list[int] = field(default_factory=list)
    """Rows of sub-records whose party is unknown; the caller puts them into quarantine."""
    strangers: list[int] = field(default_factory=list)
    """Rows that give a known key to somebody else; they go into quarantine too."""


@dataclass(frozen=True, slots=True)
class CustomersTakenIn:
    """Event: a chunk of records was taken in; ids of the customers whose golden record was calculated anew."""

    customer_ids: tuple[int, ...]
    system: str


@dataclass(frozen=True, slots=True)
class CustomersAnonymised:
    """Event: nobody can tell any more who some customers were; what is kept of them and of their parties is emptied."""

    customer_ids: tuple[int, ...]
    party_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CustomersMerged:
    """Event: one customer was taken into another; `party_ids` are those that changed customer."""

    survivor_id: int
    absorbed_id: int
    party_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CustomersSplit:
    """Event: parties left a customer for one that is its own again, or for a new one."""

    remaining_id: int
    parted_id: int
    party_ids: tuple[int, ...]


class LayoutPlace(TextChoices):
    """What of a customer can be arranged (版面)."""

    FORM = "form", pgettext_lazy("版面", "新增和更正的表单")
    SIDE = "side", pgettext_lazy("版面", "客户页的侧栏")
