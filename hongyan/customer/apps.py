from django.apps import AppConfig


class CustomerConfig(AppConfig):
    name = "hongyan.customer"
    label = "customer"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hongyan.customer import custom_parameter, labels, mass, parameters, reactions  # noqa: F401
        from hongyan.customer import labels, mass, notices, parameters, reactions, records  # noqa: F401
