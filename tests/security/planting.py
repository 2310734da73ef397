"""Text made to break out of wherever it is shown, planted wherever people or sources can bring text (BARS A 26)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import psycopg
from psycopg import errors, sql

LONG = """\"'><img src=x onerror=alert({n})>{{{{7*7}}}}~"""
MIDDLE = '"><img src=x onerror=alert({n})>'
SHORT = "<b id=x{n}>"
LINK = "javascript:alert({n})"

TOLD = re.compile(
    r"(^|_)(name|names|note|reason|label|title|text|address|purpose|agent|as|by|comment|remark|description|error|subject)$"
)
"""Columns whose text somebody wrote; codes and keys are held to their own alphabets at the door."""
NOT_TOLD = re.compile("core_(audit|numberseries|rate)|procrastinate_|django_|auth_")
"""Tables of the engines, and the audit: its rows are sealed, so canaries come there by forms."""
LINKS = re.compile(r"(^|_)(url|path|link|href)$")

_COLUMNS = """
    SELECT c.table_name, c.column_name, coalesce(c.character_maximum_length, 1000)
    FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
    WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
      AND c.data_type IN ('character varying', 'text') ORDER BY 1, 2
"""


def plant(owner_dsn: str) -> dict[str, int]:
    """Append a canary to every text that somebody wrote, in every row. Column → its number, where it took root."""
    planted: dict[str, int] = {}
    with psycopg.connect(owner_dsn, autocommit=True) as owner:
        for number, (table, column, length) in enumerate(owner.execute(_COLUMNS).fetchall(), 1):
            if NOT_TOLD.match(table):
                continue
            text = canary(column, length, number)
            if text and _planted(owner, table, column, length, text):
                planted[f"{table}.{column}"] = number
    return planted


def canary(column: str, length: int, number: int) -> str:
    """The worst text that fits a column; empty for columns that hold none."""
    if LINKS.search(column):
        return LINK.format(n=number)
    if not TOLD.search(column):
        return ""
    fitting = (text.format(n=number) for text in (LONG, MIDDLE, SHORT))
    return next((text for text in fitting if len(text) <= length), "")


def _planted(owner: psycopg.Connection, table: str, column: str, length: int, text: str) -> bool:
    """Whether it could be written; a constraint of the table may forbid it."""
    statement = sql.SQL(
        "UPDATE {table} SET {column} = left({column}, greatest({length} - length({text}), 0)) || {text}"
    ).format(
        table=sql.Identifier(table),
        column=sql.Identifier(column),
        length=sql.Literal(length),
        text=sql.Literal(text),
    )
    try:
        return owner.execute(statement).rowcount > 0
    except (errors.IntegrityError, errors.DataError, errors.RaiseException, errors.FeatureNotSupported):
        return False


class _Markup(HTMLParser):
    """What of a page a browser would run or load because of planted text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self._in_script = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if any(name.startswith("on") for name in given) or (
            tag == "b" and given.get("id", "").startswith("x")
        ):
            self.faults.append(f"<{tag} {given}>"[:120])
        self.faults += [f"{tag} {name}={value}"[:120] for name, value in given.items() if _runs(value)]
        if tag == "script" and "src" not in given and given.get("type") != "application/json":
            self.faults.append("inline script")


def _runs(value: str) -> bool:
    return (
        re.sub(r"[\s\x00-\x20]", "", value).lower().startswith(("javascript:", "vbscript:", "data:text/html"))
    )


def escaped_from(html: str) -> Iterator[str]:
    """Where planted text has become more than text."""
    parser = _Markup()
    parser.feed(html)
    yield from parser.faults
    if "49~" in html:
        yield "a template was evaluated"


def is_shown(html: str) -> bool:
    """Whether a canary stands on the page as text: the search is alive."""
    return "&lt;img src=x" in html or "\\u003Cimg src=x" in html or "&lt;b id=x" in html
