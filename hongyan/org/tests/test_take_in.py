"""Taking in units and posts: numbers, facts, second deliveries, bad rows, renumbering, speed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hongyan.core import events, scope, vault
from hongyan.core.audit import SYSTEM
from hongyan.core.models import AuditEvent
from hongyan.core.scope import EVERYTHING, enter
from hongyan.org.actions.take_in import take_in_posts, take_in_units
from hongyan.org.actions.take_in.posts import MOBILE_COLUMN
from hongyan.org.codes import Counts, Level, Line, Refusal, Role, Tree, TreeRenumbered, UnitRow
from hongyan.org.models import Place, Post, Staff, Unit
from hongyan.org.rules.numbering import BANK_OFFSET, Node, Range, number_tree
from hongyan.org.tests.factory import POST_ROWS, UNIT_ROWS, post_row, small_organisation, unit_row


@pytest.fixture(autouse=True)
def _everything(db: None) -> None:
    enter(EVERYTHING)


@pytest.fixture
def renumberings(monkeypatch: pytest.MonkeyPatch) -> list[TreeRenumbered]:
    heard: list[TreeRenumbered] = []
    monkeypatch.setitem(events._reactions, TreeRenumbered, [heard.append])
    return heard


def ranges(tree: Tree = Tree.POSTAL) -> dict[str, Range]:
    return {
        place.unit.code: Range(place.lo, place.hi)
        for place in Place.objects.filter(tree=tree).select_related("unit")
    }


def chain(code: str) -> list[str]:
    """A unit and those above it, nearest first, as its place keeps them."""
    kept = Place.objects.get(unit__code=code).chain
    codes = dict(Unit.objects.filter(id__in=kept).values_list("id", "code"))
    return [codes[unit] for unit in kept]


def new_outlets(parent: str, count: int) -> list[UnitRow]:
    return [unit_row(f"N{number:03}", "新网点", Level.OUTLET, parent, row=number) for number in range(count)]


# --- units


def test_the_first_load_numbers_the_tree(renumberings: list[TreeRenumbered]) -> None:
    assert take_in_units(UNIT_ROWS, actor=SYSTEM) == Counts(new=10)
    assert ranges() == number_tree([Node(row.code, row.parent_code or None) for row in UNIT_ROWS], start=1)
    assert renumberings == []


def test_each_place_knows_its_parent_and_the_numbers_above_it() -> None:
    take_in_units(UNIT_ROWS, actor=SYSTEM)
    lo = {code: found.lo for code, found in ranges().items()}
    outlet = Place.objects.select_related("parent__unit").get(unit__code="L1")
    assert outlet.parent.unit.code == "370102"
    assert (outlet.province_no, outlet.city_no, outlet.county_no) == (lo["37"], lo["3701"], lo["370102"])
    city = Place.objects.get(unit__code="3701")
    assert (city.province_no, city.city_no, city.county_no) == (lo["37"], lo["3701"], 0)
    assert Place.objects.get(unit__code="H").province_no == 0
    assert chain("L1") == ["L1", "370102", "3701", "37", "H"]


def test_facts_are_stored() -> None:
    take_in_units(UNIT_ROWS, actor=SYSTEM)
    unit = Unit.objects.get(code="L1")
    assert (unit.name, unit.pinyin, unit.division, str(unit.valid_from), unit.valid_to) == (
        "泉城路支局", "quanchengluzhiju qclzj", "370102", "2001-01-01", None,
    )  # fmt: skip


def test_a_second_delivery_changes_nothing() -> None:
    take_in_units(UNIT_ROWS, actor=SYSTEM)
    before = list(Place.objects.order_by("id").values()), list(Unit.objects.order_by("id").values())
    assert take_in_units(UNIT_ROWS, actor=SYSTEM) == Counts(unchanged=10)
    assert (list(Place.objects.order_by("id").values()), list(Unit.objects.order_by("id").values())) == before
    assert AuditEvent.objects.filter(act="org.take_in_units").count() == 1


def test_a_changed_name_updates_one_unit_and_no_number(renumberings: list[TreeRenumbered]) -> None:
    take_in_units(UNIT_ROWS, actor=SYSTEM)
    before = ranges()
    counts = take_in_units([replace(UNIT_ROWS[6], name="泉城路邮政支局")], actor=SYSTEM)
    assert counts == Counts(updated=1)
    assert Unit.objects.get(code="L1").name == "泉城路邮政支局"
    assert (ranges(), renumberings) == (before, [])


def test_a_new_outlet_takes_spare_numbers_and_moves_nobody(renumberings: list[TreeRenumbered]) -> None:
    take_in_units(UNIT_ROWS, actor=SYSTEM)
    before = ranges()
    take_in_units([unit_row("3703", "淄博市分公司", Level.CITY, "37")], actor=SYSTEM)
    after = ranges()
    assert after.pop("3703") == Range(before["3702"].hi + 1, before["3702"].hi + 8)
    assert (after, renumberings) == (before, [])


def test_without_room_the_tree_is_numbered_anew_and_the_moves_are_published(
    renumberings: list[TreeRenumbered],
) -> None:
    take_in_units(UNIT_ROWS, actor=SYSTEM)
    before = ranges()
    assert take_in_units(new_outlets("370102", 5), actor=SYSTEM) == Counts(new=5)
    after = ranges()
    moves = {before[code].lo: after[code].lo for code in before if before[code].lo != after[code].lo}
    assert renumberings == [TreeRenumbered(moves)]
    assert moves.keys() == {before[code].lo for code in ("370103", "S1", "S2", "3702")}
    county = Place.objects.get(unit__code="370103")
    assert Place.objects.get(unit__code="S1").county_no == county.lo == county.county_no


def test_a_unit_that_moves_takes_its_subtree_along(renumberings: list[TreeRenumbered]) -> None:
    take_in_units(UNIT_ROWS, actor=SYSTEM)
    take_in_units([replace(UNIT_ROWS[5], parent_code="3702")], actor=SYSTEM)
    after = ranges()
    assert (
        after["3702"].lo
        < after["370103"].lo
        < after["S1"].lo
        < after["S2"].hi
        < after["370103"].hi
        < after["3702"].hi
    )
    assert Place.objects.get(unit__code="S1").city_no == after["3702"].lo
    assert len(renumberings) == 1
    assert chain("S1") == ["S1", "370103", "3702", "37", "H"]


def test_bad_rows_come_back_and_good_ones_go_in() -> None:
    rows = [*UNIT_ROWS, unit_row("X", "无上级", Level.COUNTY, "9999", row=12)]
    counts = take_in_units(rows, actor=SYSTEM)
    assert counts == Counts(
        new=10, refused=[Refusal(12, "parent_code", "unknown_parent", {"parent": "9999"})]
    )
    assert not Unit.objects.filter(code="X").exists()


def test_a_unit_may_stand_in_both_trees() -> None:
    take_in_units(UNIT_ROWS, actor=SYSTEM)
    bank = [
        unit_row("B", "邮储银行", Level.GROUP, "", row=1, tree=Tree.BANK),
        unit_row("L1", "泉城路营业所", Level.OUTLET, "B", row=2, tree=Tree.BANK),
    ]
    postal = replace(UNIT_ROWS[6], row=3)
    assert take_in_units([*bank, postal], actor=SYSTEM) == Counts(new=2, unchanged=1)
    assert Unit.objects.get(code="L1").name == "泉城路支局"
    assert ranges(Tree.BANK)["B"].lo == BANK_OFFSET + 1
    assert Unit.objects.filter(places__isnull=False, code="L1").count() == 2


# --- posts


@pytest.fixture
def units(db: None) -> None:
    take_in_units(UNIT_ROWS, actor=SYSTEM)


def test_posts_and_staff_are_taken_in(units: None) -> None:
    assert take_in_posts(POST_ROWS, actor=SYSTEM) == Counts(new=len(POST_ROWS))
    zhang = Staff.objects.get(staff_no="zhang")
    assert (zhang.name, zhang.pinyin, zhang.mobile_masked) == ("张伟", "zhangwei zw", "138****5678")
    assert b"13812345678" not in bytes(zhang.mobile_sealed)
    assert not zhang.has_usable_password()
    post = zhang.posts.get()
    assert (post.place.unit.code, post.role, post.line_codes, post.is_primary) == (
        "L1",
        "outlet_head",
        ["01"],
        True,
    )


def test_a_second_delivery_of_posts_changes_nothing(units: None) -> None:
    take_in_posts(POST_ROWS, actor=SYSTEM)
    before = list(Staff.objects.order_by("id").values()), list(Post.objects.order_by("id").values())
    assert take_in_posts(POST_ROWS, actor=SYSTEM) == Counts(unchanged=len(POST_ROWS))
    after = list(Staff.objects.order_by("id").values()), list(Post.objects.order_by("id").values())
    assert [bytes(row.pop("mobile_sealed")) for row in after[0]] == [
        bytes(row.pop("mobile_sealed")) for row in before[0]
    ]
    assert after == before


def test_a_new_mobile_is_sealed_anew_and_the_password_stays(units: None) -> None:
    take_in_posts(POST_ROWS, actor=SYSTEM)
    Staff.objects.filter(staff_no="zhang").update(password="kept")
    counts = take_in_posts([replace(POST_ROWS[0], mobile="13900001111")], actor=SYSTEM)
    zhang = Staff.objects.get(staff_no="zhang")
    assert counts == Counts(updated=1)
    assert (zhang.mobile_masked, zhang.password) == ("139****1111", "kept")
    assert vault.unseal(zhang.mobile_sealed, record=zhang.uuid, column=MOBILE_COLUMN) == b"13900001111"


def test_a_post_ends_by_its_date_only(units: None) -> None:
    take_in_posts(POST_ROWS, actor=SYSTEM)
    take_in_posts([replace(POST_ROWS[0], valid_to="2026-10-31")], actor=SYSTEM)
    assert str(Post.objects.get(staff__staff_no="zhang").valid_to) == "2026-10-31"
    assert Post.objects.get(staff__staff_no="li").valid_to is None


def test_a_new_primary_post_takes_the_place_of_the_old_one(units: None) -> None:
    take_in_posts(POST_ROWS, actor=SYSTEM)
    moved = post_row("zhang", "张伟", "L2", Role.OUTLET_HEAD, line_codes=(Line.MAIL, Line.EXPRESS))
    assert take_in_posts([moved], actor=SYSTEM) == Counts(new=1)
    posts = Post.objects.filter(staff__staff_no="zhang").order_by("place__unit__code")
    assert [(post.place.unit.code, post.is_primary) for post in posts] == [("L1", False), ("L2", True)]


def test_posts_at_unknown_units_come_back(units: None) -> None:
    counts = take_in_posts([post_row("qian", "钱多", "X9", Role.MANAGER, row=7)], actor=SYSTEM)
    assert counts == Counts(refused=[Refusal(7, "unit_code", "unknown_unit", {"unit": "X9"})])
    assert not Staff.objects.filter(staff_no="qian").exists()
    assert not AuditEvent.objects.filter(act="org.take_in_posts").exists()


def test_the_number_of_statements_does_not_grow_with_the_rows(units: None) -> None:
    """However many tables are numbered with the tree: ten times the rows take the same statements."""

    def statements(first: int, count: int) -> tuple[int, int]:
        numbers = range(first, first + count)
        outlets = [unit_row(f"N{number}", "网点", Level.OUTLET, "370102", row=number) for number in numbers]
        posts = [post_row(f"s{number}", "员工", f"N{number}", Role.MANAGER, row=number) for number in numbers]
        with CaptureQueriesContext(connection) as of_units:
            take_in_units(outlets, actor=SYSTEM)
        with CaptureQueriesContext(connection) as of_posts:
            take_in_posts(posts, actor=SYSTEM)
        return len(of_units), len(of_posts)

    few, many = statements(0, 30), statements(1_000, 300)
    assert many == few


def test_an_auditor_does_not_become_system_administrator_by_a_second_delivery() -> None:
    with scope.bulk():
        small_organisation()
        counts = take_in_posts([post_row("wang", "王审", "37", Role.SYSTEM_ADMIN)], actor=SYSTEM)
        assert [(refusal.field, refusal.code) for refusal in counts.refused] == [("role", "exclusive_roles")]
        # who gives the one up in the same delivery may take the other
        ends = post_row("wang", "王审", "37", Role.AUDITOR, valid_to="2026-01-01", is_primary=False)
        begins = post_row("wang", "王审", "37", Role.SECURITY_ADMIN, row=2)
        assert take_in_posts([ends, begins], actor=SYSTEM).refused == []
