from django.apps import AppConfig


class ConsentConfig(AppConfig):
    name = "hongyan.consent"
    label = "consent"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hongyan.consent import exports, labels, parameters, reactions  # noqa: F401
        from hongyan.consent.person_file import lend
        from hongyan.consent.person_file.beneath import BENEATH

        lend(*BENEATH)
