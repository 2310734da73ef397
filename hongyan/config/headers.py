"""Security headers that Django does not send itself."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# Scripts, styles and connections come from this server only and never stand inline, so text that reaches a
# page unescaped still cannot run. Images may be `data:`: Tabler's stylesheet draws its marks that way.
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
PERMISSIONS_POLICY = "camera=(), microphone=(), geolocation=(self), payment=(), usb=()"


def policy_of(response: HttpResponse) -> str:
    """The content security policy of an answer, which may say of itself that it is another.

    A page `frames_own` files; a file is `framed` by such a page; what came from elsewhere is `sandboxed`, so that
    whatever it makes a browser do, it does alone.
    """
    policy = CONTENT_SECURITY_POLICY
    if getattr(response, "framed", False):
        policy = policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    if getattr(response, "frames_own", False):
        policy += "; frame-src 'self'"
    return f"{policy}; sandbox" if getattr(response, "sandboxed", False) else policy


class SecurityHeaders:
    """Adds the content security and permissions policies; pages are never kept by shared caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", policy_of(response))
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cache-Control", "no-store, private")
        return response
