"""A real OpenID Connect provider: Django OAuth Toolkit, in a process of its own.

Prints its address, its client's id and secret. `/enter?user=NAME` signs a browser in there, as a
password page would; `/rotate` signs with a new key from then on.
"""

# ruff: noqa: E402, T201  (Django is set up before its parts are imported)

import json
import sys
import warnings
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

warnings.simplefilter("ignore")

import django
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings


def new_key() -> str:
    """Make a key as the toolkit wants it."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


FOLDER, REDIRECT = Path(sys.argv[1]), sys.argv[2]
PROVIDER = {
    "OIDC_ENABLED": True,
    "OIDC_RSA_PRIVATE_KEY": new_key(),
    "PKCE_REQUIRED": True,
    "SCOPES": {"openid": "who", "profile": "more"},
    "OAUTH2_VALIDATOR_CLASS": "__main__.Validator",
    "ALLOWED_REDIRECT_URI_SCHEMES": ["http", "https"],
}
settings.configure(
    SECRET_KEY="of-a-test",  # noqa: S106
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF="__main__",
    USE_TZ=True,
    DATABASES={
        "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(FOLDER / "provider.db")}
    },
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "oauth2_provider",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    LOGIN_URL="/enter",
    OAUTH2_PROVIDER=PROVIDER,
)
django.setup()

from django.contrib.auth import login
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from oauth2_provider.models import get_application_model
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.settings import oauth2_settings

SECRET = "of-a-client"  # noqa: S105
PEOPLE = {"mei": ["scientists", "staff"], "tian": ["officials"], "lin": ["staff"]}


class Validator(OAuth2Validator):  # type: ignore[misc]
    """Puts groups into ID tokens, as organisations configure their providers to."""

    oidc_claim_scope = None

    def get_additional_claims(self, request: HttpRequest) -> dict[str, object]:
        """Give what the site reads besides `sub`."""
        return {"groups": [group.name for group in request.user.groups.all()]}


def enter(request: HttpRequest) -> HttpResponse:
    """Sign a browser in."""
    user = User.objects.get(username=request.GET["user"])
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return HttpResponse(str(user.pk))


def rotate(_request: HttpRequest) -> HttpResponse:
    """Sign with a new key; the old one is still published."""
    old = PROVIDER["OIDC_RSA_PRIVATE_KEY"]
    PROVIDER.update(OIDC_RSA_PRIVATE_KEY=new_key(), OIDC_RSA_PRIVATE_KEYS_INACTIVE=[old])
    oauth2_settings.reload()
    return HttpResponse()


urlpatterns = [
    path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
    path("enter", enter),
    path("rotate", rotate),
]


class Silent(WSGIRequestHandler):
    """Logs nothing."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def main() -> None:
    """Fill the database and serve until killed."""
    call_command("migrate", verbosity=0)
    for name, groups in PEOPLE.items():
        user = User.objects.create(username=name)
        user.groups.set([Group.objects.get_or_create(name=group)[0] for group in groups])
    client = get_application_model().objects.create(
        name="range",
        client_type="confidential",
        authorization_grant_type="authorization-code",
        redirect_uris=REDIRECT,
        skip_authorization=True,
        algorithm="RS256",
        client_secret=SECRET,
    )
    with make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Silent) as server:
        url = f"http://127.0.0.1:{server.server_port}"
        told = {"url": url, "client_id": client.client_id, "client_secret": SECRET}
        print(json.dumps(told), flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
