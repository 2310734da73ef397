#!/usr/bin/env python3
"""The message catalogues (译文): find what is said, check that English says it too, compile.

    python dev/messages.py check            # part of `make check`
    python dev/messages.py update ROOM      # add what is missing, drop what is unused, sort by file
    python dev/messages.py compile FILE…    # .po to .mo, at set-up

Message ids are Chinese. English stands in each room's own `locale/en/LC_MESSAGES/django.po`.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "hongyan"
CJK = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
LINE_WIDTH = 110

_PLAIN, _PLURAL, _CONTEXT, _CONTEXT_PLURAL = None, (1, 2), ((1, "c"), 2), ((1, "c"), 2, 3)
KEYWORDS = {
    "_": _PLAIN,
    **{f"gettext{form}": _PLAIN for form in ("", "_lazy", "_noop")},
    **{f"ngettext{form}": _PLURAL for form in ("", "_lazy")},
    **{f"pgettext{form}": _CONTEXT for form in ("", "_lazy")},
    **{f"npgettext{form}": _CONTEXT_PLURAL for form in ("", "_lazy")},
}

_PLACEHOLDERS = re.compile(r"%\((\w+)\)[sd]|\{(\w+)[^{}]*\}")
_NOT_SHOWN = re.compile(r"(?s)\{#.*?#\}|\{%-?\s*comment\b.*?endcomment\s*%\}")
_TRANSLATED = re.compile(
    r"(?s)\{%\s*blocktrans(?:late)?\b.*?endblocktrans(?:late)?\s*%\}"
    r"|\{%\s*trans(?:late)?\s.*?%\}"
    r"""|\b_\((?:"[^"]*"|'[^']*')\)"""
)
_SCRIPT_COMMENTS = re.compile(r"(?s)/\*.*?\*/|(?m:(?<![:\"'])//.*?$)")


@dataclass(frozen=True, order=True)
class Said:
    """One message found in the source: where, its context, its singular and, if counted, its plural."""

    file: str
    line: int
    context: str | None
    msgid: str
    plural: str | None

    @property
    def key(self) -> str | tuple[str, str]:
        """What a Babel catalogue files it under."""
        return (self.msgid, self.plural) if self.plural else self.msgid


# --- finding


def rooms() -> list[Path]:
    """The folders that keep a catalogue of their own."""
    return sorted(path.parent for path in PACKAGE.glob("*/__init__.py"))


def found_in(room: Path) -> list[Said]:
    """Every message that a room's Python and templates say, in order of file and line; tests say nothing."""
    files = sorted([*room.rglob("*.py"), *room.rglob("*.html"), *room.rglob("*.txt")])
    return [said for file in files if _speaks(file) for said in _messages(file)]


def _speaks(file: Path) -> bool:
    if "tests" in file.parts or "static" in file.parts:
        return False
    return file.suffix == ".py" or "templates" in file.parts


def _messages(file: Path) -> Iterator[Said]:
    text = file.read_text(encoding="utf-8")
    code = text if file.suffix == ".py" else templatize(text, origin=str(file))
    place = file.relative_to(ROOT).as_posix()
    for line, function, words, _ in extract_python(
        BytesIO(code.encode()), list(KEYWORDS), [], {"encoding": "utf-8"}
    ):
        given = list(words) if isinstance(words, tuple) else [words]
        spec = KEYWORDS[function]
        context = given.pop(0) if spec in (_CONTEXT, _CONTEXT_PLURAL) else None
        plural = given[1] if spec in (_PLURAL, _CONTEXT_PLURAL) and len(given) > 1 else None
        if given and given[0]:
            yield Said(place, line, context, given[0], plural)


# --- checking


def check() -> list[str]:
    """Everything that is wrong with the catalogues, one line each."""
    in_rooms = (problem for room in rooms() for problem in [*_check_catalogue(room), *_check_texts(room)])
    return [*in_rooms, *_check_agreement()]


def _check_agreement() -> Iterator[str]:
    """Words to which two rooms give different English: Django merges all catalogues, and one would win silently."""
    english: dict[tuple[str, str | None], dict[str, str]] = {}
    for room in rooms():
        for entry in read(catalogue_path(room)):
            if entry.id:
                texts = [entry.string] if isinstance(entry.string, str) else list(entry.string)
                english.setdefault((_first(entry.id), entry.context), {})[room.name] = " | ".join(texts)
    for (msgid, _context), texts_by_room in english.items():
        if len(set(texts_by_room.values())) > 1:
            told = ", ".join(f"{room}: {text!r}" for room, text in texts_by_room.items())
            yield f"{msgid!r} has different English in {told}; give it a context or one translation"


