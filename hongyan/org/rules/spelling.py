"""How names are typed on a keyboard (拼音), for sorting and finding. Pure."""

from __future__ import annotations

from hongyan.identity.normalise.names import person_name
from hongyan.identity.normalise.pinyin import syllables_of


def spelling_of_person(name: str) -> str:
    """Full pinyin, then initials; empty for a name that has none.

    >>> spelling_of_person("单雄信"), spelling_of_person("ZHANG San")
    ('shanxiongxin sxx', 'zhangsan zs')
    """
    read = person_name(name)
    return f"{read.pinyin} {read.initials}".strip()


def spelling_of_unit(name: str) -> str:
    """Full pinyin, then initials, of the name's Chinese characters.

    >>> spelling_of_unit("历下区泉城路支局")
    'lixiaququanchengluzhiju lxqqclzj'
    """
    syllables = syllables_of(name)
    return f"{''.join(syllables)} {''.join(syllable[0] for syllable in syllables)}".strip()
