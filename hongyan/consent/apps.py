from django.apps import AppConfig


class ConsentConfig(AppConfig):
    name = "hongyan.consent"
    label = "consent"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hongyan.consent import labels, parameters, reactions  # noqa: F401
