#!/usr/bin/env python3
"""The reference pages (参考文档): what stands between two markers is written from the code.

    python dev/docs.py            # write them anew (make docs)
    python dev/docs.py check      # name the stale ones; exit code 1 if there are any

A generated part stands between `<!-- generated: NAME -->` and `<!-- end of NAME -->`; `PARTS` says by which
function. What stands around it is written by people.
"""

from __future__ import annotations

import ast
import dataclasses
import importlib.util
import inspect
import pkgutil
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from hongyan.cli.conventions import prepare_django  # noqa: E402 - the checkout has to be found first

prepare_django()

from django.apps import apps  # noqa: E402 - models can be imported only now
from django.db.models import Choices  # noqa: E402
from django.utils import translation  # noqa: E402

from hongyan.core import audit_watch  # noqa: E402
from hongyan.core.parameter_tables import shown_rows  # noqa: E402
from hongyan.core.parameters import Parameter  # noqa: E402

PACKAGE = ROOT / "hongyan"
REFERENCE = ROOT / "docs" / "reference"
_PART = re.compile(r"(?s)(<!-- generated: (?P<name>[\w-]+) -->\n).*?(<!-- end of (?P=name) -->)")


# --- Markdown


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table.

    >>> print(table(["a", "b"], [[1, "x|y"]]))
    | a | b |
    |---|---|
    | 1 | x\\|y |
    """
    lines = [header, ["---"] * len(header)]
    text = [_row(lines[0]), "|" + "|".join(lines[1]) + "|", *(_row(row) for row in rows)]
    return "\n".join(text)


def _row(cells: Sequence[object]) -> str:
    return "| " + " | ".join(" ".join(str(cell).split()).replace("|", "\\|") for cell in cells) + " |"


def code(text: object) -> str:
    """Text as code; nothing stays nothing.

    >>> code("x"), code("")
    ('`x`', '')
    """
    return f"`{text}`" if str(text) else ""


def prose(documented: Any) -> str:
    """A docstring as one paragraph per paragraph."""
    paragraphs = (inspect.getdoc(documented) or "").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def in_both(text: Any) -> tuple[str, str]:
    """A translatable text in English and in Chinese."""
    with translation.override("en"):
        english = str(text)
    with translation.override("zh-hans"):
        return english, str(text)


# --- commands.md


def commands() -> str:
    """Every command of the command line, as `--help` tells it."""
    from hongyan.cli.main import hongyan

    return "\n\n".join(_commands(hongyan, "hongyan", None))


def _commands(command: click.Command, name: str, parent: click.Context | None) -> Iterator[str]:
    context = click.Context(command, info_name=name, parent=parent)
    if isinstance(command, click.Group):
        if parent:
            yield f"## {context.command_path}\n\n{_help_of(command)}"
        for sub_name in command.list_commands(context):
            if (sub := command.get_command(context, sub_name)) is not None:
                yield from _commands(sub, sub_name, context)
        return
    level = "##" if parent and parent.parent is None else "###"
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    options = [
        record
        for param in command.params
        if isinstance(param, click.Option) and (record := param.get_help_record(context))
    ]
    parts = [f"{level} {context.command_path}", f"```\n{usage}\n```", _help_of(command)]
    if options:
        parts.append(table(["option", "meaning"], [[code(names), text] for names, text in options]))
    yield "\n\n".join(parts)


def _help_of(command: click.Command) -> str:
    return inspect.cleandoc(command.help or "")


# --- events.md


def events() -> str:
    """Every event: who publishes it, with what, and who reacts."""
    reactions = dict(_reactions())
    sections = []
    for event in event_types():
        handled_by = ", ".join(code(name) for name in reactions.get(event.__name__, ())) or "nobody yet"
        fields = [[code(field.name), code(field.type)] for field in dataclasses.fields(event)]
        says = prose(event).removeprefix("Event: ")
        sections.append(
            f"## {event.__name__}\n\n{says[:1].upper()}{says[1:]}\n\n"
            f"Published by `{_room_of(event)}`; handled by {handled_by}.\n\n{table(['field', 'type'], fields)}"
        )
    return "\n\n".join(sections)


def event_types() -> list[Any]:
    """The dataclasses whose docstring begins with `Event:`, by name: those of the rooms' `codes`, and the kernel's."""
    found = {
        member
        for module in (*_modules("codes"), audit_watch)
        for member in vars(module).values()
        if dataclasses.is_dataclass(member)
        and member.__module__ == module.__name__
        and (member.__doc__ or "").startswith("Event:")
    }
    return sorted(found, key=lambda event: event.__name__)


def _reactions() -> Iterator[tuple[str, list[str]]]:
    """Event → names of the functions that are decorated with `@on(Event)`."""
    found: dict[str, list[str]] = {}
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            for decorator in node.decorator_list if isinstance(node, ast.FunctionDef) else ():
                match decorator:
                    case ast.Call(func=ast.Name(id="on"), args=[ast.Name(id=event)]):
                        found.setdefault(event, []).append(f"{_dotted(path)}.{node.name}")
    yield from found.items()


# --- api.md


def api() -> str:
    """Every route of the API, and the shapes it speaks in, from its OpenAPI document."""
    from hongyan.api.instance import api as instance

    document = instance.get_openapi_schema()
    routes = [
        _route(method, path, operation)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    ]
    shapes = [_shape(name, shape) for name, shape in sorted(document["components"]["schemas"].items())]
    return "\n\n".join(["## Routes", *routes, "## Shapes", *shapes])


def api_errors() -> str:
    """The table of problem codes, which stands where they are made."""
    from hongyan.api import errors

    return "\n".join(line for line in (errors.__doc__ or "").splitlines() if line.startswith("|"))


def _route(method: str, path: str, operation: Mapping[str, Any]) -> str:
    parts = [
        f"### {method.upper()} {path}",
        f"**{operation['summary']}.** {_flow(operation.get('description', ''))}",
    ]
    if parameters := operation.get("parameters"):
        rows = [
            [
                code(p["name"]),
                p["in"],
                _type(p["schema"]),
                "yes" if p.get("required") else "",
                _said(p["schema"]),
            ]
            for p in parameters
        ]
        parts.append(table(["parameter", "in", "type", "required", "meaning"], rows))
    for media, content in operation.get("requestBody", {}).get("content", {}).items():
        parts.append(f"Body ({media}): {_type(content['schema'])}")
        if "properties" in content["schema"]:
            parts.append(_properties(content["schema"]))
    for status, answer in operation["responses"].items():
        content = next(iter(answer.get("content", {}).values()), {})
        parts.append(f"Answer {status}: {_type(content.get('schema', {})) or 'empty'}")
    return "\n\n".join(parts)


def _shape(name: str, shape: Mapping[str, Any]) -> str:
    says = _flow(shape.get("description", ""))
    rows = (
        _properties(shape)
        if "properties" in shape
        else ", ".join(code(word) for word in shape.get("enum", ()))
    )
    return "\n\n".join(part for part in (f"### {name}", says, rows) if part)


def _properties(shape: Mapping[str, Any]) -> str:
    required = set(shape.get("required", ()))
    rows = [
        [code(name), _type(schema), "yes" if name in required else "", _said(schema)]
        for name, schema in shape["properties"].items()
    ]
    return table(["field", "type", "always", "meaning"], rows)


def _type(schema: Mapping[str, Any]) -> str:
    """The type of a JSON schema in a few words; shapes of ours are linked."""
    if ref := schema.get("$ref"):
        name = ref.rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if parts := schema.get("anyOf") or schema.get("allOf"):
        return " or ".join(_type(part) for part in parts)
    kind = schema.get("type", "")
    if kind == "array":
        return f"list of {_type(schema['items'])}"
    if kind == "object" and isinstance(values := schema.get("additionalProperties"), Mapping):
        return f"object of {_type(values)}"
    return str(schema.get("format") or kind)


def _said(schema: Mapping[str, Any]) -> str:
    default = schema.get("default")
    shown = f"default {code(default)}" if default not in (None, "", []) else ""
    return "; ".join(part for part in (_flow(schema.get("description", "")), shown) if part)


def _flow(text: str) -> str:
    return " ".join(text.split())


# --- connectors.md


def connectors() -> str:
    """Every connector: its facts, and what becomes of each source column."""
    from hongyan.integration.descriptors import all_descriptors

    return "\n\n".join(_connector(descriptor) for descriptor in all_descriptors())


def _connector(descriptor: Any) -> str:
    facts = [
        ["owner", descriptor.owner],
        ["line", code(descriptor.line)],
        [
            "medium",
            f"{descriptor.medium}, {descriptor.format}, {descriptor.encoding or 'no encoding of its own'}",
        ],
        ["schedule", f"{descriptor.schedule}, {descriptor.mode}"],
        ["walk-ins (INT-020)", code(descriptor.walk_in)],
        ["date group (INT-017)", code(descriptor.date_group)],
        ["what the system had to change (INT-018)", ", ".join(map(code, descriptor.change_kinds))],
        ["connection", code(descriptor.connection)],
        ["provinces", ", ".join(map(code, descriptor.provinces))],
    ]
    kinds = "\n\n".join(_record_kind(descriptor, kind) for kind in descriptor.kinds)
    title = f"## `{descriptor.code}` {descriptor.name_en} ({descriptor.name})"
    return f"{title}\n\n{table(['fact', 'value'], facts)}\n\n{kinds}"


def _record_kind(descriptor: Any, kind: Any) -> str:
    where = f"file {code(kind.file or descriptor.file)}" + (
        f", sheet {code(kind.sheet)}" if kind.sheet else ""
    )
    control = ""
    if kind.controls:
        control = "; control sum over " + ", ".join(
            f"the last {control.last_digits} digits of {control.column}"
            if control.last_digits
            else control.column
            for control in kind.controls
        )
    followed = f"; sums followed: {', '.join(map(code, kind.sums))}" if kind.sums else ""
    if kind.version:
        followed += f"; version: {code(kind.version)}"
    rows = [
        [
            field.column + _place(field),
            code(field.target),
            field.type,
            "yes" if field.required else "",
            field.severity,
            field.data_class,
            ", ".join(f"{source} → {ours}" for source, ours in (field.codes or {}).items())
            or code(field.pattern),
        ]
        for field in kind.fields
    ]
    header = ["column", "becomes", "type", "required", "a fault is", "class", "codes or pattern"]
    return (
        f"### `{kind.code}` {kind.title_en} ({kind.title})\n\nBecomes: {kind.target}; {where}{control}{followed}.\n\n"
        f"{table(header, rows)}"
    )


def _place(field: Any) -> str:
    """Where a column stands, for layouts in which that is not plain from its name."""
    if field.width:
        return f" ({field.width} bytes)"
    return " (of the element around)" if field.from_parent else ""


def intake_reasons() -> str:
    """Every reason why intake does not take a file or a row."""
    from hongyan.integration.reasons import FILE_REASONS, ROW_REASONS

    return "\n\n".join(
        f"### {title}\n\n"
        + table(["code", "English", "中文"], [[code(name), *in_both(text)] for name, text in reasons.items()])
        for title, reasons in (("Of a file", FILE_REASONS), ("Of a row or a value", ROW_REASONS))
    )


# --- parameters.md, code-lists.md, permissions.md, audit-acts.md


def parameters() -> str:
    """Every declared parameter with its default and limits."""
    from hongyan.core.parameters import all_parameters

    rows = []
    for one in all_parameters():
        (english, chinese), (unit, _) = in_both(one.label), in_both(one.unit)
        limits = (
            ""
            if one.minimum is None and one.maximum is None
            else f"{_end(one.minimum)} … {_end(one.maximum)}"
        )
        rows.append(
            [code(one.key), f"{english} ({chinese})", one.kind, _default(one), unit, limits, one.source]
        )
    return table(["key", "what it decides", "kind", "default", "unit", "limits", "source"], rows)


def _default(one: Parameter) -> str:
    """The default as it is typed; of a table, its rows in words."""
    if one.kind == "table":
        with translation.override("en"):
            rows = shown_rows(one.columns, one.default)
        return "<br>".join(" · ".join(filter(None, cells)) for cells in rows)
    return code(", ".join(one.default) if isinstance(one.default, list) else one.default)


def _end(limit: object | None) -> str:
    return "" if limit is None else str(limit)


def code_lists() -> str:
    """Every code list of the rooms."""
    return "\n\n".join(
        f"## {choices.__name__}\n\n{prose(choices)} (`{choices.__module__}`)\n\n"
        + table(
            ["code", "English", "中文"],
            [[code(member.value), *in_both(member._label_)] for member in choices],
        )
        for choices in code_list_types()
    )


def code_list_types() -> list[Any]:
    """The classes of choices that the rooms' `codes` define, by room, module and their order there."""
    return [
        member
        for module in _modules("codes")
        for member in vars(module).values()
        if inspect.isclass(member) and issubclass(member, Choices) and member.__module__ == module.__name__
    ]


