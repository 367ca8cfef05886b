"""Which process gets which variable: a process can only betray the secrets that it holds."""

from collections.abc import Mapping

BELL = frozenset({"REDIS_URL", "DATA_DIR", "DJANGO_SETTINGS_MODULE"})
COMMON = BELL | {"DATABASE_URL", "SECRET_KEY", "OVERSIGHT_DEMO"}
DUTIES: dict[str, frozenset[str]] = {
    "web": COMMON,
    "beat": BELL,  # it rings, and reads and signs nothing
    "relay": BELL | {"RELAY_URL"},
    "worker": COMMON | {"SEALER_URL", "SEAL_KEY_FILE", "SEAL_LOG"},
    "migrate": COMMON | {"OWNER_URL"},
    "load_demo": COMMON | {"LOADER_URL"},
    "demo_logins": COMMON,
}
ROLE_URLS = frozenset(
    {"OWNER_URL", "SEALER_URL", "RELAY_URL", "AUDITOR_URL", "BACKUP_URL", "LOADER_URL", "SUPERUSER_URL"}
)
EVERYTHING = COMMON | ROLE_URLS | {"SEAL_KEY_FILE", "SEAL_LOG"}


def environment_of(duty: str, values: Mapping[str, str], *, caller: Mapping[str, str]) -> dict[str, str]:
    """The environment of the process with `duty`: the caller's, less every secret of ours, plus what the duty needs."""
    return without_ours(caller) | {name: values[name] for name in DUTIES[duty] if name in values}


def whole_environment(values: Mapping[str, str], *, caller: Mapping[str, str]) -> dict[str, str]:
    """The environment of a command that a person runs by hand, with every address there is."""
    return without_ours(caller) | {name: values[name] for name in EVERYTHING if name in values}


def announcement(values: Mapping[str, str], *, url: str, pid: int) -> dict[str, str | int]:
    """`values` as runtime.json names them."""
    return {"url": url, "pid": pid, **{name.lower(): value for name, value in sorted(values.items())}}


def from_announcement(announced: Mapping[str, str]) -> dict[str, str]:
    """The variables that `announcement` was made from."""
    return {name: str(announced[name.lower()]) for name in EVERYTHING if name.lower() in announced}


def without_ours(caller: Mapping[str, str]) -> dict[str, str]:
    """The caller's environment less everything that a duty decides: what the servers themselves get."""
    return {name: value for name, value in caller.items() if name not in EVERYTHING}
