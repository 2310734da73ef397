"""Family, company tree and legal representatives of a customer, each with its reason (关系)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from hongyan.customer.codes import PartyType, RelationSource, RelationState, RelationType
from hongyan.customer.panels.words import Text, language, who
from hongyan.customer.queries.records import CustomerRecord
from hongyan.customer.queries.relations import Related, Relations, Side, relations_of
from hongyan.identity.relations.words import reasons
from hongyan.org.codes import Right, Viewer
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
}
"""What the other one is, by the role of the relation and where they stand."""

_TONES: Mapping[str, Tone] = {
    RelationState.PROPOSED: "wait",
    RelationState.CONFIRMED: "good",
    RelationState.REFUSED: "off",
}


@dataclass(frozen=True)
class RelatedView:
    """One related customer in words. `answer_url` is where the relation is judged, empty for whoever may not."""

    related: Related
    role: Text
    state: SafeString
    sentence: str
    said_by: str
    answer_url: str = ""

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
    """The tab: groups of related customers, the company tree from its top, what was refused.

    `is_cut` says that there are more, of which less is sure.
    """

    groups: Sequence[RelationGroup]
    tree: Node | None
    refused: Sequence[RelatedView]
    is_cut: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known."""
        return not (self.groups or self.tree or self.refused)


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
        is_cut=found.is_cut,
    )


_GROUPS: Sequence[tuple[str, Text, str]] = (
    (RelationType.FAMILY, gettext_lazy("家庭成员"), "home"),
    (RelationType.LEGAL_PERSON, pgettext_lazy("关系类型", "法定代表人"), "user-check"),
    (RelationType.GROUP, gettext_lazy("关联企业"), "building"),
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


def _view(one: Related, own_code: str) -> RelatedView:
    separator = pgettext("依据列举", "；")
    return RelatedView(
        related=one,
        role=_ROLES.get((one.role, one.side), RelationType(one.type).label),
        state=badge(RelationState(one.state).label, _TONES[one.state]),
        sentence=separator.join(reasons(one.grounds, language())),
        said_by=who(one.decided_by) if one.decided_by else str(RelationSource(one.source).label),
        answer_url=reverse("customer:judge_relation", args=[own_code, one.id])
        if own_code and one.code
        else "",
    )
