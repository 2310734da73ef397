"""What can be said of two rows of the normalised table: each condition once, for SQL and for Python.

The batch asks millions of pairs in SQL, the online check one pair in Python; both answers come from the same
object, and a test holds them equal. A condition is never unknown: what is not said (NULL) does not agree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from rapidfuzz.distance import DamerauLevenshtein, Levenshtein

Row = Mapping[str, Any]
"""One party: column of the normalised table → value; an absent column says nothing."""

Naming = Callable[[str, str], str]
"""(side, column) → how SQL names it; the side is ``l`` or ``r``."""


class Condition(Protocol):
    """Something that holds of a pair or not; the order of the pair does not matter."""

    def sql(self, at: Naming) -> str:
        """The condition in DuckDB's dialect, never NULL."""

    def holds(self, left: Row, right: Row) -> bool:
        """The condition of two rows."""


def dotted(side: str, column: str) -> str:
    """The naming of a join of two aliases.

    >>> dotted("l", "name_key")
    'l.name_key'
    """
    return f"{side}.{column}"


@dataclass(frozen=True, slots=True)
class Known:
    """Both sides say something."""

    column: str

    def sql(self, at: Naming) -> str:
        return f"({at('l', self.column)} IS NOT NULL AND {at('r', self.column)} IS NOT NULL)"

    def holds(self, left: Row, right: Row) -> bool:
        return left.get(self.column) is not None and right.get(self.column) is not None


@dataclass(frozen=True, slots=True)
class Silent:
    """Neither side says anything."""

    column: str

    def sql(self, at: Naming) -> str:
        return f"({at('l', self.column)} IS NULL AND {at('r', self.column)} IS NULL)"

    def holds(self, left: Row, right: Row) -> bool:
        return left.get(self.column) is None and right.get(self.column) is None


@dataclass(frozen=True, slots=True)
class Same:
    """Both say the same.

    >>> Same("name_key").sql(dotted)
    'coalesce(l.name_key = r.name_key, FALSE)'
    >>> Same("name_key").holds({"name_key": "张三"}, {"name_key": "张三"}), Same("email").holds({}, {})
    (True, False)
    """

    column: str

    def sql(self, at: Naming) -> str:
        return f"coalesce({at('l', self.column)} = {at('r', self.column)}, FALSE)"

    def holds(self, left: Row, right: Row) -> bool:
        ours = left.get(self.column)
        return ours is not None and ours == right.get(self.column)


@dataclass(frozen=True, slots=True)
class Always:
    """Holds of every pair."""

    def sql(self, _at: Naming) -> str:
        return "TRUE"

    def holds(self, _left: Row, _right: Row) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Crossed:
    """What one side says under one column the other says under another (a company's former name)."""

    column: str
    other: str

    def sql(self, at: Naming) -> str:
        crossed = (f"{at(one, self.column)} = {at(two, self.other)}" for one, two in (("l", "r"), ("r", "l")))
        return " OR ".join(f"coalesce({equal}, FALSE)" for equal in crossed).join("()")

    def holds(self, left: Row, right: Row) -> bool:
        pairs = (
            (left.get(self.column), right.get(self.other)),
            (right.get(self.column), left.get(self.other)),
        )
        return any(one is not None and one == other for one, other in pairs)


@dataclass(frozen=True, slots=True)
class Shares:
    """Two lists have an entry in common."""

    column: str

    def sql(self, at: Naming) -> str:
        return f"coalesce(list_has_any({at('l', self.column)}, {at('r', self.column)}), FALSE)"

    def holds(self, left: Row, right: Row) -> bool:
        return not set(left.get(self.column) or ()).isdisjoint(right.get(self.column) or ())


@dataclass(frozen=True, slots=True)
class Is:
    """Both sides (``both``) or at least one of them have one of the values.

    >>> Is("name_form", ("masked",), both=False).holds({"name_form": "masked"}, {"name_form": "han"})
    True
    """

    column: str
    values: tuple[str, ...]
    both: bool = True

    def sql(self, at: Naming) -> str:
        values = ", ".join(f"'{value}'" for value in self.values)
        sides = (f"coalesce({at(side, self.column)} IN ({values}), FALSE)" for side in "lr")
        return f"({(' AND ' if self.both else ' OR ').join(sides)})"

    def holds(self, left: Row, right: Row) -> bool:
        found = [side.get(self.column) in self.values for side in (left, right)]
        return all(found) if self.both else any(found)


