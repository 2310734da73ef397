"""Staff and their posts (人员、岗位接入)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from hongyan.core import audit, clock, vault
from hongyan.core.audit import Actor
from hongyan.core.masking import mask_phone
from hongyan.core.sealed import open_sealed, uuid_for
from hongyan.org.actions.passwords import withdraw_activations
from hongyan.org.actions.writing import assign, hold_organisation, insert, update
from hongyan.org.codes import EXCLUSIVE_ROLES, Bringer, Counts, PostRow, PostSource, Refusal, Role, Tree
from hongyan.org.models import Place, Post, Staff
from hongyan.org.queries.viewers import is_not_over
from hongyan.org.rights import GUARDED_ROLES
from hongyan.org.rules.by_hand import bar_of_post
from hongyan.org.rules.deliveries import day_of, sound_posts, without_exclusive
from hongyan.org.rules.spelling import spelling_of_person

STAFF_FACTS = ("name", "pinyin", "gender", "email", "mobile_sealed", "mobile_masked")
POST_FACTS = ("line_codes", "is_primary", "valid_from", "valid_to")
MOBILE_COLUMN = "mobile"
"""What a sealed mobile is bound to, beside the staff member's uuid."""

PostKey = tuple[str, str, str, str]  # staff number, unit code, tree, role


def take_in_posts(rows: Sequence[PostRow], *, actor: Actor, by_hand: Bringer | None = None) -> Counts:
    """Take in staff and posts, one row a post; a person's facts come from the row of the primary post, else the first.

    New staff have no usable password; a code that is out for somebody whose posts change is void. A post keeps its role
    and unit for ever: another role or unit is another post, and the old one ends by its end date. When a row names the
    primary post, the person's other posts cease to be it. Posts that were granted here are left as they are.

    `by_hand` is the person who brought the rows, None for the personnel system: what they may not change is refused,
    and left as it is where it would change nothing (`rules.by_hand`).
    """
    with transaction.atomic():
        hold_organisation()
        places = _places(rows)
        sound, refused = sound_posts(rows, places.keys())
        taken, excluded = without_exclusive(sound, _held_roles(sound), today=clock.business_date())
        refused += excluded
        counts = Counts(refused=refused)
        if by_hand:
            taken = _theirs(taken, places, by_hand, counts)
        staff, changed = _write_staff(taken)
        _write_posts(taken, places, staff, changed, counts)
        if counts.changed:
            audit.record(
                actor, "org.take_in_posts", "post", "", count=counts.changed,
                after={"new": counts.new, "updated": counts.updated, "refused": len(counts.refused)},
            )  # fmt: skip
    return counts


def _places(rows: Iterable[PostRow]) -> dict[tuple[str, Tree], Place]:
    stored = Place.objects.filter(unit__code__in={row.unit_code for row in rows}).select_related("unit")
    return {(place.unit.code, Tree(place.tree)): place for place in stored}


def _held_roles(rows: Iterable[PostRow]) -> dict[str, list[Role]]:
    """Staff number → roles of posts that are not over, besides the delivered ones, which may end with the delivery."""
    delivered = {(row.staff_no, row.unit_code, row.tree, row.role) for row in rows}
    posts = Post.objects.filter(
        is_not_over(clock.business_date()),
        staff__staff_no__in={row.staff_no for row in rows},
        role__in=EXCLUSIVE_ROLES,
    )
    held: dict[str, list[Role]] = defaultdict(list)
    for staff_no, unit, tree, role, source in posts.values_list(
        "staff__staff_no", "place__unit__code", "place__tree", "role", "source"
    ):
        if source == PostSource.GRANT or (staff_no, unit, tree, role) not in delivered:
            held[staff_no].append(Role(role))
    return held


def _theirs(
    rows: Sequence[PostRow], places: Mapping[tuple[str, Tree], Place], by: Bringer, counts: Counts
) -> list[PostRow]:
    """The rows that a person may bring; the others are counted: refused, or unchanged where they change nothing."""
    elsewhere = _beyond({row.staff_no for row in rows}, by)
    stored = {_key_of(post): post for post in _stored_posts({row.staff_no for row in rows})}
    guardians = {
        post.staff.staff_no for post in stored.values() if post.is_primary and post.role in GUARDED_ROLES
    }
    theirs = []
    for row in rows:
        org_no = places[row.unit_code, row.tree].lo
        bar = bar_of_post(
            row,
            org_no=org_no,
            is_elsewhere=row.staff_no in elsewhere,
            is_guardian=row.staff_no in guardians,
            by=by,
        )
        if bar is None:
            theirs.append(row)
        elif _changes(row, stored.get((row.staff_no, row.unit_code, row.tree, row.role))):
            counts.refused.append(Refusal(row.row, *bar, {"staff_no": row.staff_no}))
        else:
            counts.unchanged += 1
    return theirs


