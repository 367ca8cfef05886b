"""The servers of one instance, embedded or given, and the addresses at which each duty reaches them."""

from collections.abc import Mapping
from typing import Self

from oversight.runtime.place import ROLES, Place
from oversight.runtime.postgres import Postgres
from oversight.runtime.refusal import Refusal
from oversight.runtime.valkey import Valkey

DATABASE = "oversight"
SETTINGS = "oversight.settings.dev"
GIVEN = ("OWNER_URL", "SEALER_URL", "RELAY_URL", "AUDITOR_URL", "BACKUP_URL", "LOADER_URL", "SUPERUSER_URL")


class Instance:
    """What DATABASE_URL and REDIS_URL name, else servers in `place`; `values` are the variables of all duties."""

    def __init__(self, place: Place, *, caller: Mapping[str, str]) -> None:
        self.place, self.caller = place, caller
        self.is_embedded = not caller.get("DATABASE_URL")
        # A server of somebody's own holds real records: the demo world goes there only when asked for by name.
        self.is_demo = caller.get("OVERSIGHT_DEMO", "1" if self.is_embedded else "") == "1"
        self.values: dict[str, str] = {"DATA_DIR": str(place.path), "DJANGO_SETTINGS_MODULE": SETTINGS}
        self.postgres: Postgres | None = None
        self.valkey: Valkey | None = None
        self._refuse_half_an_environment()

    def start(self) -> Self:
        """Start the embedded servers, prepare the embedded database and gather `values`."""
        secrets = self.place.secrets(cluster=self.place.path / "postgres" / "data")
        self.values["SECRET_KEY"] = self.caller.get("SECRET_KEY") or secrets["secret_key"]
        self.values["SEAL_KEY_FILE"] = self.caller.get("SEAL_KEY_FILE") or str(self.place.seal_key())
        self.values["SEAL_LOG"] = self.caller.get("SEAL_LOG") or str(self.place.path / "seals.log")
        if self.is_demo:
            self.values["OVERSIGHT_DEMO"] = "1"
        try:
            self._start_database(secrets)
            self._start_broker(secrets["redis"])
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """End the embedded servers."""
        for server in (self.valkey, self.postgres):
            if server is not None:
                server.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def fallen(self) -> list[str]:
        """The names of the embedded servers that ended by themselves."""
        servers = {"postgres": self.postgres, "valkey": self.valkey}
        return [name for name, server in servers.items() if server is not None and not server.is_running()]

    def _start_database(self, secrets: Mapping[str, str]) -> None:
        if not self.is_embedded:
            self.values |= {name: self.caller[name] for name in ("DATABASE_URL", *GIVEN) if self.caller.get(name)}
            return
        self.postgres = Postgres(
            self.place.path / "postgres",
            password=secrets["postgres"],
            log=self.place.logs / "postgres.log",
        ).start()
        self.values["SUPERUSER_URL"] = self.postgres.url("postgres", secrets["postgres"], DATABASE)
        self.values |= prepare_roles(self.postgres, secrets)

    def _start_broker(self, password: str) -> None:
        if self.caller.get("REDIS_URL"):
            self.values["REDIS_URL"] = self.caller["REDIS_URL"]
            return
        self.valkey = Valkey(password=password, log=self.place.logs / "valkey.log").start()
        self.values["REDIS_URL"] = self.valkey.url

    def _refuse_half_an_environment(self) -> None:
        roles = ["OWNER_URL", "SEALER_URL", "RELAY_URL", *(["LOADER_URL"] if self.is_demo else [])]
        needed = [] if self.is_embedded else roles
        if missing := [name for name in needed if not self.caller.get(name)]:
            raise Refusal(f"DATABASE_URL is set, so {_listed(missing)} must be set too: one database role per duty.")


def prepare_roles(
    server: Postgres, secrets: Mapping[str, str], *, database: str = DATABASE, template: bool = False
) -> dict[str, str]:
    """Make the roles and the database on `server`, and return each role's variable with its address of `oversight`."""
    from oversight.kernel.database.prepare import prepare

    passwords = {role: secrets[role] for role in ROLES}
    prepare(server.superuser_url, database=database, passwords=passwords, template=template)
    variables = {"app": "DATABASE_URL"} | {role: f"{role.upper()}_URL" for role in ROLES if role != "app"}
    return {variable: server.url(role, passwords[role], DATABASE) for role, variable in variables.items()}


def _listed(names: list[str]) -> str:
    return " and ".join([*([", ".join(names[:-1])] if names[:-1] else []), names[-1]])