@dataclass(frozen=True, slots=True)
class Flag:
    """Both sides say yes."""

    column: str

    def sql(self, at: Naming) -> str:
        return f"coalesce({at('l', self.column)} AND {at('r', self.column)}, FALSE)"

    def holds(self, left: Row, right: Row) -> bool:
        return bool(left.get(self.column) and right.get(self.column))


@dataclass(frozen=True, slots=True)
class Near:
    """Two texts of Latin letters and digits are at most ``edits`` keystrokes apart (Damerau–Levenshtein).

    ``longer_than``: shorter texts are never near, only the same. Distances count bytes, as DuckDB does.

    >>> Near("id_number", 1).holds({"id_number": "1804974"}, {"id_number": "1804794"})
    True
    """

    column: str
    edits: int
    longer_than: int = 0

    def sql(self, at: Naming) -> str:
        ours, theirs = at("l", self.column), at("r", self.column)
        likely = f"abs(strlen({ours}) - strlen({theirs})) <= {self.edits}"
        if self.longer_than:
            likely += f" AND least(strlen({ours}), strlen({theirs})) > {self.longer_than}"
        if (
            self.edits == 1
        ):  # one keystroke leaves one half as it was: cheap to ask, and rarely so of strangers
            half = f"greatest((least(strlen({ours}), strlen({theirs})) - 2) // 2, 0)"
            likely += (
                f" AND (left({ours}, {half}) = left({theirs}, {half})"
                f" OR right({ours}, {half}) = right({theirs}, {half}))"
            )
        near = f"CASE WHEN {likely} THEN damerau_levenshtein({ours}, {theirs}) <= {self.edits} END"
        return f"coalesce({near}, FALSE)"

    def holds(self, left: Row, right: Row) -> bool:
        ours, theirs = left.get(self.column), right.get(self.column)
        if ours is None or theirs is None:
            return False
        one, other = ours.encode(), theirs.encode()
        if min(len(one), len(other)) <= self.longer_than:
            return False
        return DamerauLevenshtein.distance(one, other, score_cutoff=self.edits) <= self.edits


_LONGEST_NAME = 6


