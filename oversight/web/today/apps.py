from django.apps import AppConfig


class TodayConfig(AppConfig):
    name = "oversight.web.today"
    label = "today"
