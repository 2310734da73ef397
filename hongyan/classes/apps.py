from django.apps import AppConfig


class ClassesConfig(AppConfig):
    name = "hongyan.classes"
    label = "classes"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hongyan.classes import families, labels, list_columns, mass, parameters, person_file, reactions  # noqa: F401
