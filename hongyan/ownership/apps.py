from django.apps import AppConfig


class OwnershipConfig(AppConfig):
    name = "hongyan.ownership"
    label = "ownership"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hongyan.ownership import labels, mass, parameters, person_file, reactions  # noqa: F401
