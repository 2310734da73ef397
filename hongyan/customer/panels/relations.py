"""Family, company tree and legal representatives of a customer, each with its reason (关系)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from hongyan.customer.codes import Kind, PartyType, RelationSource, RelationState, RelationType
from hongyan.customer.panels.words import Text, language, who
from hongyan.customer.queries.records import CustomerRecord
from hongyan.customer.queries.relations import Business, Related, Relations, relations_of
from hongyan.customer.rules.declaring import Side
from hongyan.identity.relations.words import reasons
from hongyan.org.codes import Line, Right, Viewer
from hongyan.ui.cells import Tone, badge
from hongyan.ui.lists.paging import Where

_ROLES: Mapping[tuple[str, Side], Text] = {
    ("household", ""): pgettext_lazy("客户关系", "同住一户"),
    ("spouse", ""): pgettext_lazy("客户关系", "配偶"),
    ("parent", "upper"): pgettext_lazy("客户关系", "父母"),
    ("parent", "lower"): pgettext_lazy("客户关系", "子女"),
    ("sibling", ""): pgettext_lazy("客户关系", "兄弟姐妹"),
    ("branch", "upper"): pgettext_lazy("客户关系", "总部"),
    ("branch", "lower"): pgettext_lazy("客户关系", "分支机构"),
    ("department", "upper"): pgettext_lazy("客户关系", "所属单位"),
    ("department", "lower"): pgettext_lazy("客户关系", "内设部门"),
    ("group", "upper"): pgettext_lazy("客户关系", "集团"),
    ("group", "lower"): pgettext_lazy("客户关系", "集团成员"),
    ("affiliate", ""): pgettext_lazy("客户关系", "关联企业"),
    ("representative", "upper"): pgettext_lazy("客户关系", "任法定代表人的单位"),
    ("representative", "lower"): pgettext_lazy("客户关系", "法定代表人"),
    ("employer", "upper"): pgettext_lazy("客户关系", "任职单位"),
    ("employer", "lower"): pgettext_lazy("客户关系", "雇员"),
    ("controller", "upper"): pgettext_lazy("客户关系", "实际控制人"),
    ("controller", "lower"): pgettext_lazy("客户关系", "受其控制的单位"),
    ("guarantor", "upper"): pgettext_lazy("客户关系", "担保人"),
    ("guarantor", "lower"): pgettext_lazy("客户关系", "被担保人"),
    ("referrer", "upper"): pgettext_lazy("客户关系", "推荐人"),
    ("referrer", "lower"): pgettext_lazy("客户关系", "被推荐人"),
    ("sender", "upper"): pgettext_lazy("客户关系", "寄件方"),
    ("sender", "lower"): pgettext_lazy("客户关系", "收件方"),
    ("payer", "upper"): pgettext_lazy("客户关系", "付款方"),
    ("payer", "lower"): pgettext_lazy("客户关系", "由其付款的客户"),
    ("supplier", "upper"): pgettext_lazy("客户关系", "供应商"),
    ("supplier", "lower"): pgettext_lazy("客户关系", "采购方"),
    ("direct", "upper"): pgettext_lazy("客户关系", "直接客户"),
    ("direct", "lower"): pgettext_lazy("客户关系", "间接客户"),
}
"""What the other one is, by the role of the relation and where they stand."""

TONES: Mapping[str, Tone] = {
    RelationState.PROPOSED: "wait",
    RelationState.CONFIRMED: "good",
    RelationState.REFUSED: "off",
}


@dataclass(frozen=True)
class RelatedView:
    """One related customer in words. `answer_url` is where a derived relation is judged, `end_url` where a
    declared one is ended, both empty for whoever may not."""

    related: Related
    role: Text
    state: SafeString
    sentence: str
    said_by: str
    answer_url: str = ""
    end_url: str = ""
    ended_by: str = ""
    business: Sequence[str] = ()

    @property
    def is_organisation(self) -> bool:
        """Whether it is an organisation."""
        return self.related.party_type == PartyType.ORGANISATION


@dataclass(frozen=True)
class Node:
    """A place in the company tree: a related customer, or the opened one itself where `view` is None."""

    view: RelatedView | None
    below: Sequence[Node] = ()


@dataclass(frozen=True)
class RelationGroup:
    """Relations of one sort, those beneath one heading."""

    title: Text
    icon: str
    views: Sequence[RelatedView]


@dataclass(frozen=True)
class RelationsShown:
    """The tab: groups of related customers, the company tree from its top, what was refused, what is over.

    `declare_url` is where a relation is written down, empty for whoever may not.
    `is_cut` says that there are more, of which less is sure.
    """

    groups: Sequence[RelationGroup]
    tree: Node | None
    refused: Sequence[RelatedView]
    ended: Sequence[RelatedView] = ()
    declare_url: str = ""
    graph_url: str = ""
    is_cut: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known."""
        return not (self.groups or self.tree or self.refused or self.ended)


