from django.apps import AppConfig
from django.utils.functional import lazy


class IntegrationConfig(AppConfig):
    name = "hongyan.integration"
    label = "integration"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hongyan.customer.queries.systems import name_system
        from hongyan.integration import person_file, reactions  # noqa: F401
        from hongyan.integration.descriptors import Target, all_descriptors, shipped_descriptors
        from hongyan.integration.words import short_name
        from hongyan.ledger.currencies import state_currency

        for descriptor in all_descriptors():
            if any(kind.target is Target.PARTY for kind in descriptor.kinds):
                name_system(descriptor.code, lazy(short_name, str)(descriptor))
        for descriptor in shipped_descriptors():
            state_currency(descriptor.code, descriptor.currency)