def permissions() -> str:
    """Which role carries which right: the rights in words, then the table of `org.rights`."""
    from hongyan.org.codes import Right, Role
    from hongyan.org.rights import RIGHTS

    words = table(["right", "English", "中文"], [[code(r.value), *in_both(r._label_)] for r in Right])
    rows = []
    for role in Role:
        english, chinese = in_both(role._label_)
        rows.append([f"{english} ({chinese})", *("●" if right in RIGHTS[role] else "" for right in Right)])
    return f"{words}\n\n{table(['role', *(code(right.value) for right in Right)], rows)}"


def audit_acts() -> str:
    """Every act that has a name in the audit."""
    from hongyan.core.audit import labels

    return table(["act", "English", "中文"], [[code(act), *in_both(text)] for act, text in labels().items()])


# --- where things stand in the checkout


def sources() -> list[Path]:
    """The Python files of the package, without tests and migrations."""
    return [
        path
        for path in sorted(PACKAGE.rglob("*.py"))
        if not {"tests", "migrations"} & set(path.relative_to(PACKAGE).parts)
    ]


def _modules(name: str) -> list[Any]:
    """The modules of this name in all rooms, from the lowest room up; where one is a package, those in it."""
    rooms = [config.name for config in apps.get_app_configs() if config.name.startswith("hongyan.")]
    names = [f"{room}.{name}" for room in reversed(rooms)]
    found = [importlib.import_module(one) for one in names if importlib.util.find_spec(one)]
    return [part for module in found for part in (module, *_inside(module))]


