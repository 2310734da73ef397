from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "hongyan.quality"
    label = "quality"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hongyan.quality import exports, labels, marks, parameters, person_file, reactions  # noqa: F401
