from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "oversight.kernel.search"
    label = "search"
