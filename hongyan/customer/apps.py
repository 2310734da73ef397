from django.apps import AppConfig


class CustomerConfig(AppConfig):
    name = "hongyan.customer"
    label = "customer"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hongyan.customer import (  # noqa: F401
            custom_parameter,
            labels,
            mass,
            notices,
            parameters,
            reactions,
            records,
        )
