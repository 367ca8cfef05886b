from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "oversight.kernel.files"
    label = "files"
