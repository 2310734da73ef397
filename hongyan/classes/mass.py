"""Tags on many customers at once, as an act on many (批量打标签)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from hongyan.classes.actions.tags import put_back, set_on_many, unset_on_many
from hongyan.classes.models import Tag
from hongyan.classes.queries.tags import borne_among, tags_of, tags_to_set
from hongyan.customer import mass as customers
from hongyan.customer.lists import CUSTOMERS
from hongyan.desk import mass
from hongyan.desk.codes import Change, Verdict
from hongyan.desk.forms import MassForm
from hongyan.desk.mass import MassAct, Task
from hongyan.org.codes import Right, Viewer

SET, UNSET = "set", "unset"


class ManyTagsForm(MassForm):
    """Which tag, and whether it is put on or taken off."""

    way = forms.ChoiceField(
        label=gettext_lazy("打上还是取下"),
        choices=((SET, pgettext_lazy("标签", "打上")), (UNSET, pgettext_lazy("标签", "取下"))),
        initial=SET,
    )
    tag = forms.TypedChoiceField(label=gettext_lazy("标签"), coerce=int)

    def __init__(self, viewer: Viewer, data: Mapping[str, Any] | None) -> None:
        super().__init__(data)
        self.fields["tag"].choices = [(tag.pk, tag.name) for tag in tags_to_set(viewer)]  # type: ignore[attr-defined]


def _told(given: Mapping[str, Any]) -> str:
    name = _words([str(given["tag"])]).get(str(given["tag"]), "")
    sentence = _("打上标签“{name}”") if given["way"] == SET else _("取下标签“{name}”")
    return sentence.format(name=name)


def _words(codes: Collection[str]) -> dict[str, str]:
    names = Tag.objects.filter(pk__in=[int(code) for code in codes]).values_list("pk", "name")
    return {str(pk): name for pk, name in names}


def _judge(viewer: Viewer, task: Task, keys: Sequence[int]) -> dict[int, Verdict]:
    tag_id, putting = int(task.given["tag"]), task.given["way"] == SET
    is_usable = tags_of(viewer).filter(pk=tag_id, retired_at=None).exists()
    found = customers.standing_customers(viewer, keys)
    borne = borne_among(found, tag_id)
    becomes = str(tag_id) if putting else ""
    return {
        key: Verdict(
            str(tag_id) if key in borne else "", becomes, "" if is_usable or not putting else "retired"
        )
        for key in found
    }


def _do(viewer: Viewer, task: Task, passing: Mapping[int, Verdict]) -> dict[int, Change]:
    tag_id = int(task.given["tag"])
    if task.given["way"] == SET:
        done = set_on_many(viewer, tag_id, list(passing), run_id=task.run_id)
        return {key: Change(memo={}) for key in done}
    gone = unset_on_many(viewer, tag_id, list(passing))
    return {key: Change(memo={"rows": rows}) for key, rows in gone.items()}


def _undo(viewer: Viewer, task: Task, memos: Mapping[int, Mapping[str, Any]]) -> dict[int, str]:
    return put_back(viewer, int(task.given["tag"]), memos, run_id=task.run_id)


mass.lend(
    MassAct(
        "tag",
        CUSTOMERS.key,
        gettext_lazy("打标签"),
        Right.TAG_SET,
        "tag",
        form=ManyTagsForm,
        judge=_judge,
        do=_do,
        undo=_undo,
        told=_told,
        words=_words,
        reasons={"retired": gettext_lazy("标签已停用，或不归您用")},
    )
)
