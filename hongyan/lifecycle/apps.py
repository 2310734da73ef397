from django.apps import AppConfig


class LifecycleConfig(AppConfig):
    name = "hongyan.lifecycle"
    label = "lifecycle"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hongyan.lifecycle import exports, labels, notices, parameters, person_file, reactions  # noqa: F401
