"""The bars: who may not decide, whatever their post (申请与审批分离). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Bar(Enum):
    """Why somebody may not decide."""

    MAKER = "maker"
    ABOUT = "about"
    DECIDED = "decided"
    ONE_HAND = "one_hand"
    NOT_CHECKER = "not_checker"


@dataclass(frozen=True, slots=True)
class Hands:
    """Whose act something is (经手人): the `people`, and those `behind` their accounts, who let them in lately.

    People are the staff who act, and whose post it is when it was lent. Whoever hands out an activation code can use
    it, and act as that person until they notice; so can whoever let the first one in.
    """

    people: frozenset[int] = frozenset()
    behind: frozenset[int] = frozenset()

    def __or__(self, other: Hands) -> Hands:
        return Hands(self.people | other.people, self.behind | other.behind)


NOBODY = Hands()


def is_one_hand(one: Hands, other: Hands, *, is_grave: bool) -> bool:
    """Whether two acts could be one person's: either let the other in, or, where it `is_grave`, somebody let in both.

    Only what is grave asks for the latter: while a house is being let in, one person lets in everybody.

    >>> made, decided = Hands(frozenset({1})), Hands(frozenset({2}), frozenset({1}))
    >>> is_one_hand(made, decided, is_grave=False), is_one_hand(made, Hands(frozenset({2})), is_grave=False)
    (True, False)
    """
    if is_grave:
        return not (one.people | one.behind).isdisjoint(other.people | other.behind)
    return not (one.people.isdisjoint(other.behind) and one.behind.isdisjoint(other.people))


@dataclass(frozen=True, slots=True)
class Parties:
    """Who has a part in a request: who asks, who decided a step, whom it is `about`."""

    makers: Hands
    deciders: Hands = NOBODY
    about: frozenset[int] = frozenset()
    is_grave: bool = False


NO_PARTIES = Parties(NOBODY)


def bar(hands: Hands, parties: Parties, *, is_checker: bool) -> Bar | None:
    """What keeps somebody from deciding; None when nothing does.

    Neither another post nor a delegation lets a maker check, nor one person decide two steps (maker ≠ checker, BARS A
    17), nor does an account that was taken over by its activation code. Whom it is about decides nothing of it.

    >>> seven, eight = Hands(frozenset({7})), Hands(frozenset({8}))
    >>> bar(seven, Parties(seven), is_checker=True), bar(eight, Parties(seven, seven), is_checker=True)
    (<Bar.MAKER: 'maker'>, None)
    """
    if not hands.people.isdisjoint(parties.makers.people):
        return Bar.MAKER
    if not hands.people.isdisjoint(parties.about):
        return Bar.ABOUT
    if not hands.people.isdisjoint(parties.deciders.people):
        return Bar.DECIDED
    if is_one_hand(hands, parties.makers | parties.deciders, is_grave=parties.is_grave):
        return Bar.ONE_HAND
    return None if is_checker else Bar.NOT_CHECKER
