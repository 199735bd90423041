"""Signing in and out of the console, by Flask-Security-Too over the account tables.

Flask-Security keeps the password rules (argon2id, the same answer and the same work for an unknown address), the
sign-in form and the check of where it leads afterwards. Nobody can register: the first account is made by whoever
holds the set-up token that the terminal shows. The session lives in a signed cookie; at sign-in everything that an
earlier, anonymous session held is dropped.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta
from typing import Any, Final

import jwt
from flask import Flask, abort, g, request, session
from flask_security import RoleMixin, Security, UserDatastore, UserMixin, hash_password
from flask_security.signals import user_authenticated
from flask_wtf import CSRFProtect
from sqlalchemy import ColumnElement, func, select, update

from issuer.db.tables import User
from issuer.instance import Instance

SHORTEST_PASSWORD = 12
SESSION_LASTS = timedelta(hours=12)
#: The set-up link stands in a terminal's history; a new start shows a new one.
SETUP_LASTS = timedelta(days=1)
SETUP_AUDIENCE, SETUP_ALGORITHM = "plaudit first-run page", "HS256"
#: Unicode form in which passwords are hashed and compared: the same phrase typed on two keyboards is one.
UNICODE_FORM: Final = "NFKD"
#: What the log-in libraries need to know whose session this is; all else goes at sign-in.
_IDENTITY_KEYS = ("_user_id", "_fresh", "_id", "identity.id", "identity.auth_type", "fs_cc", "fs_paa")

#: One slash, then nothing that a browser could read as a host: no second slash, backslash, control or percent sign.
_PLAIN_PATH = re.compile(r"/(?:[A-Za-z0-9?][A-Za-z0-9/_.?=&-]*)?", re.ASCII)


class NoRole(RoleMixin):
    """Roles across the installation are not used: what a person may do is said by the membership."""


class Member(UserMixin):
    """An account as Flask-Security wants to see it: a snapshot that writes nothing by itself."""

    fs_uniquifier: str = ""

    def __init__(self, user: User) -> None:
        self.id = user.id
        self.email = user.email
        self.name = user.name
        self.password = user.password
        self.active = user.active
        self.fs_uniquifier = user.fs_uniquifier
        self.confirmed_at = user.confirmed_at
        self.roles: list[RoleMixin] = []


class MemberDatastore(UserDatastore):
    """Flask-Security's view of the account tables: it looks people up and renews a password's hash, no more."""

    def __init__(self, instance: Instance) -> None:
        super().__init__(Member, NoRole)
        self._sessions = instance.sessions

    def find_user(self, case_insensitive: bool = False, **attributes: Any) -> Member | None:
        """Return the account whose one given attribute has the given value."""
        ((name, value),) = attributes.items()
        with self._sessions() as db:
            user = db.scalar(select(User).where(_is(name, str(value), fold=case_insensitive)))
            return Member(user) if user else None

    def put(self, member: Member) -> Member:
        """Keep a password hash that was renewed because the parameters of argon2 rose."""
        with self._sessions.begin() as db:
            db.execute(update(User).where(User.id == member.id).values(password=member.password))
        return member

    def commit(self) -> None:
        """Nothing is pending: every write above is a transaction of its own."""


def _is(name: str, value: str, *, fold: bool) -> ColumnElement[bool]:
    column = {"email": User.email, "fs_uniquifier": User.fs_uniquifier}[name]
    return func.lower(column) == value.lower() if fold else column == value


def install(app: Flask, instance: Instance) -> None:
    """Give `app` sign-in, sign-out and the CSRF check of every form."""
    app.config.update(settings(https=instance.config.base_url.startswith("https://")), SECRET_KEY=instance.secret_key)
    CSRFProtect(app)
    Security(app, MemberDatastore(instance))
    user_authenticated.connect(_start_afresh, app)
    app.before_request(_refuse_to_lead_away)


def settings(*, https: bool) -> dict[str, Any]:
    """Return the settings of sessions and of Flask-Security; `https` makes the cookies Secure and host-bound."""
    return {
        "SESSION_COOKIE_NAME": "__Host-plaudit" if https else "plaudit",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": https,
        "SESSION_COOKIE_PATH": "/",
        "PERMANENT_SESSION_LIFETIME": SESSION_LASTS,
        "REMEMBER_COOKIE_DURATION": timedelta(0),
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
        "REMEMBER_COOKIE_SECURE": https,
        "WTF_CSRF_TIME_LIMIT": None,  # the token lives as long as the session that it belongs to
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SINGLE_HASH": True,  # argon2id is salted by itself; a pepper in the config could get lost
        "SECURITY_PASSWORD_LENGTH_MIN": SHORTEST_PASSWORD,
        "SECURITY_PASSWORD_NORMALIZE_FORM": UNICODE_FORM,
        "SECURITY_USER_IDENTITY_ATTRIBUTES": [{"email": {"mapper": _as_typed, "case_insensitive": True}}],
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_FLASH_MESSAGES": False,
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
        "SECURITY_FRESHNESS": timedelta(minutes=-1),  # no page that asks for the password again; /verify is not ours
        "SECURITY_STATIC_FOLDER": None,
        "SECURITY_LOGIN_USER_TEMPLATE": "issuer/login.html",
        "SECURITY_POST_LOGIN_VIEW": "/console",
        "SECURITY_POST_LOGOUT_VIEW": "/",
        "SECURITY_USE_REGISTER_V2": True,
        "SECURITY_CLI_USERS_NAME": None,
        "SECURITY_CLI_ROLES_NAME": None,
    }


def _as_typed(identity: str) -> str:
    return identity.strip().lower()


def _start_afresh(_sender: Flask, **_details: Any) -> None:
    """Drop what the session held before sign-in, so that nothing planted in it survives (WEB-06)."""
    kept = {key: session[key] for key in _IDENTITY_KEYS if key in session}
    session.clear()
    session.update(kept)
    session.permanent = True
    g.pop("csrf_token", None)


def _refuse_to_lead_away() -> None:
    """Refuse a sign-in that would go on to anything but a plain path of ours (WEB-05), before it is looked at."""
    if request.endpoint == "security.login":
        for target in (*request.args.getlist("next"), *request.form.getlist("next")):
            if target and not _PLAIN_PATH.fullmatch(target):
                abort(400)


def hashed(password: str) -> str:
    """Return the argon2id hash of a password as the sign-in form will compare it."""
    return str(hash_password(unicodedata.normalize(UNICODE_FORM, password)))


def setup_token(instance: Instance) -> str:
    """Return a token that opens the first-run page for a day: only the terminal that started the server shows it.

    It is worthless once there is an account.
    """
    claims = {"iss": instance.config.base_url, "aud": SETUP_AUDIENCE, "exp": instance.clock() + SETUP_LASTS}
    return jwt.encode(claims, instance.secret_key, SETUP_ALGORITHM)


def is_setup_token(instance: Instance, given: str) -> bool:
    """Tell whether `given` is a token of this instance that has not ended."""
    try:
        claims = jwt.decode(
            given, instance.secret_key, [SETUP_ALGORITHM], audience=SETUP_AUDIENCE, issuer=instance.config.base_url,
            options={"require": ["exp", "aud", "iss"], "verify_exp": False},
        )  # fmt: skip
    except jwt.InvalidTokenError:
        return False
    return float(claims["exp"]) > instance.clock().timestamp()  # our own clock, as everywhere
