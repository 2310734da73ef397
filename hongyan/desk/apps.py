from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "hongyan.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hongyan.desk import export_approval, export_notices, labels, reactions  # noqa: F401
