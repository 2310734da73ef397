"""Training a model of the house (重新训练): from its own parties, corrected by what stewards said, then compared.

    1. read      a sample of the parties, a kind at a time, as they are compared (unsealed in memory only)
    2. learn     expectation–maximisation without labels (identity.training), held to what can be believed
    3. correct   two thirds of the stewards' verdicts move the weights a little
    4. compare   the last third, and pairs drawn from the house: what the old and the new model say of each

Nothing is put in force here: that takes two people (`actions.use_model`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from hongyan.core import audit, clock, jobs, scope
from hongyan.core.errors import Conflict, Invalid, NotAllowed
from hongyan.core.parameters import values_of
from hongyan.core.versions import take_turn
from hongyan.customer.in_force import KINDS, model_of_version, models
from hongyan.customer.models import IdentityModel, ModelPair
from hongyan.customer.parameters import TRAINING_DRAWN, TRAINING_PARTIES
from hongyan.customer.queries.models import find_model, in_training, is_at_work, run_of
from hongyan.customer.rules.measures import measured
from hongyan.customer.training import Compared, compared, drawn_pairs, judged_pairs, labelled_pairs, sample
from hongyan.identity.model.weights import Model, model_data
from hongyan.identity.record import Kind
from hongyan.identity.training import judged, unlabelled
from hongyan.identity.training.clamp import believed
from hongyan.org.codes import Right, Viewer

TRAINING = "customer.train_model"
"""Name of the task that trains."""
KEPT_MOVES = 2000
"""Of the drawn pairs that change band so many are kept to look at."""
_READ, _LEARNED, _WHOLE = 40, 80, 100
"""Progress, in percent, when the parties are read and when the model has learned."""

Report = Callable[[int, int], None]


def start_training(viewer: Viewer, kind: Kind) -> IdentityModel:
    """Let a job train a new model of a kind, from the one in force.

    Errors: NotAllowed without the right or for a post below the group; Conflict while one of the kind is in training;
    Invalid where Splink is missing.
    """
    ask_group(viewer)
    if find_spec("splink") is None:
        raise Invalid({"": _("训练需要 Splink，请让系统管理员安装：pip install splink==5.0.0")})
    with transaction.atomic(savepoint=False):
        take_turn(TRAINING, kind)
        known = IdentityModel.objects.filter(party_type=KINDS[kind])
        _ask_none_at_work(kind)
        row = IdentityModel.objects.create(
            party_type=KINDS[kind],
            version=(known.aggregate(last=Max("version"))["last"] or 0) + 1,
            started_from=models()[kind].version,
            made_by=viewer.staff_no,
            made_at=clock.now(),
        )
        _run(viewer, row)
        audit.record(viewer.actor, "identity_model.train", "identity_model", row.number)
    return row


def resume_training(viewer: Viewer, kind: Kind, version: int) -> IdentityModel:
    """Train again what was stopped or failed. Errors: as `start_training`; Conflict for what is done or at work."""
    ask_group(viewer)
    with transaction.atomic(savepoint=False):
        take_turn(TRAINING, kind)
        _ask_none_at_work(kind)
        row = find_model(kind, version, locked=True)
        if row.content is not None:
            raise Conflict("identity_model", _("{number} 不需要继续训练。").format(number=row.number))
        _run(viewer, row)
        audit.record(viewer.actor, "identity_model.train", "identity_model", row.number)
    return row


def stop_training(viewer: Viewer, kind: Kind, version: int) -> IdentityModel:
    """Ask a training to stop. Errors: NotAllowed; NotFound; Conflict when none is at work."""
    ask_group(viewer)
    with transaction.atomic(savepoint=False):
        row = find_model(kind, version, locked=True)
        run = run_of(row)
        if run is None or not is_at_work(row):
            raise Conflict("identity_model", _("{number} 现在没有在训练").format(number=row.number))
        jobs.cancel(run)
        audit.record(viewer.actor, "identity_model.stop", "identity_model", row.number)
    return row


def ask_group(viewer: Viewer) -> None:
    """Errors: NotAllowed for whoever may not train: a model decides for the whole group."""
    if not viewer.may(Right.IDENTITY_TRAIN):
        raise NotAllowed(Right.IDENTITY_TRAIN)
    if not viewer.scope.everything:
        raise NotAllowed(Right.IDENTITY_TRAIN, _("识别模型对全集团生效，由集团的人员训练和启用。"))


def _ask_none_at_work(kind: Kind) -> None:
    if busy := in_training(kind):
        raise Conflict("identity_model", _("{number} 正在训练，请等它结束。").format(number=busy.number))


def _run(viewer: Viewer, row: IdentityModel) -> None:
    run = jobs.start(
        TRAINING, actor=viewer.actor, subject=row.number, lock=f"train/{row.party_type}", model_id=row.pk
    )
    row.run_id = run.pk
    row.save(update_fields=["run_id"])


# --- the job


def train(model_id: int, report: Report) -> dict[str, int]:
    """Train, compare and keep one model. It can be killed and run again: it begins anew and ends the same.

    `report` hears (done, total) in percent and may stop it by what it raises. Answers `{parties, labels, drawn}`.
    """
    with scope.bulk():
        row = IdentityModel.objects.get(pk=model_id)
        kind = next(kind for kind, party_type in KINDS.items() if party_type == row.party_type)
        start = model_of_version(kind, row.started_from)
        most, many = (int(value) for value in values_of(TRAINING_PARTIES, TRAINING_DRAWN))
    rows = sample(kind, most, heard=lambda done, total: report(done * _READ // (total or 1), _WHOLE))
    sessions = iter(range(_READ, _LEARNED, (_LEARNED - _READ) // len(unlabelled.SESSIONS[kind])))
    estimates = unlabelled.learn(rows.table(), start, heard=lambda: report(next(sessions), _WHOLE))
    learned, doubts = believed(start, estimates, {})
    labels = labelled_pairs(kind)
    teaching = [pair for pair in labels if not pair.is_held_out]
    model, moved = judged.corrected(learned, judged_pairs(learned, teaching))
    model = replace(model, version=row.version, origin=_origin(row, len(rows), len(teaching)))
    report(_LEARNED, _WHOLE)
    of_labels = compared(start, model, labels)
    of_drawn = compared(
        start,
        model,
        drawn_pairs(
            kind, many, heard=lambda done, total: report(_LEARNED + done * 20 // (total or 1), _WHOLE)
        ),
    )
    taught = {
        "parties": len(rows),
        "same": sum(pair.label == "same" for pair in teaching),
        "different": sum(pair.label == "different" for pair in teaching),
        "doubts": [[one.comparison, one.outcome, one.found, one.kept] for one in doubts],
        "moved": [[*feature, round(bits, 1)] for feature, bits in sorted(moved.items())],
    }
    _keep(row, model, taught, of_labels, of_drawn)
    return {"parties": len(rows), "labels": len(labels), "drawn": len(of_drawn)}


def _origin(row: IdentityModel, parties: int, labels: int) -> dict[str, Any]:
    return {
        "learned": "unlabelled, corrected by stewards" if labels else "unlabelled",
        "records": parties,
        "labels": labels,
        "started_from": row.started_from,
        "date": clock.business_date().isoformat(),
    }


def _keep(
    row: IdentityModel, model: Model, taught: dict[str, Any], labels: list[Compared], drawn: list[Compared]
) -> None:
    held_out = [(one.before, one.after, one.pair.label == "same") for one in labels if one.pair.is_held_out]
    moving = [one for one in drawn if one.before.band != one.after.band]
    with scope.bulk():
        row.pairs.all().delete()
        ModelPair.objects.bulk_create(
            (_pair(row, one) for one in (*labels, *moving[:KEPT_MOVES])), batch_size=1000
        )
        row.content, row.taught = model_data(model), taught
        row.measures = measured(held_out, [(one.before, one.after) for one in drawn])
        row.trained_at = clock.now()
        row.save()


def _pair(row: IdentityModel, one: Compared) -> ModelPair:
    return ModelPair(
        model=row,
        customer_id=one.pair.customer,
        candidate_id=one.pair.candidate,
        party_id=one.pair.parties[0],
        other_party_id=one.pair.parties[1],
        label=one.pair.label,
        is_held_out=one.pair.is_held_out,
        before=one.before.score,
        after=one.after.score,
        band_before=one.before.band,
        band_after=one.after.band,
    )
