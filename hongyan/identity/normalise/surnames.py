"""Chinese surnames: single, compound, and those not read as the character alone is (单 shan, not dan)."""

from __future__ import annotations

from functools import cache, lru_cache

from hongyan.identity.normalise.pinyin import READINGS, syllables_of
from hongyan.identity.normalise.text import words

SINGLE = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
    "常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季"
    "裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦"
    "戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻"
    "苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阎花权强帅屠豆朴盖练"
    "廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿"
    "鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利於呼居揭干但尉冶斯元束檀衣信展阴昝智幸奉植衡富尧闭由傅钮丘"
    "佀仉乜乾仵代冒别刑励卻历咸咼员哀唱喇嘎塔墨夔奕妥姒宓宰宇宛寿尔尕山岐岩巢帕幕庆库弓律愈戢拉拓折招揣敏"
    "斛晓暴有木术朋杞松枚柔栋桓楠步殳毋水汝汲沃泥泰洛洪浩涓淡渠滑潭潮澹濮火灵烟热燎牙牧独献珠琚生用甫畅疏"
    "皇直眭矫磨禄种秘秋税空竺竹笪第笃粘线经续缑罕羿习翠考肇胜胶臣自舍良芳苌茆茶草荀荔莘菅萧葆蒯蓟蔚虎补裔"
    "西要见訾言说贡贝贲赏赖赛越足轩辉达过逄逢遆邴郄郅郇郏郗郦郸鄂酆酒释里野钭铁铎镡镇长问间闪闾阔隗雒雪霜"
    "青靖鞏韶顿飞首骞鬲魁鱼麴黑"
)
COMPOUND = words(
    """
    欧阳 上官 司马 诸葛 皇甫 尉迟 万俟 长孙 慕容 司徒 司空 令狐 东方 南宫 夏侯 公孙
    独孤 端木 轩辕 宇文 澹台 鲜于 单于 太史 申屠 钟离 淳于 赫连 濮阳 闻人 公冶 宗政
    呼延 闾丘 公羊 太叔 西门 百里 东郭 南门 羊舌 微生 梁丘 左丘 第五 拓跋 纳兰 完颜
    耶律 叶赫 爱新觉罗 达奚 乌孙 公良 漆雕 乐正 宰父 谷梁 段干 巫马 仲孙 亓官 司寇
    子车
    """
)
# Where the surname is not read as the character alone is. Source: 现代汉语词典 under the entries marked 姓.
_READINGS = {
    surname: tuple(reading.split("-"))
    for surname, reading in (
        entry.split()
        for entry in [
            "单 shan",
            "曾 zeng",
            "仇 qiu",
            "区 ou",
            "解 xie",
            "查 zha",
            "任 ren",
            "盖 ge",
            "翟 zhai",
            "朴 piao",
            "覃 qin",
            "缪 miao",
            "种 chong",
            "秘 bi",
            "员 yun",
            "折 she",
            "乐 yue",
            "宁 ning",
            "冼 xian",
            "洗 xian",
            "薄 bo",
            "都 du",
            "行 xing",
            "莘 shen",
            "祭 zhai",
            "牟 mu",
            "隗 wei",
            "逄 pang",
            "訾 zi",
            "尉 wei",
            "句 gou",
            "干 gan",
            "蔚 yu",
            "召 shao",
            "繁 po",
            "长 zhang",
            "重 chong",
            "黑 he",
            "郇 xun",
            "郗 xi",
            "谌 chen",
            "阚 kan",
            "会 gui",
            "过 guo",
            "藏 zang",
            "华 hua",
            "柏 bai",
            "那 na",
            "葛 ge",
            "燕 yan",
            "应 ying",
            "纪 ji",
            "瞿 qu",
            "车 che",
            "尉迟 yu-chi",
            "万俟 mo-qi",
            "长孙 zhang-sun",
            "单于 chan-yu",
            "澹台 tan-tai",
            "鲜于 xian-yu",
            "令狐 ling-hu",
            "宰父 zai-fu",
            "子车 zi-ju",
            "亓官 qi-guan",
            "乐正 yue-zheng",
            "仲孙 zhong-sun",
        ]
    )
}
SPECIAL = frozenset(_READINGS)
"""Surnames with a reading of their own."""
_LONGEST = max(map(len, COMPOUND))
_COMPOUND_HEADS = frozenset(surname[0] for surname in COMPOUND)


def surname_of(name: str) -> str:
    """The surname at the head of a Chinese name without dots; empty when the name is a transliteration.

    A name of up to three characters begins with a surname even if it is a rare one; a longer one must begin
    with a known surname, and one of five or more with a compound one, for otherwise it is a name like
    阿卜杜拉.

    >>> surname_of("欧阳娜娜"), surname_of("张三"), surname_of("阿卜杜拉买买提"), surname_of("乜三")
    ('欧阳', '张', '', '乜')
    """
    if name[:1] in _COMPOUND_HEADS:
        for length in range(min(_LONGEST, len(name)), 1, -1):
            if name[:length] in COMPOUND and len(name) <= length + 2:
                return name[:length]
    if len(name) <= 3 or (len(name) == 4 and name[0] in SINGLE):
        return name[:1]
    return ""


@lru_cache(maxsize=4096)
def surname_syllables(surname: str) -> tuple[str, ...]:
    """How a surname is read.

    >>> surname_syllables("单"), surname_syllables("尉迟"), surname_syllables("张")
    (('shan',), ('yu', 'chi'), ('zhang',))
    """
    if special := _READINGS.get(surname):
        return special
    return (READINGS[surname],) if len(surname) == 1 and READINGS[surname] else syllables_of(surname)


@cache
def surname_pinyins() -> frozenset[str]:
    """The pinyin of every known surname, without spaces.

    >>> {"zhang", "ouyang", "zeng"} <= surname_pinyins(), "xiaoming" in surname_pinyins()
    (True, False)
    """
    return frozenset("".join(surname_syllables(surname)) for surname in SINGLE | COMPOUND)
