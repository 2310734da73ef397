"""Addresses of the customer room. `web.customer360` lends the page's panels, and what finds other rooms' numbers."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import URLPattern, path

from hongyan.customer import (
    case_views,
    contact_views,
    correct_views,
    create_views,
    follow_views,
    layout_views,
    merge_views,
    model_views,
    relation_views,
    resolution_views,
    views,
)
from hongyan.customer.panels import FindNumber, Panel

app_name = "customer"


def addresses(
    shown: Sequence[Panel], find_number: FindNumber, *, excluded: str, prospect: str
) -> list[URLPattern]:
    """The addresses under `/customers/`, for a page of the given panels and a search that knows other numbers too.

    `excluded` is the name of the page that tells whom a filter by consent leaves out, `prospect` of the one where a
    potential customer is applied for.
    """
    page = {"shown": shown}
    return [
        path("", views.customers, {"excluded": excluded}, name="list"),
        path("new/", create_views.new, {"prospect": prospect}, name="new"),
        path("new/check/", create_views.duplicates, name="duplicates"),
        path("search/", views.search, {"find_number": find_number}, name="search"),
        path("codes/", views.codes, name="codes"),
        path("followed/", follow_views.followed, name="followed"),
        path("followed/end/", follow_views.unfollow, name="unfollow"),
        path("cases/", case_views.cases, name="cases"),
        path("cases/checks/", case_views.looks, name="looks"),
        path("cases/checks/<int:look_id>/", case_views.look, name="look"),
        path("cases/quality/", case_views.quality, name="quality"),
        path("cases/batches/", case_views.batches, name="batches"),
        path("cases/batches/new/", case_views.new_batch, name="new_batch"),
        path("cases/batches/<int:batch_id>/", case_views.batch, name="batch"),
        path("cases/batches/<int:batch_id>/start/", case_views.start, name="start_batch"),
        path("cases/batches/<int:batch_id>/stop/", case_views.stop, name="stop_batch"),
        path("cases/relations/", relation_views.run, name="relations"),
        path("cases/relations/start/", relation_views.start, name="start_relating"),
        path("cases/relations/stop/", relation_views.stop, name="stop_relating"),
        path("cases/overview/", resolution_views.overview, name="overview"),
        path("cases/overview/count/", resolution_views.count, name="count_resolution"),
        path("cases/overview/draw/", resolution_views.draw, name="draw_joins"),
        path("cases/<int:case_id>/", case_views.case, name="case"),
        path("cases/<int:case_id>/decide/", case_views.decide, name="decide_case"),
        path("cases/<int:case_id>/undo/", case_views.undo, name="undo_case"),
        path("models/", model_views.models, name="models"),
        path("models/<slug:kind>/train/", model_views.train, name="train_model"),
        path("models/<slug:kind>/<int:version>/", model_views.model, name="model"),
        path("models/<slug:kind>/<int:version>/file/", model_views.model_file, name="model_file"),
        path("models/<slug:kind>/<int:version>/pairs/", model_views.model_pairs, name="model_pairs"),
        path("models/<slug:kind>/<int:version>/stop/", model_views.stop, name="stop_training"),
        path("models/<slug:kind>/<int:version>/resume/", model_views.resume, name="resume_training"),
        path("models/<slug:kind>/<int:version>/use/", model_views.use, name="use_model"),
        path("layouts/", layout_views.layouts, name="layouts"),
        path("layouts/<slug:place>/<slug:kind>/", layout_views.layout, name="layout"),
        path("layouts/<slug:place>/<slug:kind>/<slug:role>/", layout_views.layout, name="role_layout"),
        path("merges/<int:merge_id>/", merge_views.merged, name="merged"),
        path("<str:code>/", views.record, page, name="record"),
        path("<str:code>/correct/", correct_views.correct_customer, name="correct"),
        path("<str:code>/merge/", merge_views.choose, name="merge"),
        path("<str:code>/merge/<str:other>/", merge_views.merge_with, name="merge_with"),
        path("<str:code>/relations/graph/", relation_views.graph, name="relation_graph"),
        path("<str:code>/relations/new/", relation_views.declare, name="declare_relation"),
        path("<str:code>/relations/<int:relation_id>/", relation_views.judge, name="judge_relation"),
        path("<str:code>/relations/<int:relation_id>/end/", relation_views.end, name="end_relation"),
        path("<str:code>/contacts/new/", contact_views.add, name="add_contact"),
        path("<str:code>/contacts/<int:party>/<int:number>/", contact_views.change, name="change_contact"),
        path("<str:code>/contacts/<int:party>/<int:number>/end/", contact_views.end, name="end_contact"),
        path("<str:code>/take-out/", merge_views.take_parties_out, name="take_out"),
        path("<str:code>/purpose/", views.purpose, name="purpose"),
        path("<str:code>/reveal/<slug:field>/", views.reveal, name="reveal"),
        path("<str:code>/reveal/<slug:field>/<int:record_id>/", views.reveal, name="reveal_record"),
        path("<str:code>/<slug:tab>/", views.record, page, name="record_tab"),
    ]