def _inside(module: Any) -> list[Any]:
    names = [found.name for found in pkgutil.iter_modules(getattr(module, "__path__", ()))]
    return [importlib.import_module(f"{module.__name__}.{name}") for name in names]


def _dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def _room_of(member: Any) -> str:
    return ".".join(member.__module__.split(".")[:2])


# --- writing

PARTS: Mapping[str, Callable[[], str]] = {
    "commands": commands,
    "events": events,
    "api": api,
    "api-errors": api_errors,
    "connectors": connectors,
    "intake-reasons": intake_reasons,
    "parameters": parameters,
    "code-lists": code_lists,
    "permissions": permissions,
    "audit-acts": audit_acts,
}


def written_anew(page: str) -> str:
    """A page with its generated parts as the code says now. Errors: KeyError for a part nobody makes."""
    return _PART.sub(lambda found: f"{found[1]}\n{PARTS[found['name']]()}\n\n{found[3]}", page)


def stale_pages() -> dict[Path, str]:
    """Page → what it should be, for the pages that say something else."""
    pages = {path: path.read_text("utf-8") for path in sorted(REFERENCE.glob("*.md"))}
    return {path: anew for path, page in pages.items() if (anew := written_anew(page)) != page}


def main(arguments: Sequence[str]) -> int:
    """Write, or with `check` only name, the stale pages; answer the exit code."""
    stale = stale_pages()
    only_check = list(arguments) == ["check"]
    for path, anew in stale.items():
        print(f"{path.relative_to(ROOT)} {'is stale: run make docs' if only_check else 'written'}")
        if not only_check:
            path.write_text(anew, "utf-8")
    return 1 if only_check and stale else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