@dataclass(frozen=True, slots=True)
class Replaced:
    """Two texts of three to six characters differ in one of them (张建国, 张建军)."""

    column: str

    def sql(self, at: Naming) -> str:
        ours, theirs = at("l", self.column), at("r", self.column)
        equal = " + ".join(f"({ours}[{i}] = {theirs}[{i}])::INT" for i in range(1, _LONGEST_NAME + 1))
        return (
            f"coalesce(CASE WHEN length({ours}) = length({theirs}) AND length({ours}) BETWEEN 3 AND {_LONGEST_NAME}"
            f" THEN {equal} = {_LONGEST_NAME - 1} END, FALSE)"
        )

    def holds(self, left: Row, right: Row) -> bool:
        ours, theirs = left.get(self.column), right.get(self.column)
        if ours is None or theirs is None or len(ours) != len(theirs) or not 3 <= len(ours) <= _LONGEST_NAME:
            return False
        return [one != other for one, other in zip(ours, theirs, strict=True)].count(True) == 1


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One text of three to six characters is the other but for a character left out (张建国, 张国)."""

    column: str

    def sql(self, at: Naming) -> str:
        ours, theirs = at("l", self.column), at("r", self.column)
        return (
            f"coalesce(CASE WHEN greatest(length({ours}), length({theirs})) NOT BETWEEN 3 AND {_LONGEST_NAME}"
            " THEN FALSE"
            f" WHEN length({ours}) = length({theirs}) + 1 THEN {self._left_out(theirs, ours)}"
            f" WHEN length({theirs}) = length({ours}) + 1 THEN {self._left_out(ours, theirs)} END, FALSE)"
        )

    def _left_out(self, short: str, full: str) -> str:
        places = (
            f"(length({short}) >= {i} AND left({short}, {i}) = left({full}, {i})"
            f" AND right({short}, length({short}) - {i}) = right({full}, length({short}) - {i}))"
            for i in range(_LONGEST_NAME)
        )
        return f"({' OR '.join(places)})"

    def holds(self, left: Row, right: Row) -> bool:
        ours, theirs = left.get(self.column), right.get(self.column)
        if ours is None or theirs is None or not 3 <= max(len(ours), len(theirs)) <= _LONGEST_NAME:
            return False
        return len(ours) != len(theirs) and Levenshtein.distance(ours, theirs, score_cutoff=1) == 1


_SHORTEST_HEAD, _LONG_NAME = 2, 5


@dataclass(frozen=True, slots=True)
class Begins:
    """One text of five characters or more begins with the other, of two or more (尼加提 for 尼加提·托合提)."""

    column: str

    def sql(self, at: Naming) -> str:
        ours, theirs = at("l", self.column), at("r", self.column)
        long_enough = (
            f"least(length({ours}), length({theirs})) >= {_SHORTEST_HEAD}"
            f" AND greatest(length({ours}), length({theirs})) >= {_LONG_NAME}"
        )
        return f"coalesce({long_enough} AND (starts_with({ours}, {theirs}) OR starts_with({theirs}, {ours})), FALSE)"

    def holds(self, left: Row, right: Row) -> bool:
        ours, theirs = left.get(self.column), right.get(self.column)
        if ours is None or theirs is None:
            return False
        short, long = sorted((ours, theirs), key=len)
        return bool(len(short) >= _SHORTEST_HEAD and len(long) >= _LONG_NAME and long.startswith(short))


@dataclass(frozen=True, slots=True)
class Abbreviates:
    """One text leaves out characters of the other: 人社局 for 人力资源和社会保障局, 工行 for 中国工商银行.

    The short one, of two to ``longest`` characters, keeps their order and the first one, besides a leading 中国.
    """

    column: str
    longest: int

    def sql(self, at: Naming) -> str:
        ours, theirs = at("l", self.column), at("r", self.column)
        return f"coalesce({self._sql(ours, theirs)} OR {self._sql(theirs, ours)}, FALSE)"

    def _sql(self, short: str, full: str) -> str:
        likely = f"length({short}) BETWEEN 2 AND {self.longest} AND length({short}) < length({full})"
        first = f"left({short}, 1) IN (left({full}, 1), substr({full}, 3, 1))"
        pattern = f"array_to_string(string_split({short}, ''), '%') || '%'"
        like = f"({full} LIKE {pattern} OR {full} LIKE '中国' || {pattern})"
        return f"CASE WHEN {likely} AND {first} THEN {like} ELSE FALSE END"

    def holds(self, left: Row, right: Row) -> bool:
        ours, theirs = left.get(self.column), right.get(self.column)
        if ours is None or theirs is None:
            return False
        short, full = sorted((ours, theirs), key=len)
        if not 2 <= len(short) <= self.longest or len(short) == len(full):
            return False
        return _leaves_out(short, full) or (full.startswith("中国") and _leaves_out(short, full[2:]))


def _leaves_out(short: str, full: str) -> bool:
    rest = iter(full)
    return full[:1] == short[0] and all(char in rest for char in short)


@dataclass(frozen=True, slots=True)
class Nickname:
    """One side is no more than the last character of the other's name, maybe after 小 or 阿 (小海 for 张刚海)."""

    column: str

    def sql(self, at: Naming) -> str:
        ours, theirs = at("l", self.column), at("r", self.column)
        return f"coalesce({self._sql(ours, theirs)} OR {self._sql(theirs, ours)}, FALSE)"

    def _sql(self, short: str, full: str) -> str:
        called = f"(length({short}) = 1 OR (length({short}) = 2 AND left({short}, 1) IN ('小', '阿')))"
        return f"({called} AND length({full}) > 1 AND right({short}, 1) = right({full}, 1))"

    def holds(self, left: Row, right: Row) -> bool:
        ours, theirs = left.get(self.column), right.get(self.column)
        if ours is None or theirs is None:
            return False
        return any(
            (len(short) == 1 or (len(short) == 2 and short[0] in "小阿"))
            and len(full) > 1
            and short[-1] == full[-1]
            for short, full in ((ours, theirs), (theirs, ours))
        )


