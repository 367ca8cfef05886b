"""DATA_DIR: who uses it now, at which addresses, and the secrets that outlive a run."""

import fcntl
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from oversight.runtime.processes import ROOT
from oversight.runtime.refusal import Refusal

ROLES = ("owner", "app", "sealer", "relay", "auditor", "backup", "loader")
SECRETS = ("postgres", *ROLES, "redis", "secret_key")


class Place:
    """One data directory; at most one process holds it at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.logs = path / "logs"
        self.runtime_file = path / "runtime.json"
        self.seal_key_file = path / "seal.key"
        self._lock_file = path / "lock"
        self._handle: int | None = None

    @classmethod
    def of(cls, caller: Mapping[str, str]) -> "Place":
        """The place that DATA_DIR names, else `.data` beside the code."""
        return cls(Path(caller.get("DATA_DIR") or ROOT / ".data").resolve())

    def take(self, *, purpose: str, url: str = "") -> bool:
        """Whether the place is ours from now on; it is until `leave`, or until this process ends in any way."""
        try:
            self.logs.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(self._lock_file, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise Refusal(f"The data directory {self.path} cannot be used: {error.strerror}.") from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        os.ftruncate(handle, 0)
        os.pwrite(handle, json.dumps({"pid": os.getpid(), "purpose": purpose, "url": url}).encode(), 0)
        self._handle = handle
        self.runtime_file.unlink(missing_ok=True)  # left behind by a process that was killed
        return True

    def leave(self) -> None:
        """Give the place back, cleanly."""
        self.runtime_file.unlink(missing_ok=True)
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def holder(self) -> dict[str, str | int]:
        """Who holds the place, for a sentence about it: pid, purpose, url."""
        try:
            return dict(json.loads(self._lock_file.read_text()))
        except (FileNotFoundError, ValueError):
            return {"pid": 0, "purpose": "another command", "url": ""}

    def announce(self, values: Mapping[str, str | int]) -> None:
        """Tell other commands where the running instance is."""
        write_private(self.runtime_file, json.dumps(dict(values), indent=2))

    def announced(self) -> dict[str, str] | None:
        """What the process that holds the place has announced, be it ready or still starting; None before that."""
        try:
            values = json.loads(self.runtime_file.read_text())
        except FileNotFoundError:
            return None
        return values if values["pid"] == self.holder()["pid"] else None

    def secrets(self, *, cluster: Path) -> dict[str, str]:
        """The passwords and Django's key, made at the first run; only the holder of the place asks."""
        file = self.path / "secrets.json"
        if not file.exists():
            if cluster.exists():
                raise Refusal(f"{file} is missing, and {cluster} opens only with the passwords that it held.")
            write_private(file, json.dumps({name: secrets.token_urlsafe(32) for name in SECRETS}, indent=2))
        kept: dict[str, str] = json.loads(file.read_text())
        return kept

    def seal_key(self) -> Path:
        """The file with the key of the trail's seals, made at the first run."""
        if not self.seal_key_file.exists():
            write_private(self.seal_key_file, secrets.token_hex(32))
        return self.seal_key_file


def write_private(path: Path, text: str) -> None:
    """Write `text` to `path` so that nobody else ever reads it and nobody sees half of it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
