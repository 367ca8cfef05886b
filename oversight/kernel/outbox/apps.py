from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "oversight.kernel.outbox"
    label = "outbox"
