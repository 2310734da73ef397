"""Ways of writing that the house has given up: a new one does not land (BARS A 26, A 27, A 30).

`ruff` (its rules S) and `bandit` know what is dangerous in any Python; these rules know this house: where SQL may be
put together, where text becomes markup, who may open a connection, what a log line may hold. Each has an example that
it must find. See docs/adr/0019-rules-of-the-house-are-tests.md.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from hongyan.config.home import CHECKOUT

PACKAGE = CHECKOUT / "hongyan"
TREES = {
    path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text())
    for path in sorted(PACKAGE.rglob("*.py"))
    if not {"tests", "migrations"} & set(path.parts)
}
TEMPLATES = {
    path.relative_to(PACKAGE).as_posix(): path.read_text()
    for path in sorted(PACKAGE.rglob("templates/**/*.html"))
}
SCRIPTS = {
    path.relative_to(PACKAGE).as_posix(): path.read_text() for path in sorted(PACKAGE.rglob("static/**/*.js"))
}

COMPOSE_SQL = {
    "cli/db.py": "statements of a dump, and names quoted by psycopg",
    "core/audit_life.py": "names of partitions, of our own making",
    "core/bulk.py": "names of a model's table and columns",
    "core/rotation.py": "names of tables and columns in a list of ours",
    "desk/actions/work.py": "the statement of a rule, from a file of its room",
    "customer/actions/open_parties.py": "two statements that share a condition",
    "customer/figures.py": "a list of statements",
    "customer/actions/marks.py": "a statement from a file of the caller's room",
    "identity/batch/chunks.py": "DuckDB, in memory: what records.py has made",
    "identity/batch/decisions.py": "DuckDB, in memory: columns of our own, a quoted path",
    "identity/batch/engine.py": "DuckDB, in memory: names of our own, paths of our own files",
    "identity/batch/increment.py": "DuckDB, in memory: names of our own, paths of our own files",
    "identity/batch/records.py": "DuckDB, in memory: known columns, a quoted path",
    "identity/batch/work.py": "DuckDB, in memory: names of our own, a quoted path",
    "identity/spark/partitions.py": "DuckDB, in memory: names of our own",
    "identity/spark/run.py": "Spark: names of our own",
    "identity/training/labelled.py": "DuckDB, in memory: names of our own",
    "identity/training/train.py": "DuckDB, in memory: names of our own, a quoted path",
    "identity/training/unlabelled.py": "DuckDB, in memory: columns of our own",
    "integration/blocks.py": "DuckDB, in memory: values are parameters or quoted",
    "integration/staging.py": "DuckDB, in memory: values are parameters or quoted",
    "org/actions/renumber.py": "names of tables in a list of ours",
    "ledger/actions/book.py": "statements by kind of fact, from files of ours",
    "ledger/actions/take_in.py": "names of columns of a kind of fact",
    "ledger/queries/digests.py": "names of tables in a list of ours",
}
"""Files that put SQL together, and from what. Nothing that a person or a file says is ever part of it."""

MAKE_MARKUP = {"ui/cells.py", "ui/components.py", "ui/lists/rows.py", "ledger/lists.py"}
"""Where text is declared to be markup; everybody else calls these, which escape."""

OPEN_CONNECTIONS = {"core/outgoing.py", "cli/serve.py", "desk/actions/send_mails.py"}
"""The one way out over HTTP, the start of the server, which looks whether its port is free, and what the server of
mails answers: which one that is stands in the environment, not in what anybody typed."""

CALLERS = re.compile(
    r"^(requests|httpx|urllib3|aiohttp|urllib\.request|http\.client|socket|ftplib|smtplib|telnetlib|imaplib|xmlrpc|asyncio\.streams|websockets)(\.|$)"
)
CODE = {"eval", "exec", "compile", "__import__"}
LOADERS = re.compile(r"^(pickle|marshal|shelve|dill|jsonpickle|yaml|joblib|cloudpickle)(\.|$)")
LOGS = re.compile(r"^(log|logger|logging)\.(debug|info|warning|error|exception|critical|log)$")
PERSONAL = re.compile(
    r"name$|phone|mobile|credential|address|email|birth|account|token|password|secret|values?$|query|body|record$"
)
NOT_PERSONAL = {"task", "table"}
DOORS = re.compile(r"(^|/)(views|api|panels|forms|lists|templatetags)(/|\.py$)")
INLINE = re.compile(
    r"""<script(?![^>]*\bsrc=)(?![^>]*type="application/json")|\s(?:on[a-z]+|style)=["']|javascript:"""
    r"""|\|\s*safe(?:seq)?\b|autoescape off"""
)
INTO_PAGE = re.compile(
    r"\b(?:innerHTML|outerHTML)\s*=|insertAdjacentHTML|document\.write|\beval\(|new Function|createContextualFragment"
)
MAKE_ELEMENTS = {
    "integration/static/integration/js/upload.js": "our server's fragment, or a line made by textContent",
    "ui/static/ui/js/cell-edit.js": "our server's fragment",
    "ui/static/ui/js/dialog.js": "our server's fragment",
    "ui/static/ui/js/search.js": "our server's fragment",
}

