"""XML: elements with attributes beneath one root, whose own attributes state rows and control sums.

    <mail day="20261121" rows="2" 邮资="30.00">
      <MAIL 邮件号="…" 邮资="18.00"><EVENT 时间="…" 代码="01"/></MAIL>
      <MAIL 邮件号="…" 邮资="12.00"/>
    </mail>

The element is the kind's tag, the attributes are its columns; one that is left out is empty, an unknown one makes the
element a misfit. A column `from_parent` stands on the element around it. Document types, entities, text and deep
nesting are refused, so nothing can unfold. Rows are numbered over all elements in the order of the document.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from xml.parsers import expat

import pyarrow as pa

from hongyan.core.errors import SourceError
from hongyan.integration.descriptors import Descriptor, RecordKind
from hongyan.integration.readers.lines import stated_day
from hongyan.integration.readers.reading import LONGEST_LINE, Misfit, Reading, batch
from hongyan.integration.readers.totals import Stated, Totals

DEEPEST = 4
"""Levels of elements, the root included."""
BATCH_ROWS = 2_000
"""Few enough that their strings are still in the processor's cache when they become columns."""
_UTF8 = frozenset({"utf-8", "utf8"})


def read(
    chunks: Iterable[bytes], descriptor: Descriptor, kind: RecordKind, reading: Reading
) -> Iterator[pa.RecordBatch]:
    """All elements of the kind. Errors: SourceError for anything that is not such a document, trailer, emptiness."""
    elements = _Elements(descriptor, kind, reading)
    fed = 0
    for chunk in _utf8(chunks, descriptor.encoding):
        elements.feed(chunk)
        fed += len(chunk)
        if fed - max(elements.parser.CurrentByteIndex, 0) > LONGEST_LINE + len(chunk):
            raise SourceError("line_too_long")
        if elements.waiting >= BATCH_ROWS:
            yield elements.taken()
    if not fed:
        raise SourceError("empty")
    elements.feed(b"", is_last=True)
    yield elements.taken()
    elements.finish()


class _Elements:
    """What one pass over a document gathers for one kind."""

    def __init__(self, descriptor: Descriptor, kind: RecordKind, reading: Reading) -> None:
        self.descriptor, self.kind, self.reading = descriptor, kind, reading
        self.totals = Totals(kind)
        self._numbers: list[int] = []
        self._values: list[str] = []
        self._number = 0
        self._root: list[str] = []
        self._around: list[list[str]] = []
        self._tags = frozenset(each.tag for each in descriptor.kinds)
        inherited = {field.column for field in kind.fields if field.from_parent}
        self._inherited = tuple(column for column in kind.columns if column in inherited)
        self._own = [column for column in kind.columns if column not in inherited]
        # the attributes of an element whose values are a row as they stand
        self._usual = None if inherited else self._own
        self.parser = expat.ParserCreate("utf-8")
        self.parser.ordered_attributes = True
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse
        self.parser.ExternalEntityRefHandler = self._refuse

    def feed(self, chunk: bytes, *, is_last: bool = False) -> None:
        """Parse some more. Errors: SourceError(xml) naming the line."""
        try:
            self.parser.Parse(chunk, is_last)
        except expat.ExpatError as error:
            raise SourceError("xml", row=error.lineno) from error

    @property
    def waiting(self) -> int:
        """Rows gathered and not taken."""
        return len(self._numbers)

    def taken(self) -> pa.RecordBatch:
        """The rows gathered since last time."""
        width = len(self.kind.columns)
        columns = [pa.array(self._values[place::width], pa.string()) for place in range(width)]
        found = batch(self.kind, self._numbers, columns)
        self.totals.add(found)
        self._numbers, self._values = [], []
        return found

    def finish(self) -> None:
        """Hold what was found against what the root states."""
        root = _named(self._root)
        self.reading.day = stated_day(root.get("day"), row=1)
        trailer = self.descriptor.trailer
        if trailer is None:
            return
        sums = [root.get(control.column, "") for control in self.kind.controls]
        self.totals.hold_against(Stated(root.get(trailer.rows, ""), sums), self.reading, row=1)

    def _start(self, name: str, attributes: list[str]) -> None:
        depth = len(self._around)
        if not depth:
            self._root = attributes
        elif depth == DEEPEST:
            raise SourceError("xml_depth", row=self.parser.CurrentLineNumber)
        elif name not in self._tags:
            raise SourceError("xml_element", row=self.parser.CurrentLineNumber, name=name[:40])
        else:
            self._number += 1
            if depth == 1:
                self.totals.rows += 1
            if name == self.kind.tag:
                self._take(attributes)
        self._around.append(attributes)

    def _take(self, attributes: list[str]) -> None:
        self.reading.received += 1
        if attributes[::2] == self._usual:
            self._values += attributes[1::2]
        elif (values := self._in_order(attributes)) is not None:
            self._values += values
        else:
            self.totals.miss(self._number)
            self.reading.put_aside(Misfit(self._number, tuple(attributes[1::2]), "record"))
            return
        self._numbers.append(self._number)

    def _in_order(self, attributes: list[str]) -> list[str] | None:
        """The values of an element in the kind's order of columns; None when it has others."""
        found = _named(attributes)
        if not found.keys() <= set(self._own):
            return None
        if self._inherited:
            around = _named(self._around[-1])
            found |= {column: around.get(column, "") for column in self._inherited}
        return [found.get(column, "") for column in self.kind.columns]

    def _end(self, _name: str) -> None:
        self._around.pop()

    def _text(self, text: str) -> None:
        if not text.isspace():
            raise SourceError("xml_text", row=self.parser.CurrentLineNumber)

    def _refuse(self, *_what: object) -> int:
        raise SourceError("xml_entities", row=self.parser.CurrentLineNumber)


def _named(attributes: list[str]) -> dict[str, str]:
    """Attributes by name, from the parser's flat list."""
    return dict(zip(attributes[::2], attributes[1::2], strict=True))


def _utf8(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """The content in UTF-8, the only one of our encodings the parser knows. Errors: SourceError(encoding)."""
    if encoding in _UTF8:
        yield from chunks
        return
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for chunk in chunks:
            yield decoder.decode(chunk).encode()
        yield decoder.decode(b"", True).encode()
    except UnicodeDecodeError as error:
        raise SourceError("encoding", row=1, encoding=encoding.upper()) from error
