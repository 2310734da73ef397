"""Chinese names as they are given, heard, written and mistyped."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

from opencc import OpenCC
from pypinyin import lazy_pinyin

from bench.identity.chance import Chance, listed

# By share of the population, the first four with more than 5 in 100 each.
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
    "单仇解查盖区朴翟缪尉萧傅阎闵阮柯樊骆裴翁路季童凌毕倪岳耿牛关牟詹齐安祝"
)
COMPOUND = ("欧阳", "上官", "诸葛", "司马", "皇甫", "尉迟", "夏侯", "令狐", "慕容", "司徒", "东方", "端木")
GIVEN = {
    True: (
        "伟强军明建国杰勇磊涛超鹏辉志华斌平刚飞波文林海峰浩宇龙东永俊健庆成凯旭阳晨博轩泽子豪天宏亮春新毅"
        "世良清洪荣福松江德新胜学祥才发武贵利仁安邦昌顺根友裕和彪诚先敬震振壮会思群心承乐绍功全仕晟乾铭"
        "帅坤鑫森铮翔煜哲翰骏恒睿宸佑沐谦锋钧剑卫国富生亚南"
    ),
    False: (
        "英芳秀丽娟敏静艳玲红霞燕萍兰桂梅莉华玉琴珍凤云莲娜琳雪婷洁慧巧美雅欣怡晓佳颖倩蕾薇晶妍茜秋珊莎锦"
        "青青婉瑾露瑶婵雁蓓荷丹蓉眉君蕊菁梦岚柔竹凝欢枫芸菲寒伊亚宜可姬舒影荔枝思爱妹芝素真环荣艺涵梓萱雨"
        "诗琪语桐若曦馨彤璐璇淑惠珠翠香月莺媛瑞凡嘉琼勤贞娅琦卿聪澜纯毓悦昭冰爽琬茗羽希宁飘育滢馥筠"
    ),
}
ETHNIC = {
    True: listed(
        """
    买买提 阿卜杜拉 艾力 吐尔逊 库尔班 玉素甫 亚生 扎西 多吉 巴特尔 苏和 艾尔肯 依明
    """
    ),
    False: listed(
        """
    阿依古丽 古丽娜尔 热依汗 帕提古丽 阿依努尔 卓玛 央金 其其格 萨仁 米热古丽
    """
    ),
}
FATHERS = listed(
    """
    买买提 吐尔逊 艾合买提 卡德尔 依明 斯马义 热合曼 沙吾提 次仁 平措
    """
)
TITLES = {
    True: ("先生", "经理", "总", "老师", "师傅", "哥"),
    False: ("女士", "小姐", "老师", "姐", "阿姨", "经理"),
}
_LOOKALIKES = listed(
    """
    莱茉 苹萍 晴睛 杨扬 洋详 玲铃 伟纬 涛淘 泽译 辰晨 宁宇 菁箐 娅亚 妍研 钰玉 怡恰 欣炊 末未 己已 戊戍 于干
    天夭 铭茗 佳住 佩珮 喆哲 堃坤 淼森 祎伟 颖颕 瑾谨 媛缓 婷停 晟成 彬斌 倩清 梦梦 桔桂 凤风 芳方 云去 丹舟
    明朋 亮高
    """
)
# Accents of the country: n and l, with and without g, flat and curled tongue.
_NEAR = (
    ("in", "ing"),
    ("en", "eng"),
    ("an", "ang"),
    ("z", "zh"),
    ("c", "ch"),
    ("s", "sh"),
    ("n", "l"),
    ("h", "f"),
)
_VARIANT_SURNAMES = {
    **dict(zip("肖付闫戴邱于蓝萧傅阎代丘於兰", "萧傅阎代丘於兰肖付闫戴邱于蓝", strict=True)),
}
_TRADITIONAL = OpenCC("s2t")


def draw_surname(chance: Chance) -> str:
    draw = chance.random()
    if draw < 0.24:
        return chance.common(SURNAMES[:5], 0.2)
    return chance.one(COMPOUND) if draw > 0.994 else chance.common(SURNAMES[5:], 0.7)


def draw_given(chance: Chance, *, male: bool) -> str:
    characters = GIVEN[male]
    if chance.happens(0.16):
        return chance.common(characters, 0.8)
    first = chance.common(characters, 0.35)
    return first * 2 if chance.happens(0.04) else first + chance.common(characters, 0.35)


def sibling_given(chance: Chance, given: str, *, male: bool) -> str:
    """A brother's or sister's name: often one character in common (志强, 志刚)."""
    other = draw_given(chance, male=male)
    if len(given) == 2 and chance.happens(0.6):
        other = given[0] + chance.common(GIVEN[male], 0.35)
    return other if other != given else other[-1] + chance.one(GIVEN[male])


def homophone(chance: Chance, name: str, *, near: bool = False) -> str:
    """The name with one character of the given name by its sound, or (``near``) by a sound taken for it."""
    places = list(range(len(name) - 1, 0, -1))
    for place in places:
        sound = lazy_pinyin(name[place])[0]
        sounds = _confused(sound) if near else [sound]
        others = [char for other in sounds for char in _by_sound().get(other, ()) if char != name[place]]
        if others:
            return name[:place] + chance.one(others) + name[place + 1 :]
    return name


def lookalike(chance: Chance, name: str) -> str:
    for pair in _LOOKALIKES:
        for one, other in (pair, pair[::-1]):
            if one in name[1:]:
                return name[0] + name[1:].replace(one, other, 1)
    return name[:-1] + chance.one(GIVEN[True]) if len(name) > 2 and chance.happens(0.3) else name


def dropped(chance: Chance, name: str) -> str:
    """The name without one of its characters, where two remain."""
    place = chance.between(1, len(name) - 1)
    return name[:place] + name[place + 1 :] if len(name) > 2 else name


def variant_surname(name: str) -> str:
    return _VARIANT_SURNAMES.get(name[0], name[0]) + name[1:]


def traditional(name: str) -> str:
    return str(_TRADITIONAL.convert(name))


def latin(chance: Chance, surname: str, given: str) -> str:
    """The name in pinyin, in one of the ways passports, forms and people write it."""
    first = "".join(lazy_pinyin(surname, v_to_u=False)).replace("ü", "v")
    first = {"dan": "shan", "qiu": "qiu", "ceng": "zeng", "chou": "qiu", "xie": "xie", "qu": "ou"}.get(
        first, first
    )
    parts = [part.replace("ü", "v") for part in lazy_pinyin(given)]
    joined = "".join(parts)
    return chance.one(
        (
            f"{first.upper()} {joined.upper()}",
            f"{first.title()} {joined.title()}",
            f"{joined.title()} {first.title()}",
            f"{first.upper()} {joined.title()}",
            f"{first.title()} {'-'.join(part.title() for part in parts)}",
            f"{joined.upper()},{first.upper()}"
            if chance.happens(0.2)
            else f"{first.upper()},{joined.upper()}",
            f"{first}{joined}",
            f"{first.title()} {' '.join(part.title() for part in parts)}",
        )
    )


def _confused(sound: str) -> list[str]:
    found = []
    for one, other in _NEAR:
        if len(one) > 1 and one[-1] == "n":
            if sound.endswith(other):
                found.append(sound[: -len(other)] + one)
            elif sound.endswith(one):
                found.append(sound[: -len(one)] + other)
        elif sound.startswith(other):
            found.append(one + sound[len(other) :])
        elif sound.startswith(one):
            found.append(other + sound[len(one) :])
    return found


@cache
def _by_sound() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    rarer = (
        "玮炜维维琪祺琦奇宜仪亦逸毅艺昊皓颢灏瑜渝郁钰煜昱语羽雨禹芷紫姿资昕馨歆鑫芯尧遥耀"
        "晗含函菡瀚翰汉嫣焉颜彦艳燕雁俐理礼力立励舟州周洲"
    )
    for char in dict.fromkeys(GIVEN[True] + GIVEN[False] + rarer):
        found[lazy_pinyin(char)[0]].append(char)
    return dict(found)
