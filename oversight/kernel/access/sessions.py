"""How long a session lives: 15 minutes without activity, 12 hours in all."""

import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone

from .endings import kept, say_kept
from .models import SecurityEvent, User
from .security import log_security

SIGNED_IN, SEEN = "signed_in_at", "seen_at"
SIGNED_OUT = "You were signed out; what you typed could not be kept."
SIGNED_OUT_KEPT = "You were signed out; what you typed is kept as a draft."
NOTED_EVERY = 60  # seconds; the session is not written at every click


class SessionLimits:
    """Signs a person out whose session is too old, and says so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(time.time())
            began = request.session.setdefault(SIGNED_IN, now)
            seen = request.session.setdefault(SEEN, now)
            if now - seen > settings.SESSION_IDLE_SECONDS or now - began > settings.SESSION_ABSOLUTE_SECONDS:
                return self.end(request, request.user)
            if now - seen >= NOTED_EVERY:
                request.session[SEEN] = now
                UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=timezone.now())
        return self.get_response(request)

    def end(self, request: HttpRequest, user: User) -> HttpResponse:
        """Sign out, and come back here after signing in again."""
        log_security(SecurityEvent.Kind.SESSION_EXPIRED, request, user_id=user.pk, email=user.email)
        back = request.get_full_path() if request.method == "GET" else kept(request)
        logout(request)
        if request.path == reverse(settings.LOGIN_URL):
            return self.get_response(request)
        messages.info(request, "You were signed out to protect your work. Sign in to go on where you were.")
        if request.method != "GET":
            say_kept(request, back)
        if request.headers.get("Accept") == "application/json":  # a script cannot see where a redirect leads
            return JsonResponse({"words": SIGNED_OUT_KEPT if back != "/" else SIGNED_OUT}, status=401)
        return redirect_to_login(back)