@dataclass(frozen=True, slots=True)
class Covers:
    """One text with hidden parts can stand for the other: a star hides one character, n stars one to n.

    ``王*明`` stands for 王小明, ``138****8000`` for the whole number; two hidden texts only if they are equal.
    ``surname``: a text without any star stands for what begins with it (王 for 王小明).

    >>> Covers("name_key", surname=True).holds({"name_key": "王*明"}, {"name_key": "王小明"})
    True
    """

    column: str
    surname: bool = False

    def sql(self, at: Naming) -> str:
        ours, theirs = at("l", self.column), at("r", self.column)
        return f"coalesce({ours} = {theirs} OR {self._sql(ours, theirs)} OR {self._sql(theirs, ours)}, FALSE)"

    def _sql(self, short: str, full: str) -> str:
        head, tail = f"split_part({short}, '*', 1)", f"string_split({short}, '*')[-1]"
        starred = (
            f"contains({short}, '*') AND NOT contains({full}, '*') AND starts_with({full}, {head})"
            f" AND ends_with({full}, {tail}) AND length({full}) <= length({short})"
            f" AND length({full}) > length({head}) + length({tail})"
        )
        begins = f" OR (NOT contains({short}, '*') AND starts_with({full}, {short}))" if self.surname else ""
        return f"(({starred}){begins})"

    def holds(self, left: Row, right: Row) -> bool:
        ours, theirs = left.get(self.column), right.get(self.column)
        if ours is None or theirs is None:
            return False
        return ours == theirs or self._covers(ours, theirs) or self._covers(theirs, ours)

    def _covers(self, short: str, full: str) -> bool:
        if "*" not in short:
            return self.surname and full.startswith(short)
        head, tail = short.split("*")[0], short.split("*")[-1]
        return (
            "*" not in full
            and full.startswith(head)
            and full.endswith(tail)
            and len(head) + len(tail) < len(full) <= len(short)
        )


@dataclass(frozen=True, slots=True)
class Within:
    """The shorter text, of at least ``shortest`` characters, stands inside the longer one (鼎盛食品)."""

    column: str
    shortest: int

    def sql(self, at: Naming) -> str:
        ours, theirs = at("l", self.column), at("r", self.column)
        long_enough = f"least(length({ours}), length({theirs})) >= {self.shortest}"
        inside = f"(contains({ours}, {theirs}) OR contains({theirs}, {ours}))"
        return f"coalesce({long_enough} AND {inside}, FALSE)"

    def holds(self, left: Row, right: Row) -> bool:
        ours, theirs = left.get(self.column), right.get(self.column)
        if ours is None or theirs is None or min(len(ours), len(theirs)) < self.shortest:
            return False
        return ours in theirs or theirs in ours


@dataclass(frozen=True, slots=True)
class EndsAlike:
    """The longer text ends with the shorter one, of at least ``shortest`` characters (城子河鑫泰, 鑫泰)."""

    column: str
    shortest: int

    def sql(self, at: Naming) -> str:
        ours, theirs = at("l", self.column), at("r", self.column)
        long_enough = f"least(length({ours}), length({theirs})) >= {self.shortest}"
        return (
            f"coalesce({long_enough} AND (ends_with({ours}, {theirs}) OR ends_with({theirs}, {ours})), FALSE)"
        )

    def holds(self, left: Row, right: Row) -> bool:
        ours, theirs = left.get(self.column), right.get(self.column)
        if ours is None or theirs is None or min(len(ours), len(theirs)) < self.shortest:
            return False
        return bool(ours.endswith(theirs) or theirs.endswith(ours))


@dataclass(frozen=True, slots=True)
class Overlap:
    """Of the shorter of two lists at least ``share`` percent (0–100) stand in the other one too.

    ``at_least`` entries have to be common in any case.

    >>> Overlap("words", 50, 1).holds({"words": ["john", "smith"]}, {"words": ["jon", "smith"]})
    True
    """

    column: str
    share: int
    at_least: int

    def sql(self, at: Naming) -> str:
        ours, theirs = at("l", self.column), at("r", self.column)
        common, fewest = f"len(list_intersect({ours}, {theirs}))", f"least(len({ours}), len({theirs}))"
        return f"coalesce({common} >= {self.at_least} AND {common} * 100 >= {self.share} * {fewest}, FALSE)"

    def holds(self, left: Row, right: Row) -> bool:
        ours, theirs = left.get(self.column) or (), right.get(self.column) or ()
        common = len(set(ours) & set(theirs))
        return common >= self.at_least and common * 100 >= self.share * min(len(ours), len(theirs))