def relations(viewer: Viewer, record: CustomerRecord, _where: Where) -> RelationsShown:
    """The query of the panel 关系: at most four queries, however many there are."""
    found = relations_of(viewer, record)
    may = viewer.may(Right.CUSTOMER_RELATE)
    code = record.customer.code
    views = [_view(one, code if may else "") for one in found.related]
    standing = [view for view in views if view.related.state != RelationState.REFUSED]
    parts = [view for view in standing if _is_in_tree(view.related)]
    return RelationsShown(
        groups=_groups(view for view in standing if view not in parts),
        tree=_tree(found, parts) if parts else None,
        refused=[view for view in views if view.related.state == RelationState.REFUSED],
        ended=[_view(one, "") for one in found.ended],
        declare_url=reverse("customer:declare_relation", args=[code]) if may else "",
        graph_url=reverse("customer:relation_graph", args=[code]) if standing else "",
        is_cut=found.is_cut,
    )


_GROUPS: Sequence[tuple[str, Text, str]] = (
    (RelationType.FAMILY, gettext_lazy("家庭成员"), "home"),
    (RelationType.LEGAL_PERSON, pgettext_lazy("关系类型", "法定代表人"), "user-check"),
    (RelationType.CONTROLLER, pgettext_lazy("关系类型", "实控人"), "user-check"),
    (RelationType.EMPLOYMENT, pgettext_lazy("关系类型", "雇佣"), "briefcase"),
    (RelationType.GROUP, gettext_lazy("关联企业"), "building"),
    (RelationType.GUARANTEE, pgettext_lazy("关系类型", "担保"), "shield-check"),
    (RelationType.REFERRAL, pgettext_lazy("关系类型", "推荐"), "users"),
    (RelationType.CORRESPONDENCE, pgettext_lazy("关系类型", "收寄往来"), "mail"),
    (RelationType.SUPPLIER, pgettext_lazy("关系类型", "供应商"), "truck"),
    (RelationType.INDIRECT, pgettext_lazy("关系类型", "间接客户"), "users"),
)


def _groups(views: Iterable[RelatedView]) -> list[RelationGroup]:
    found = list(views)
    groups = (
        RelationGroup(title, icon, [view for view in found if view.related.type == type_])
        for type_, title, icon in _GROUPS
    )
    return [group for group in groups if group.views]


def _is_in_tree(one: Related) -> bool:
    return one.type == RelationType.GROUP and one.side != ""


def _tree(found: Relations, parts: Sequence[RelatedView]) -> Node:
    """The company at the top, its parts beneath, the parts of the opened customer beneath that."""
    own = Node(None, tuple(Node(view) for view in parts if view.related.side == "lower"))
    top = next((view for view in parts if view.related.side == "upper"), None)
    if top is None:
        return own
    return Node(top, (own, *(Node(_view(one, "")) for one in found.tree)))


def role_words(role: str, side: Side, *, type_: str = "") -> Text:
    """What somebody is who stands at `side` in a role, in a relation of a type."""
    return _ROLES.get((role, side)) or RelationType(type_).label


def _business(one: Business) -> str:
    """A business relationship as the tree shows it: line, kind, sub-code."""
    return f"{Line(one.line).label} · {Kind(one.kind).label} · {one.sub_code}".removesuffix(" · ")


def view_of(one: Related) -> RelatedView:
    """One relation in words, without what may be done with it."""
    return _view(one, "")


def _view(one: Related, own_code: str) -> RelatedView:
    separator = pgettext("依据列举", "；")
    address = [own_code, one.id] if own_code and one.code else []
    declared = one.is_declared
    return RelatedView(
        related=one,
        role=role_words(one.role, one.side, type_=one.type),
        state=badge(
            RelationSource.DECLARED.label if declared else RelationState(one.state).label, TONES[one.state]
        ),
        sentence=separator.join(reasons(one.grounds, language())),
        said_by=who(one.decided_by) if one.decided_by else str(RelationSource(one.source).label),
        answer_url=reverse("customer:judge_relation", args=address) if address and not declared else "",
        end_url=reverse("customer:end_relation", args=address) if address and declared else "",
        ended_by=who(one.ended_by) if one.ended_by else "",
        business=list(map(_business, one.business)) if _is_in_tree(one) else [],
    )
