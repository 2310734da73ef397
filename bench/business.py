"""What P6's customers bought: five sales for each of them over twelve months, to the quarter known at a counter.

The files go through the real intake after the customers' own. Sales are booked where the buyer registered; a few buy
most. Kept until the customers are loaded anew.
"""

from __future__ import annotations

import json
from pathlib import Path

import psycopg

from bench.counter import SYSTEM, write_file, yuan
from bench.fill import drop, filled, load
from hongyan.config.home import Home
from hongyan.core.postgres import Server

FACTS_A_CUSTOMER, BUYERS_OF = 5, 4
ROWS_A_FILE = 2_000_000
PRODUCTS = ("1101", "1102", "1105", "1301", "1302", "1401", "1402", "1501", "2101", "3101", "3102")

_BUYERS = """
SELECT row_number() OVER () AS n, * FROM read_csv('{customers}', header = true, all_varchar = true)
WHERE "证件类型" = '居民身份证' AND regexp_matches("证件号码", '^[0-9]{{17}}[0-9X]$') AND "登记网点代码" <> ''
LIMIT {buyers}
"""

_REGISTERED = """
SELECT concat_ws('|', 'YY' || lpad(n::VARCHAR, 8, '0'), '2', "名称", '01', "证件号码", coalesce("手机", ''), '',
    coalesce("详细地址", ''), coalesce("邮编", ''), "登记网点代码", '20251031', '20251031090000'
) || chr(10), (n % 1000000)::BIGINT
FROM ({buyers})
"""

_SALES = """
WITH buyers AS MATERIALIZED ({buyers}), sales AS (
    SELECT n, DATE '2025-11-01' + (n * 365 // {size})::INT AS day,
           floor(pow(random(), 2) * (SELECT count(*) FROM buyers))::INT + 1 AS buyer,
           round(random() * 200 + 0.5, 2)::DECIMAL(18, 2) AS amount
    FROM range({first}, {last}) t(n)
)
SELECT concat_ws('|', strftime(day, '%Y%m%d') || lpad(sales.n::VARCHAR, 10, '0'),
    'YY' || lpad(buyer::VARCHAR, 8, '0'), strftime(day, '%Y-%m-%d'),
    strftime(day + to_seconds(sales.n * 7919 % 86400), '%Y-%m-%d %H:%M:%S'), "登记网点代码",
    list_extract({products}, (sales.n * 31 % len({products}) + 1)::INT),
    '', '1', '1', '1', amount::VARCHAR, '', '1', '0', ''
) || chr(10), (amount * 100)::INT
FROM sales JOIN buyers ON buyers.n = buyer
"""


def traded(size: int, place: Home) -> int:
    """A database that holds `size` customers and what they bought; answers the number of facts."""
    note, loaded = place.root / "business.json", place.root / "filled.json"
    filled(size, place)
    if note.exists() and note.stat().st_mtime > loaded.stat().st_mtime:
        return int(json.loads(note.read_text()))
    registered, *sales = _files(size, place)
    load(registered, SYSTEM)
    facts = sum(load(file, SYSTEM).applied for file in sales)
    with psycopg.connect(Server(place).dsn, autocommit=True) as owner:
        owner.execute("VACUUM (ANALYZE)")  # what autovacuum does within minutes
    note.write_text(json.dumps(facts))
    return facts


def _files(size: int, place: Home) -> list[Path]:
    """Who registered, then what was sold."""
    folder, facts = place.root / "business", size * FACTS_A_CUSTOMER
    folder.mkdir(exist_ok=True)
    customers = next(path for path in drop(size, place) if path.name.startswith("JY_"))
    buyers = _BUYERS.format(customers=customers, buyers=size // BUYERS_OF)
    files = [
        write_file(
            folder / "YY_CUST_20251031.txt",
            kind="CUST",
            lines=_REGISTERED.format(buyers=buyers),
            total=str,
            seed=0,
        )
    ]
    for number, first in enumerate(range(0, facts, ROWS_A_FILE), 1):
        lines = _SALES.format(
            buyers=buyers,
            size=facts,
            first=first,
            last=min(first + ROWS_A_FILE, facts),
            products=list(PRODUCTS),
        )
        file = folder / f"YY_SALE_202601{number:02}.txt"
        files.append(write_file(file, kind="SALE", lines=lines, total=yuan, seed=first))
    return files