@dataclass(frozen=True, slots=True)
class WordsNear:
    """Words of the shorter list stand in the other one, but for slips in long words without digits.

    One keystroke from four letters on, two from seven on (jessica, jesdicai).

    ``at_least`` words and ``share`` percent (0–100) of the shorter list are needed.

    >>> green = WordsNear("words", at_least=1)
    >>> green.holds({"words": ["mitchell", "green"]}, {"words": ["mitchel"]})
    True
    >>> green.holds({"words": ["li"]}, {"words": ["lu"]})
    False
    """

    column: str
    at_least: int
    share: int = 0

    def sql(self, at: Naming) -> str:
        ours, theirs = at("l", self.column), at("r", self.column)
        near = (
            f"x = y OR (strlen(x) >= {_LONG_WORD} AND strlen(y) >= {_LONG_WORD} AND left(x, 1) > '9'"
            " AND left(y, 1) > '9' AND abs(strlen(x) - strlen(y)) <= 2"
            " AND damerau_levenshtein(x, y)"
            f" <= 1 + (least(strlen(x), strlen(y)) >= {_LONGER_WORD})::INT)"
        )

        def found(short: str, full: str) -> str:
            return f"len(list_filter({short}, lambda x: len(list_filter({full}, lambda y: {near})) > 0))"

        count = f"CASE WHEN len({ours}) <= len({theirs}) THEN {found(ours, theirs)} ELSE {found(theirs, ours)} END"
        fewest = f"least(len({ours}), len({theirs}))"
        return f"coalesce({count} >= greatest({self.at_least}, {self.share} * {fewest} / 100), FALSE)"

    def holds(self, left: Row, right: Row) -> bool:
        short, full = left.get(self.column) or (), right.get(self.column) or ()
        if len(full) < len(short):
            short, full = full, short
        found = sum(any(_near_words(one, other) for other in full) for one in short)
        return found >= max(self.at_least, self.share * len(short) / 100)


_LONG_WORD, _LONGER_WORD = 4, 7


def _near_words(one: str, other: str) -> bool:
    if one == other:
        return True
    shortest = min(len(one), len(other))
    if shortest < _LONG_WORD or one[0] <= "9" or other[0] <= "9":
        return False
    slips = 2 if shortest >= _LONGER_WORD else 1
    return DamerauLevenshtein.distance(one, other, score_cutoff=slips) <= slips


@dataclass(frozen=True, slots=True)
class All:
    """Every one of the conditions holds."""

    conditions: tuple[Condition, ...]

    def sql(self, at: Naming) -> str:
        return "(" + " AND ".join(condition.sql(at) for condition in self.conditions) + ")"

    def holds(self, left: Row, right: Row) -> bool:
        return all(condition.holds(left, right) for condition in self.conditions)


@dataclass(frozen=True, slots=True)
class Some:
    """At least one of the conditions holds."""

    conditions: tuple[Condition, ...]

    def sql(self, at: Naming) -> str:
        return "(" + " OR ".join(condition.sql(at) for condition in self.conditions) + ")"

    def holds(self, left: Row, right: Row) -> bool:
        return any(condition.holds(left, right) for condition in self.conditions)


@dataclass(frozen=True, slots=True)
class Not:
    """The condition does not hold."""

    condition: Condition

    def sql(self, at: Naming) -> str:
        return f"(NOT {self.condition.sql(at)})"

    def holds(self, left: Row, right: Row) -> bool:
        return not self.condition.holds(left, right)


def differ(column: str) -> Condition:
    """Both sides say something, and not the same."""
    return All((Known(column), Not(Same(column))))


def every(*conditions: Condition) -> Condition:
    """All of them."""
    return All(conditions)


def some(*conditions: Condition) -> Condition:
    """At least one of them."""
    return Some(conditions)
