from django.apps import AppConfig


class OwnershipConfig(AppConfig):
    name = "hongyan.ownership"
    label = "ownership"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hongyan.ownership import labels, parameters, person_file, reactions  # noqa: F401
        from hongyan.ownership import labels, mass, parameters, reactions  # noqa: F401
