"""The reference says what the code says: nothing is missing, nothing is stale."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dev import docs
from hongyan.api.instance import api
from hongyan.cli.main import COMMANDS
from hongyan.core.audit import labels
from hongyan.core.parameters import all_parameters
from hongyan.integration.descriptors import all_descriptors

FROM_OUTSIDE = {"PATH", "SPARK_LOCAL_DIRS"}
"""Variables of the system, and of Spark's executors, that are only passed on."""


def page(name: str) -> str:
    return (docs.REFERENCE / f"{name}.md").read_text("utf-8")


def calls() -> Iterator[tuple[Path, ast.Call]]:
    for path in docs.sources():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                yield path, node


def texts(nodes: list[ast.expr]) -> list[str]:
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def test_no_generated_part_is_stale() -> None:
    assert [path.name for path in docs.stale_pages()] == [], "run make docs"


def test_every_generated_part_stands_on_a_page() -> None:
    standing = re.findall(
        r"<!-- generated: ([\w-]+) -->", "".join(page(path.stem) for path in docs.REFERENCE.glob("*.md"))
    )
    assert sorted(standing) == sorted(docs.PARTS)


def test_every_setting_is_explained() -> None:
    read = {
        name
        for _path, call in calls()
        if ast.unparse(call.func) in {"os.environ.get", "os.getenv", "_is_on"}
        for name in texts(call.args[:1])
    }
    explained = set(re.findall(r"(?m)^\| `([A-Z_]+)` \|", page("settings")))
    assert explained == read - FROM_OUTSIDE


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_explained(command: str) -> None:
    assert f"\n## hongyan {command}\n" in page("commands")


def test_every_route_is_explained() -> None:
    routes = {
        f"### {method.upper()} {path}"
        for path, operations in api.get_openapi_schema()["paths"].items()
        for method in operations
    }
    assert routes == set(re.findall(r"(?m)^### (?:GET|POST|PUT|PATCH|DELETE) .*$", page("api")))


def test_every_published_event_is_explained() -> None:
    published = {
        call.args[0].func.id
        for _path, call in calls()
        if ast.unparse(call.func) in {"publish", "events.publish"}
        and call.args
        and isinstance(call.args[0], ast.Call)
        and isinstance(call.args[0].func, ast.Name)
    }
    assert published <= set(re.findall(r"(?m)^## (\w+)$", page("events")))


def test_every_parameter_is_explained() -> None:
    assert {parameter.key for parameter in all_parameters()} == set(
        re.findall(r"(?m)^\| `([\w.]+)` \|", page("parameters"))
    )


def test_every_connector_is_explained() -> None:
    assert {descriptor.code for descriptor in all_descriptors()} == set(
        re.findall(r"(?m)^## `(\w+)`", page("connectors"))
    )


def test_every_act_has_a_name() -> None:
    """An act that an action writes as a literal, such as `customer.reveal`, is declared by `audit.label`."""
    written = {
        act
        for _path, call in calls()
        if ast.unparse(call.func) in {"audit.record", "audit.deny"}
        for act in texts(call.args[1:2])
    }
    assert written - labels().keys() == set()
