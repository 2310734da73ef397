"""Component tags with slots: ``{% card title="…" %} body {% slot actions %}…{% endslot %}{% endcard
%}``.

A component is a template that gets its arguments, ``body``, and ``slots`` (name → HTML). It sees
nothing else of the page, so that reading the tag is enough to know what it shows. After Wagtail's
BlockInclusionNode.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from django.template import Context, Engine, Library, TemplateSyntaxError
from django.template.base import FilterExpression, Node, NodeList, Parser, Token, token_kwargs
from django.utils.safestring import SafeString

Compile = Callable[[Parser, Token], Node]


class ComponentNode(Node):
    child_nodelists = ("body",)

    def __init__(
        self,
        template: str,
        arguments: Mapping[str, FilterExpression],
        body: NodeList,
        slots: Mapping[str, NodeList],
    ) -> None:
        self.template = template
        self.arguments = arguments
        self.body = body
        self.slots = slots

    def render(self, context: Context) -> SafeString:
        values = {name: expression.resolve(context) for name, expression in self.arguments.items()}
        inner = context.new(
            {
                **values,
                "body": self.body.render(context),
                "slots": {name: _trimmed(nodes.render(context)) for name, nodes in self.slots.items()},
                "csrf_token": context.get("csrf_token"),
                "request": context.get("request"),
            }
        )
        engine = context.template.engine if context.template else Engine.get_default()
        return engine.get_template(self.template).render(inner)


def _trimmed(html: str) -> SafeString:
    # A slot that an {% if %} left empty must count as absent.
    return SafeString(html.strip())


def component(template: str, *, arguments: Collection[str], slots: Collection[str] = ()) -> Compile:
    """The compile function of a block tag. Errors: TemplateSyntaxError for an argument or slot it
    does not have.
    """

    def compile_tag(parser: Parser, token: Token) -> ComponentNode:
        name, *bits = token.split_contents()
        given = token_kwargs(bits, parser)
        if bits or (unknown := set(given) - set(arguments)):
            wrong = bits[0] if bits else unknown.pop()
            raise TemplateSyntaxError(
                f"{{% {name} %}} has no argument {wrong!r}; it takes {', '.join(arguments)}."
            )
        body, found = _contents(parser, name, slots)
        return ComponentNode(template, given, body, found)

    return compile_tag


def _contents(parser: Parser, name: str, allowed: Collection[str]) -> tuple[NodeList, dict[str, NodeList]]:
    """The body and the slots between ``{% name %}`` and ``{% endname %}``."""
    body = NodeList()
    slots: dict[str, NodeList] = {}
    while True:
        body.extend(parser.parse(("slot", f"end{name}")))
        token = parser.next_token()
        if token.contents == f"end{name}":
            return body, slots
        slot = token.contents.removeprefix("slot").strip()
        if slot not in allowed:
            raise TemplateSyntaxError(
                f"{{% {name} %}} has no slot {slot!r}; it has {', '.join(allowed) or 'none'}."
            )
        slots[slot] = parser.parse(("endslot",))
        parser.delete_first_token()


def register_component(
    library: Library, name: str, *, arguments: Collection[str], slots: Collection[str] = ()
) -> None:
    library.tag(name, component(f"ui/components/{name}.html", arguments=arguments, slots=slots))
