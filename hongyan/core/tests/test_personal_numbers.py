"""Numbers of people in free text: found however they are written, and nothing that is wanted (BARS A 7)."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hongyan.core.personal_numbers import Kind, find_numbers, mask_numbers

MOBILES = (
    "13812345678", "联系13812345678。", "138 1234 5678", "138-1234-5678", "(138)1234-5678", "138.1234.5678",
    "138,1234,5678", "13812 345678", "1381234 5678", "1 3 8 1 2 3 4 5 6 7 8", "+86 138 1234 5678", "86-13812345678",
    "8613812345678", "0086 13812345678", "013812345678", "１３８１２３４５６７８", "１３８－１２３４－５６７８",
    "138\u200b1234\u200b5678", "1\u200b3\u200b8\u200b12345678", "①③⑧①②③④⑤⑥⑦⑧", "一三八一二三四五六七八",
    "幺三八 一二三四 五六七八", "tel13812345678", "TEL13812345678", "2026-11-23 13812345678", "13812345678转3",
    "T13812345678", "V13812345678", "加V13812345678", "138 - 1234 - 5678", "138、1234、5678",
    "一三八、一二三四、五六七八", "138 12 34 56 78", "138-12-34-56-78", "+86 138.12.34.56.78", "138:1234:5678",
    "138：1234：5678",
)  # fmt: skip
CREDENTIALS = (
    "11010519491231002X", "11010519491231002x", "１１０１０５１９４９１２３１００２Ｘ", "110105 19491231 002X",
    "1101 0519 4912 3100 2X", "110105-19491231-002X", "440524188001010014", "证号440524188001010014。",
    "440524188001010015",  # mistyped: the check digit is wrong, the person is the same
    "370102800101001", "E12345678", "g12345678", "EA1234567", "H12345678", "M1234567801", "军字第1234567号",
    "C12345678", "CA1234567", "110105:19491231:002X",
)  # fmt: skip
CARDS = ("6217001234567890123", "6217 0012 3456 7890 123", "4111111111111111", "4111-1111-1111-1111")
LANDLINES = (
    "0531-82345678", "(0531) 8234 5678", "010 65123456", "053182345678", "0531 - 82345678", "+86-531-82345678",
    "86-531-82345678", "0086 531 82345678", "0531:82345678",
    "0531-12345678",  # nobody has it, but whoever writes it so means a telephone
)  # fmt: skip
EMAILS = ("wang.li@example.com", "邮箱wang_li@mail.example.com.cn，")

EVERYDAY = (Path(__file__).parent / "everyday_sentences.txt").read_text("utf-8").splitlines()
WANTED = (
    "EB000717618HK", "9900000000123", "99 0000 0000 123", "H00000000017", "H13812345678", "D00000012", "X00000123",
    "S100000142511000", "E100000682511000", "883725111000000901", "99371000000101", "003710000838", "37010210000001000",
    "370102001", "AG-2026-001", "鲁邮发〔2026〕12号", "2026-11-23 12:30:45", "20261123130501", "2026.11.23-2026.12.31",
    "G20261122", "KG_CUST_20261122.txt", "13,812,345,678元", "1 3 5 7 9 11 13 15 17", "批次12、13、14、15、16、17、18",
    "金额139.50 2026.11.23", "二〇二六年十一月二十三日", "11183", "95580", "#13812345678abcde",
    "5f1e13812345678abcdef0123456789a", "c0a8f1e2-1234-1381-2345-67813812345a", "2026-11-01 至 2026-11-30 共 138 件",
)  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        *((Kind.MOBILE, text) for text in MOBILES),
        *((Kind.CREDENTIAL, text) for text in CREDENTIALS),
        *((Kind.CARD, text) for text in CARDS),
        *((Kind.LANDLINE, text) for text in LANDLINES),
        *((Kind.EMAIL, text) for text in EMAILS),
    ],
)
def test_a_number_is_found_once_whatever_its_form(kind: Kind, text: str) -> None:
    assert [found.kind for found in find_numbers(text)] == [kind]
    assert [found.kind for found in find_numbers(f"客户说：{text}，请回电")] == [kind]


@pytest.mark.parametrize("text", WANTED)
def test_what_the_house_numbers_is_left_alone(text: str) -> None:
    assert find_numbers(text) == ()
    assert mask_numbers(text) == text


@pytest.mark.parametrize("text", EVERYDAY)
def test_an_everyday_sentence_is_no_refusal(text: str) -> None:
    """What clerks write all day: orders, amounts, days, units, postcodes, addresses, invoices, statutes."""
    assert find_numbers(text) == ()


def s10(random: Random) -> str:
    serial = f"{random.randrange(10**8):08}"
    rest = 11 - sum(w * int(d) for w, d in zip((8, 6, 4, 2, 3, 5, 9, 7), serial, strict=True)) % 11
    return f"{random.choice('CELRV')}{random.choice('ABCDX')}{serial}{ {10: 0, 11: 5}.get(rest, rest) }CN"


def test_item_numbers_are_no_numbers_of_people() -> None:
    """Postal numbers stand in every second reason: none of them may be refused."""
    random = Random(20261123)
    numbers = [s10(random) for _ in range(20_000)]
    numbers += [
        f"{random.choice(('10', '11', '12', '13', '50', '97', '98', '99'))}{random.randrange(10**11):011}"
        for _ in range(20_000)
    ]
    assert [number for number in numbers if find_numbers(number)] == []


def test_the_place_is_that_of_the_text_as_it_was_typed() -> None:
    text = "\u200b请打\u200b１３８ １２３４ ５６７８"
    (found,) = find_numbers(text)
    assert (found.start, text[found.start : found.end]) == (4, "１３８ １２３４ ５６７８")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("打13812345678或0531-82345678", "打138****5678或053******5678"),
        ("证11010519491231002X，卡6217001234567890123", "证1101**********002X，卡6217***********0123"),
        ("写给wang.li@example.com", "写给w******@example.com"),
        ("写给w@example.com", "写给*@example.com"),
        ("电话 138 1234 5678", "电话 138******5678"),
        ("无", "无"),
    ],
)
def test_masks_are_those_of_their_kind(text: str, masked: str) -> None:
    assert mask_numbers(text) == masked
    assert mask_numbers(masked) == masked


@given(st.text(alphabet="0123456789 -Xx一二三１２@.ab王，\u200b", max_size=60))
def test_whatever_the_text_only_what_is_found_is_masked(text: str) -> None:
    masked = mask_numbers(text)
    assert len(masked) == len(text)
    spans = find_numbers(text)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert all(0 <= one.start < one.end <= len(text) for one in spans)
    assert (masked == text) == (spans == ())
