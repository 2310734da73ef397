"""What the demo's customers agreed to: texts in force, and a few dozen words, all through the doors of the house."""

from __future__ import annotations

MOST_CUSTOMERS = 48

_TEXTS = (
    (
        "marketing",
        "",
        "consent",
        "向我介绍本板块的产品和服务",
        "tell me about products and services of the line",
    ),
    ("cross_marketing", "", "separate", "向我介绍其他板块的产品和服务", "tell me about those of other lines"),
    (
        "sharing",
        "",
        "separate",
        "让其他板块看到我在这个板块的业务金额",
        "let other lines see my amounts in this line",
    ),
    ("profiling", "", "consent", "按我的业务为我推荐产品", "recommend products to me by my business"),
)


def let_customers_speak() -> int:
    """Publish the texts and let some customers agree, take back, and ask to be left alone; answers how many spoke.

    Called again it changes nothing.
    """
    from hongyan.consent.actions.silences import silence
    from hongyan.consent.actions.words import give, withdraw
    from hongyan.consent.models import ConsentText
    from hongyan.core import scope
    from hongyan.customer.models import Ownership
    from hongyan.org.codes import Right
    from hongyan.org.queries.viewers import find_viewer

    with scope.bulk():
        if ConsentText.objects.exists() or not _publish():
            return 0
        owners = Ownership.objects.filter(until=None, gives_way=False).exclude(manager=None)
        chosen = list(
            owners.order_by("customer_id").values_list("customer__code", "manager__staff_no")[
                : MOST_CUSTOMERS * 4 : 4
            ]
        )
    spoke = 0
    for number, (code, staff_no) in enumerate(chosen):
        viewer = find_viewer(staff_no)
        if not viewer.may(Right.CONSENT_KEEP):
            continue
        said = {"line": ("04", "01", "03")[number % 3], "source": "counter"}
        purpose = "sharing" if number % 6 == 2 else "marketing"
        with scope.acting(viewer.scope):
            give(viewer, code, purpose=purpose, **said, proof="signed", reference=f"DEMO-{number:04}")
            if number % 5 == 0:
                withdraw(viewer, code, purpose=purpose, **said)
            if number % 7 == 0:
                silence(viewer, code, channels=["phone"], source="phone")
        spoke += 1
    return spoke


def _publish() -> bool:
    """Publish the texts as the head of the group; false where nobody is."""
    from hongyan.consent.actions.texts import publish_text
    from hongyan.core import clock, scope
    from hongyan.org.codes import Role
    from hongyan.org.models import Post
    from hongyan.org.queries.viewers import find_viewer

    post = Post.objects.filter(role=Role.GROUP_ADMIN).select_related("staff").order_by("pk").first()
    if post is None:
        return False
    head = find_viewer(post.staff.staff_no)
    with scope.acting(head.scope):
        for purpose, line, basis, what, what_en in _TEXTS:
            publish_text(
                head,
                purpose=purpose,
                line=line,
                basis=basis,
                text=f"我同意邮政集团{what}。我可以随时撤回，撤回立即生效。",
                text_en=f"I agree that the post may {what_en}. I may take this back at any time, at once.",
                valid_from=clock.business_date(),
            )
    return True
