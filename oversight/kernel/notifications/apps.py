from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "oversight.kernel.notifications"
    label = "notifications"

    def ready(self) -> None:
        """Have the relay ring for letters that are due."""
        from oversight.kernel.outbox.bells import ring_for

        ring_for("notifications_letter", "notifications.post")
