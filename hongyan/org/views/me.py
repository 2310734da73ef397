"""One's own page: posts, last log-ins, API tokens."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hongyan.core.errors import Invalid
from hongyan.org import sessions
from hongyan.org.actions import api_tokens, passwords
from hongyan.org.forms.log_in import ChangePasswordForm
from hongyan.org.queries.me import my_page
from hongyan.org.requests import ViewerRequest


@require_GET
def me(request: ViewerRequest) -> HttpResponse:
    return render(request, "org/me.html", {"me": my_page(request.viewer)})


@sensitive_post_parameters()
@sensitive_variables("form")
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: ViewerRequest) -> HttpResponse:
    """A new password for oneself; this session goes on, all others end."""
    form = ChangePasswordForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            staff = passwords.change_password(
                request.viewer, form.cleaned_data["old"], form.cleaned_data["password"]
            )
        except Invalid as error:
            form.refuse(error)
        else:
            sessions.renew(request, staff)
            messages.success(request, _("密码已修改，其他设备上的登录已结束。"))
            return HttpResponseRedirect(reverse("org:me"))
    context = {"form": form, "policy": passwords.policy()}
    return render(request, "org/change_password.html", context, status=422 if form.errors else 200)


@require_POST
@sensitive_variables("text")
def make_token(request: ViewerRequest) -> HttpResponse:
    """Show the new token, this once: the page is an answer to a POST and is kept nowhere."""
    token, text = api_tokens.make_api_token(request.viewer, name=request.POST.get("name", ""))
    return render(request, "org/me.html", {"me": my_page(request.viewer), "new_token": token, "text": text})


@require_POST
def revoke_token(request: ViewerRequest, token_id: int) -> HttpResponse:
    api_tokens.revoke_api_token(request.viewer, token_id)
    return HttpResponseRedirect(reverse("org:me"))