def _check_catalogue(room: Path) -> Iterator[str]:
    said = found_in(room)
    path = catalogue_path(room)
    place = path.relative_to(ROOT).as_posix()
    catalogue = read(path)
    for message in said:
        entry = catalogue.get(message.key, message.context)
        problem = "is missing" if entry is None else _problem_of(entry)
        if problem:
            yield f"{message.file}:{message.line}: {message.msgid!r} {problem} in {place}"
    known = {(_first(message.id), message.context) for message in catalogue if message.id}
    for msgid, context in sorted(known - {(message.msgid, message.context) for message in said}, key=str):
        yield f"{place}: {msgid!r}{f' ({context})' if context else ''} is not used any more"


def _problem_of(entry: Message) -> str:
    """What is wrong with one translation, or nothing."""
    texts = list(entry.string) if isinstance(entry.string, (tuple, list)) else [entry.string]
    if not all(texts):
        return "has no English"
    if entry.fuzzy:
        return "is marked fuzzy"
    if any(CJK.search(text) for text in texts):
        return "has Chinese in its English"
    wanted = _placeholders(_first(entry.id))
    if any(not _placeholders(text) <= wanted for text in texts) or _placeholders(texts[-1]) != wanted:
        return f"does not fill the same places ({', '.join(sorted(wanted)) or 'none'})"
    return ""


def _check_texts(room: Path) -> Iterator[str]:
    """Chinese that stands in templates and scripts outside the translation tags."""
    for file in sorted([*room.glob("templates/**/*.html"), *room.glob("static/**/*.js")]):
        text = file.read_text(encoding="utf-8")
        patterns = (_NOT_SHOWN, _TRANSLATED) if file.suffix == ".html" else (_SCRIPT_COMMENTS,)
        for pattern in patterns:
            text = pattern.sub(_only_line_ends, text)
        for number, line in enumerate(text.splitlines(), 1):
            if CJK.search(line):
                yield f"{file.relative_to(ROOT).as_posix()}:{number}: Chinese outside a translation tag"


def _only_line_ends(match: re.Match[str]) -> str:
    return "\n" * match[0].count("\n")


def _placeholders(text: str) -> set[str]:
    return {percent or brace for percent, brace in _PLACEHOLDERS.findall(text)}


def _first(msgid: str | tuple[str, ...] | list[str]) -> str:
    return msgid if isinstance(msgid, str) else msgid[0]


# --- reading and writing


def catalogue_path(room: Path) -> Path:
    """Where a room keeps its English."""
    return room / "locale" / "en" / "LC_MESSAGES" / "django.po"


def read(path: Path) -> Catalog:
    """A catalogue as stored; an empty one where there is no file."""
    if not path.exists():
        return Catalog(locale="en")
    with path.open("rb") as file:
        return read_po(file, locale="en")


def update(room: Path) -> int:
    """Write a room's catalogue anew, sorted by file, with the English known; answers how many lack it."""
    old, new = (
        read(catalogue_path(room)),
        Catalog(locale="en", project="hongyan", charset="utf-8", fuzzy=False),
    )
    for message in found_in(room):
        entry = old.get(message.key, message.context)
        new.add(
            message.key,
            entry.string if entry else None,
            locations=[(message.file, None)],
            context=message.context,
        )
    path = catalogue_path(room)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, new, width=LINE_WIDTH, sort_by_file=True, omit_header=False, include_lineno=False)
    return sum(1 for message in new if message.id and not message.string)


def compile_file(path: Path) -> None:
    """Write the .mo beside a .po, whole or not at all."""
    draft = path.with_suffix(".mo.new")
    with draft.open("wb") as file:
        write_mo(file, read(path))
    draft.replace(path.with_suffix(".mo"))


# --- the command


def main() -> int:
    """Do what the command line asks; answer the exit code."""
    parser = argparse.ArgumentParser(description="Check, update or compile the message catalogues.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("check")
    commands.add_parser("update").add_argument("room")
    commands.add_parser("compile").add_argument("files", nargs="*", type=Path)
    options = parser.parse_args()
    if options.command == "compile":
        for path in options.files:
            compile_file(path)
        return 0
    if options.command == "update":
        lacking = update(PACKAGE / options.room)
        print(f"{options.room}: {lacking} entries lack English" if lacking else f"{options.room}: complete")
        return 0
    problems = check()
    print("\n".join(problems) or "translations: complete", file=sys.stderr if problems else sys.stdout)
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
