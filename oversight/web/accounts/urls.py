"""Addresses of one's own account, below `accounts/`. None carries a key in its path: whose it is, the session says."""

from django.urls import path

from . import app, asked, overview, own_sessions, passkeys, passwords, profile, recovery, second_step, signin

urlpatterns = [
    path("", profile.profile, name="account"),
    path("login/", signin.SignIn.as_view(), name="account_login"),
    path("login/code/", second_step.confirm, name="mfa_authenticate"),
    path("login/passkey/", passkeys.sign_in_by_passkey, name="account_login_passkey"),
    path("logout/", signin.SignOut.as_view(), name="account_logout"),
    path("password/", passwords.change_password, name="account_password"),
    path("password/forgotten/", passwords.forgotten, name="account_password_forgotten"),
    path("password/new/", passwords.set_password, name="account_password_new"),
    path("second-factor/", overview.factors, name="account_factors"),
    path("second-factor/asked/", asked.factor_asked, name="account_factor_asked"),
    path("second-factor/app/", app.enrol, name="account_app"),
    path("second-factor/app/remove/", app.remove_app, name="account_app_remove"),
    path("second-factor/codes/", recovery.recovery_codes, name="account_codes"),
    path("second-factor/codes/file/", recovery.recovery_file, name="account_codes_file"),
    path("second-factor/passkeys/new/", passkeys.new_passkey, name="account_passkey_new"),
    path("second-factor/passkeys/name/", passkeys.rename_passkey, name="account_passkey_name"),
    path("second-factor/passkeys/remove/", passkeys.remove_passkey, name="account_passkey_remove"),
    path("sessions/", own_sessions.own_sessions, name="account_sessions"),
]
