from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "hongyan.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hongyan.core import outgoing  # noqa: F401  it declares parameters
