"""Uploads on their way in: nothing past the limit is kept, not even for a moment."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

TOO_LARGE = "oversight.upload_too_large"


class Bounded(FileUploadHandler):
    """Stands first among FILE_UPLOAD_HANDLERS: lets the files of one request have FILES_MAX_BYTES together."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.total = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.total += len(raw_data)
        if self.total > settings.FILES_MAX_BYTES:
            if self.request is not None:
                self.request.META[TOO_LARGE] = True
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The handlers after this one keep the file."""


def uploaded(request: HttpRequest, files: Any = None) -> UploadedFile:
    """The one file of the field `file`; raises ValidationError when it is missing or was too large to take in."""
    if request.META.get(TOO_LARGE):
        raise ValidationError({"file": f"The file is too large: {most()} is the most that a file may have."})
    found = (request.FILES if files is None else files).getlist("file")
    if not found:
        raise ValidationError({"file": "Choose a file."})
    if len(found) > 1:
        raise ValidationError({"file": "Attach one file at a time."})
    return found[0]


def most() -> str:
    """The limit in words."""
    return in_words(settings.FILES_MAX_BYTES)


def in_words(size: int) -> str:
    """A size as a person reads it."""
    if size < 1024:
        return f"{size} bytes" if size != 1 else "1 byte"
    if size < 1024 * 1024:
        return f"{size / 1024:.0f} kB"
    return f"{size / 1024 / 1024:.1f} MB".replace(".0 MB", " MB")
