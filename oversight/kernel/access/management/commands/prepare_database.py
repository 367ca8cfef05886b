from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from oversight.kernel.database.prepare import ROLES, prepare


class Command(BaseCommand):
    help = (
        "Create or bring up to date the database roles, the database and its sentinels. Runs as SUPERUSER_URL's role."
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Each role's password is the one in its own address (OWNER_URL, SEALER_URL, …)."""
        superuser = settings.ROLE_URLS["superuser"]
        if not superuser:
            raise CommandError("This needs a superuser of the cluster, once: set SUPERUSER_URL.", returncode=2)
        database = settings.DATABASES["default"]
        passwords = {database["USER"]: database["PASSWORD"]}
        for role in ROLES:
            if (url := urlsplit(settings.ROLE_URLS.get(role, ""))).password:
                passwords[role] = unquote(url.password)
        prepare(superuser, database=database["NAME"], passwords=passwords)
        self.stdout.write(f"Prepared {database['NAME']} for {', '.join(sorted(passwords))}.")
