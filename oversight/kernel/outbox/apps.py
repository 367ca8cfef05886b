from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "oversight.kernel.outbox"
    label = "outbox"

    def ready(self) -> None:
        from .subscribers import Subscriber, subscribe
        from .webhooks import queue

        subscribe(Subscriber("webhooks", None, queue))
