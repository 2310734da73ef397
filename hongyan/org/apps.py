from django.apps import AppConfig


class OrgConfig(AppConfig):
    name = "hongyan.org"
    label = "org"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hongyan.org import labels, reactions  # noqa: F401
