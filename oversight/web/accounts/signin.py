"""Signing in by e-mail and password, and signing out."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm
from allauth.account.views import LoginView, LogoutView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from oversight.kernel.access.models import SecurityEvent, User
from oversight.kernel.access.security import log_security
from oversight.kernel.access.tries import subject_of, tally

from .guessing import guess, password_is

TOO_MANY = 429
PROVEN_BY = "proven_by"  # the session's key for which password was right, while the second step is open
MISMATCH = "The e-mail address or the password is not right. Check both and try again."


class Adapter(DefaultAccountAdapter):
    """allauth's decisions, in our words; nobody can register."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": MISMATCH,
        "too_many_login_attempts": "Too many tries from your network. Wait a minute, then try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People are added by their sponsor."""
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """A page is a page, whatever the caller would rather have."""
        return False

    def get_login_stages(self) -> list[str]:
        """The code, and nothing else: whether the device is remembered is asked on the same page."""
        return ["allauth.mfa.stages.AuthenticateStage"]

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """A try that is refused unread, because its network made too many, is a failed one all the same."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            _log_throttled(request, str(credentials.get("email", "")))
            raise

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Counted first; unknown, switched off and wrong get one answer, after the same work."""
        self.pre_authenticate(request, **credentials)
        address, password = str(credentials.get("email", "")), str(credentials.get("password", ""))
        person = User.objects.filter(email=address.replace("\0", "").strip().lower()).first()
        found = guess(
            request, person, address=address, wrong=MISMATCH, right=lambda cursor: password_is(person, password)
        )
        if not found.right:
            raise ValidationError(found.sentence)
        self._rollback_login_failed_rl_usage()
        request.session[PROVEN_BY] = person.get_session_auth_hash()
        return person

    def login(self, request: HttpRequest, user: User) -> None:
        """Everything that was asked is proven: wrong tries before are forgiven."""
        super().login(request, user)
        with tally(subject_of(user.pk)) as tries:
            tries.clear()

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """allauth's own notices are not ours: the page says what happened."""


class SignInForm(LoginForm):
    """The two fields, in our look and words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("remember", None)
        texts = {
            "login": ("E-mail", "Fill in your e-mail address."),
            "password": ("Password", "Fill in your password."),
        }
        for name, (label, missing) in texts.items():
            field = self.fields[name]
            field.label, field.help_text = label, ""
            field.error_messages["required"] = missing
            field.widget.attrs = {"class": "input", "autocomplete": field.widget.attrs.get("autocomplete", "email")}
        self.fields["login"].widget.attrs["autocomplete"] = "username webauthn"

    @property
    def problems(self) -> list[str]:
        """What speaks of neither field alone."""
        return [str(error) for error in self.non_field_errors()]


class SignIn(LoginView):
    """The sign-in page; a refused try answers 422."""

    form_class = SignInForm
    http_method_names = ["get", "head", "post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Write down the tries that the limit of one address refuses."""
        response = super().dispatch(request, *args, **kwargs)
        if response.status_code == TOO_MANY:
            _log_throttled(request, request.POST.get("login", ""))
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Only what the page needs: allauth would link to pages that this house does not have."""
        kwargs.setdefault("form", self.get_form())
        return kwargs | {
            "next": self.get_next_url() or "",
            "signed_out": "signed_out" in self.request.GET,
            "renewed": "renewed" in self.request.GET,
        }

    def form_invalid(self, form: SignInForm) -> HttpResponse:
        """Show the form again with its sentences; the password is never sent back."""
        return self.render_to_response(self.get_context_data(form=form), status=422)


class SignOut(LogoutView):
    """Ends the session on POST; a GET asks first."""

    def get_redirect_url(self) -> str:
        """Back to the sign-in page, which says that it worked."""
        return reverse("account_login") + "?signed_out=1"


def _log_throttled(request: HttpRequest, email: str) -> None:
    address = email.replace("\0", "")[:254]
    log_security(SecurityEvent.Kind.SIGN_IN_FAILED, request, email=address, status=TOO_MANY)
