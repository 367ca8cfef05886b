"""Addresses of one's own account, below `accounts/`."""

from django.urls import path

from oversight.web import signin

urlpatterns = [
    path("login/", signin.SignIn.as_view(), name="account_login"),
    path("logout/", signin.SignOut.as_view(), name="account_logout"),
]
