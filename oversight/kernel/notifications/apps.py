from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "oversight.kernel.notifications"
    label = "notifications"
