from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    name = "hongyan.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hongyan.core import outgoing  # noqa: F401  it declares parameters
        from hongyan.core.audit_guard import keep_guard

        post_migrate.connect(keep_guard, sender=self)