Rule = Callable[[str, ast.AST], bool]


def dotted(node: ast.AST) -> str:
    """A name or attribute as written: `a.b.c`; empty for anything else."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def imported(node: ast.AST) -> list[str]:
    """The modules and names that a statement imports."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and not node.level:
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def is_put_together(node: ast.AST) -> bool:
    """Whether a text is made at run time: formatted, concatenated, or out of a variable."""
    if isinstance(node, ast.Constant):
        return False
    if isinstance(node, ast.Name | ast.Attribute):
        return not dotted(node).rpartition(".")[2].isupper()  # a constant of the module
    if isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] in {"SQL", "statement"}:
        return is_put_together(node.args[0])  # psycopg's own, or a named file of ours
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Call)
    ):
        return is_put_together(node.func.value)  # sql.SQL("…").format(…): psycopg quotes what comes in
    return True


def composes_sql(path: str, node: ast.AST) -> bool:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or not node.args:
        return False
    is_sql = node.func.attr in {"execute", "executemany", "raw", "extra"} or (
        node.func.attr == "copy" and dotted(node.func.value).endswith("cursor")
    )
    return (
        is_sql and is_put_together(node.args[0]) and path not in COMPOSE_SQL and not _is_psycopg_alone(path)
    )


def _is_psycopg_alone(path: str) -> bool:
    """The kernel below Django, which no request reaches: roles, schema, server."""
    return path in {"core/roles.py", "core/schema.py"}


def asks_in_a_door(path: str, node: ast.AST) -> bool:
    """A door calls a query: it writes no SQL and takes no table whole."""
    if not DOORS.search(path):
        return False
    name = dotted(node.func) if isinstance(node, ast.Call) else ""
    return name.endswith((".execute", ".raw", "RawSQL")) or (
        name.endswith(".objects.all") and not name.startswith("Staff.")  # narrowed by the list that called
    )


def makes_markup(path: str, node: ast.AST) -> bool:
    if not isinstance(node, ast.Call) or all(isinstance(one, ast.Constant) for one in node.args):
        return False
    name = dotted(node.func).rpartition(".")[2]
    return name == "mark_safe" or (name in {"SafeString", "SafeText"} and path not in MAKE_MARKUP)


def opens_a_connection(path: str, node: ast.AST) -> bool:
    return path not in OPEN_CONNECTIONS and any(CALLERS.match(name) for name in imported(node))


def skips_the_forms_token(_path: str, node: ast.AST) -> bool:
    return any(name.endswith("csrf_exempt") for name in imported(node)) or dotted(node).endswith(
        "csrf_exempt"
    )


def runs_what_it_reads(_path: str, node: ast.AST) -> bool:
    calls = isinstance(node, ast.Call) and dotted(node.func) in CODE
    return calls or any(LOADERS.match(name) for name in imported(node))


def logs_what_it_should_not(_path: str, node: ast.AST) -> bool:
    """An event is a fixed text, with fields that name no person (STYLE, Logging)."""
    if not isinstance(node, ast.Call) or not LOGS.match(dotted(node.func)):
        return False
    is_fixed = len(node.args) == 1 and isinstance(node.args[0], ast.Constant)
    extra = next((one.value for one in node.keywords if one.arg == "extra"), None)
    keys = [one.value for one in getattr(extra, "keys", ()) if isinstance(one, ast.Constant)]
    return not is_fixed or any(PERSONAL.search(key) for key in keys if key not in NOT_PERSONAL)