def _beyond(staff_nos: Collection[str], by: Bringer) -> set[str]:
    """Those of some people who have, or will have, a post that somebody does not see."""
    if by.scope.everything:
        return set()
    posts = Post.objects.filter(is_not_over(clock.business_date()), staff__staff_no__in=staff_nos)
    beyond = posts.exclude(place__lo__range=(by.scope.lo, by.scope.hi))
    return set(beyond.values_list("staff__staff_no", flat=True))


def _changes(row: PostRow, post: Post | None) -> bool:
    return post is None or any(getattr(post, name) != value for name, value in _facts(row).items())


# --- staff


def _write_staff(rows: Sequence[PostRow]) -> tuple[dict[str, Staff], set[str]]:
    """Insert new staff and update changed ones: all staff of the rows by number, and who was updated."""
    defining: dict[str, PostRow] = {}
    for row in sorted(rows, key=lambda row: not row.is_primary):
        defining.setdefault(row.staff_no, row)
    staff = {person.staff_no: person for person in Staff.objects.filter(staff_no__in=defining)}
    changed = [person for number, person in staff.items() if _assign_staff(person, defining[number])]
    closed = make_password(None)  # no password opens it; drawing one for each of thousands would take seconds
    new = [_new_staff(row, closed) for number, row in defining.items() if number not in staff]
    update(Staff, changed, STAFF_FACTS)
    insert(Staff, new)
    return staff | {person.staff_no: person for person in new}, {person.staff_no for person in changed}


def _new_staff(row: PostRow, password: str) -> Staff:
    bound = uuid_for(Staff._meta.db_table, row.staff_no)
    person = Staff(uuid=bound, staff_no=row.staff_no, password=password)
    _assign_staff(person, row)
    return person


def _assign_staff(person: Staff, row: PostRow) -> bool:
    facts = {"name": row.name, "gender": row.gender or "0", "email": row.email}
    changed = assign(person, {**facts, "pinyin": spelling_of_person(row.name)[:120]})
    # sealing the same number twice gives two different texts, so the open ones are compared
    if _mobile(person) == row.mobile:
        return changed
    person.mobile_sealed = vault.seal(row.mobile.encode(), record=person.uuid, column=MOBILE_COLUMN)
    person.mobile_masked = mask_phone(row.mobile)
    return True


def _mobile(person: Staff) -> str:
    if not person.mobile_sealed:
        return ""
    return open_sealed(person, "mobile_sealed").decode()


# --- posts


def _write_posts(
    rows: Sequence[PostRow],
    places: Mapping[tuple[str, Tree], Place],
    staff: Mapping[str, Staff],
    changed_staff: set[str],
    counts: Counts,
) -> None:
    posts = {_key_of(post): post for post in _stored_posts(staff)}
    _demote_others(rows, posts)
    new, changed = [], []
    for row in rows:
        post = posts.get((row.staff_no, row.unit_code, row.tree, row.role))
        if post is None:
            place = places[row.unit_code, row.tree]
            new.append(Post(staff=staff[row.staff_no], place=place, role=row.role, **_facts(row)))
            counts.new += 1
        elif assign(post, _facts(row)):
            changed.append(post)
            counts.updated += 1
        elif row.staff_no in changed_staff:
            counts.updated += 1
        else:
            counts.unchanged += 1
    update(Post, changed, POST_FACTS)
    insert(Post, new)
    withdraw_activations({post.staff_id for post in (*new, *changed)})


def _stored_posts(staff: Collection[str]) -> Iterable[Post]:
    posts = Post.objects.filter(staff__staff_no__in=staff, source=PostSource.FILE)
    return posts.select_related("staff", "place__unit")


def _key_of(post: Post) -> PostKey:
    return post.staff.staff_no, post.place.unit.code, post.place.tree, post.role


def _facts(row: PostRow) -> dict[str, Any]:
    return {
        "line_codes": list(row.line_codes),
        "is_primary": row.is_primary,
        "valid_from": day_of(row.valid_from),
        "valid_to": day_of(row.valid_to),
    }


def _demote_others(rows: Iterable[PostRow], posts: Mapping[PostKey, Post]) -> None:
    """Posts that are primary although a row names another one of the same person, and do not speak for themselves."""
    delivered = {(row.staff_no, row.unit_code, row.tree, row.role) for row in rows}
    renamed = {row.staff_no for row in rows if row.is_primary}
    others = [
        post.pk
        for key, post in posts.items()
        if post.is_primary and post.staff.staff_no in renamed and key not in delivered
    ]
    Post.objects.filter(pk__in=others).update(is_primary=False)
