"""Models of the house: which are there, which is in force and was when, what they were compared by (识别模型)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from hongyan.core.errors import NotFound
from hongyan.core.models import JobRun
from hongyan.customer.codes import ModelState
from hongyan.customer.in_force import KINDS, SHIPPED, models
from hongyan.customer.models import IdentityModel, ModelPair, ModelUse
from hongyan.identity.record import Kind

AT_WORK = (JobRun.State.WAITING, JobRun.State.RUNNING)


def run_of(row: IdentityModel) -> JobRun | None:
    """The job that trains a model, or trained it. One query."""
    return JobRun.objects.filter(pk=row.run_id).first() if row.run_id else None


def is_at_work(row: IdentityModel) -> bool:
    """Whether a job trains a model right now, or is about to."""
    run = run_of(row)
    return row.content is None and run is not None and run.state in AT_WORK


def in_training(kind: Kind) -> IdentityModel | None:
    """The model of a kind that a job trains right now, or is about to. One query."""
    runs = JobRun.objects.filter(state__in=AT_WORK).values("pk")
    untrained = IdentityModel.objects.filter(party_type=KINDS[kind], content__isnull=True)
    return untrained.filter(run_id__in=runs).first()


def find_model(kind: Kind, version: int, *, locked: bool = False) -> IdentityModel:
    """A model that was trained here, or is in training. Errors: NotFound, also for the shipped one."""
    rows = IdentityModel.objects.select_for_update() if locked else IdentityModel.objects.all()
    row = rows.filter(party_type=KINDS[kind], version=version).first()
    if row is None:
        raise NotFound("identity_model", f"{kind} {version}")
    return row


@dataclass(frozen=True, slots=True)
class KindOfModels:
    """All there is of one kind: what is in force (None for the shipped model from the first day on), what is asked for,
    the trained models and past uses, the latest first."""

    kind: Kind
    in_force: ModelUse | None
    waiting: ModelUse | None
    trained: Sequence[IdentityModel]
    uses: Sequence[ModelUse]

    @property
    def version(self) -> int:
        """The version in force."""
        return self.in_force.version if self.in_force else SHIPPED


def all_models() -> list[KindOfModels]:
    """The models of both kinds. Two queries."""
    trained = list(IdentityModel.objects.order_by("-version").defer("content"))
    uses = list(ModelUse.objects.select_related("model").defer("model__content").order_by("-id"))
    return [_of_kind(kind, trained, uses) for kind in KINDS]


def _of_kind(kind: Kind, trained: Sequence[IdentityModel], uses: Sequence[ModelUse]) -> KindOfModels:
    own = [use for use in uses if use.party_type == KINDS[kind]]
    states = {use.state: use for use in own}
    return KindOfModels(
        kind=kind,
        in_force=states.get(ModelState.IN_FORCE),
        waiting=states.get(ModelState.WAITING),
        trained=[row for row in trained if row.party_type == KINDS[kind]],
        uses=own,
    )


def uses_of(kind: Kind, row: IdentityModel | None) -> QuerySet[ModelUse]:
    """When a model was in force or asked for, the latest first; None for the shipped one."""
    return ModelUse.objects.filter(party_type=KINDS[kind], model=row).order_by("-id")


def is_used(kind: Kind, version: int, uses: Iterable[ModelUse]) -> bool:
    """Whether a model, whose `uses` these are, is in force or asked for."""
    states = {use.state for use in uses}
    return models()[kind].version == version or not states.isdisjoint(
        {ModelState.IN_FORCE, ModelState.WAITING}
    )


def find_use(use_id: int) -> ModelUse:
    """One use. Errors: NotFound."""
    use = ModelUse.objects.select_related("model").defer("model__content").filter(pk=use_id).first()
    if use is None:
        raise NotFound("model_use", use_id)
    return use


def pairs_of(row: IdentityModel) -> QuerySet[ModelPair]:
    """The pairs by which a model was compared with the one before, as far as the scope lets see them."""
    return ModelPair.objects.filter(model=row).select_related("customer", "candidate")