RULES: Mapping[Rule, str] = {
    composes_sql: "cursor.execute(f'SELECT {name}')",
    asks_in_a_door: "Customer.objects.all()",
    makes_markup: "mark_safe(name)",
    opens_a_connection: "from urllib.request import urlopen",
    skips_the_forms_token: "from django.views.decorators.csrf import csrf_exempt",
    runs_what_it_reads: "import pickle",
    logs_what_it_should_not: "log.info('found', extra={'mobile': number})",
}


def found(rule: Rule, trees: Mapping[str, ast.AST]) -> Iterator[str]:
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if rule(path, node):
                yield f"{path}:{getattr(node, 'lineno', '?')} {rule.__name__}"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_no_code_does(rule: Rule) -> None:
    assert list(found(rule, TREES)) == []


@pytest.mark.parametrize(
    ("rule", "example"),
    [
        *RULES.items(),
        (composes_sql, "cursor.execute('SELECT ' + name)"),
        (composes_sql, "cursor.execute(statement)"),
        (composes_sql, "cursor.execute('SELECT {}'.format(name))"),
        (composes_sql, "cursor.execute(sql.SQL(f'{name}'))"),
        (composes_sql, "Customer.objects.raw(f'SELECT {name}')"),
        (makes_markup, "SafeString(name)"),
        (opens_a_connection, "import socket"),
        (opens_a_connection, "from http.client import HTTPConnection"),
        (opens_a_connection, "import requests.sessions"),
        (runs_what_it_reads, "eval(text)"),
        (runs_what_it_reads, "from yaml import load"),
        (logs_what_it_should_not, "log.info(f'found {name}')"),
        (logs_what_it_should_not, "log.warning('found %s', name)"),
        (logs_what_it_should_not, "log.info('found', extra={'customer_name': name})"),
    ],
)
def test_a_rule_finds_its_example(rule: Rule, example: str) -> None:
    assert list(found(rule, {"customer/views.py": ast.parse(example)}))


@pytest.mark.parametrize(
    ("rule", "example"),
    [
        (composes_sql, "cursor.execute('SELECT %s', [name])"),
        (composes_sql, "cursor.execute(_KNOWN, [name])"),
        (composes_sql, "cursor.execute(sql.SQL('SELECT {}').format(sql.Identifier(name)))"),
        (opens_a_connection, "from urllib.parse import urlsplit"),
        (logs_what_it_should_not, "log.info('drops received', extra={'files': received})"),
    ],
)
def test_a_rule_leaves_good_code_alone(rule: Rule, example: str) -> None:
    assert not list(found(rule, {"customer/actions.py": ast.parse(example)}))


@pytest.mark.parametrize(("files", "pattern", "allowed"), [
    (TEMPLATES, INLINE, {}), (SCRIPTS, INTO_PAGE, MAKE_ELEMENTS),
], ids=["templates", "scripts"])  # fmt: skip
def test_no_page_takes_text_for_markup(
    files: Mapping[str, str], pattern: re.Pattern[str], allowed: Mapping[str, str]
) -> None:
    """No inline script or style, nothing declared safe; elements are made from text only where it is our own."""
    assert files
    assert [
        f"{path}: {hit[0]}"
        for path, text in files.items()
        if path not in allowed
        for hit in pattern.finditer(text)
    ] == []


@pytest.mark.parametrize(
    "example",
    ["<script>x</script>", '<a onclick="x">', '<p style="x">', "{{ name|safe }}", '<a href="javascript:x">'],
)
def test_the_pattern_for_templates_finds_its_examples(example: str) -> None:
    assert INLINE.search(example)


@pytest.mark.parametrize("names", [COMPOSE_SQL, MAKE_MARKUP, OPEN_CONNECTIONS])
def test_no_exception_outlives_its_reason(names: Mapping[str, str] | set[str]) -> None:
    assert set(names) <= set(TREES)


def test_every_file_was_read() -> None:
    assert len(TREES) > 200
    assert Path(PACKAGE, "core/outgoing.py").exists()
