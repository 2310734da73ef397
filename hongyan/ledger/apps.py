from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "hongyan.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hongyan.ledger import labels, parameters, person_file, reactions  # noqa: F401
