"""Template tags: slots, their errors, and links that keep the query."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory

from hongyan.ui.lists import Column, EmptyState, ListSpec
from hongyan.ui.lists.rows import rows_html
from hongyan.ui.records import Field


def render(source, **context):
    return Template("{% load ui %}" + source).render(Context(context))


def test_a_card_shows_its_body_and_slots_escaped():
    html = render(
        "{% card title=name %}{{ name }}{% slot actions %}<b>go</b>{% endslot %}{% endcard %}", name="<i>"
    )
    assert html.count("&lt;i&gt;") == 2
    assert "<b>go</b>" in html


def test_cards_nest_and_keep_their_own_slots():
    html = render(
        '{% card title="外" %}{% card title="内" %}x{% slot footer %}内脚{% endslot %}{% endcard %}'
        "{% slot footer %}外脚{% endslot %}{% endcard %}"
    )
    assert html.index("内脚") < html.index("外脚")


def test_an_empty_slot_counts_as_absent():
    assert "card-bottom" not in render(
        "{% card %}x{% slot footer %}{% if no %}y{% endif %}{% endslot %}{% endcard %}"
    )


@pytest.mark.parametrize(
    "source",
    [
        "{% card colour=1 %}{% endcard %}",
        "{% card %}{% slot side %}{% endslot %}{% endcard %}",
        "{% card 'x' %}{% endcard %}",
    ],
)
def test_wrong_use_is_told_when_the_template_is_read(source):
    with pytest.raises(TemplateSyntaxError):
        render(source)


def test_query_link_changes_what_it_names_and_keeps_the_rest():
    request = RequestFactory().get("/?a=1&b=2&b=3")
    assert render("{% query_link a=None c=4 as x %}{{ x|safe }}", request=request) == "?b=2&b=3&c=4"


def test_rows_are_escaped_and_linked():
    spec = ListSpec(
        key="things",
        title="东西",
        columns=(Column("name", "名称", phone_role="title"), Column("size", "<大小>", phone_role="fact")),
        empty=EmptyState("没有"),
        row_url=lambda row: f'/"{row.pk}',
    )
    rows = [SimpleNamespace(pk=1, name="<script>", size=None), SimpleNamespace(pk='"2', name="王", size=0)]
    html = rows_html(spec, spec.columns, rows, selectable=True)
    assert html.count("<tr") == html.count('class="row-link"') == html.count('type="checkbox"') == 2
    assert "<script>" not in html
    assert "<大小>" not in html
    assert 'href="/&quot;1"' in html
    assert 'value="&quot;2"' in html


@pytest.mark.parametrize("name", ["400", "403", "404", "500"])
def test_error_pages_need_no_request(name):
    from django.template.loader import get_template

    html = get_template(f"{name}.html").render()
    assert name in html
    assert 'href="/"' in html


def test_a_value_on_a_page_is_escaped_once():
    fields = [Field("名称", "A&B <商贸>")]
    assert "A&amp;B &lt;商贸&gt;</span>" in render("{% fields items %}", items=fields)
