from django.apps import AppConfig


class CommentsConfig(AppConfig):
    name = "oversight.kernel.comments"
    label = "comments"
