"""Single sign-on by OpenID Connect: the code flow with PKCE, state and nonce. The only door to the provider.

The provider only says who somebody is; who may come in, and with which roles, is the desk's own list of people. A
person is tied to the provider's lasting identity (issuer and subject) at their first sign-in, by their name there.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

import httpx
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import SecretStr

_TIMEOUT_S: Final = 10.0
_MOST_BYTES: Final = 1_000_000
_ALGORITHMS: Final = ("RS256", "PS256", "ES256", "EdDSA")
_LEEWAY_S: Final = 60


class OidcFailed(Exception):
    """The single sign-on did not work; the message is for the log, and names no person."""


@dataclass(frozen=True, slots=True)
class OidcOptions:
    """Which provider, and as whom the desk asks it."""

    issuer: str
    client_id: str
    client_secret: SecretStr
    name_claim: str = "preferred_username"
    """The claim that holds the name under which a person is known at the desk."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in under way: what must come back, and what the browser must not see."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is, by the provider's word. ``subject`` lasts; ``name`` may change there."""

    subject: str
    name: str


def begin() -> Begun:
    """Begin a sign-in."""
    return Begun(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48))


def address(options: OidcOptions, begun: Begun, back: str) -> str:
    """Give the provider's address to which the browser is sent. Raises ``OidcFailed``."""
    asked = {
        "response_type": "code",
        "client_id": options.client_id,
        "redirect_uri": back,
        "scope": "openid profile email",
        "state": begun.state,
        "nonce": begun.nonce,
        "code_challenge": create_s256_code_challenge(begun.verifier),
        "code_challenge_method": "S256",
    }
    there = _told(_discovered(options), "authorization_endpoint")
    return there + ("&" if "?" in there else "?") + urlencode(asked)


def identity(options: OidcOptions, begun: Begun, code: str, back: str) -> Identity:
    """Exchange the code for the provider's word, and check it. Raises ``OidcFailed``."""
    told = _discovered(options)
    asked = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": begun.verifier}
    who = (options.client_id, options.client_secret.get_secret_value())
    answer = _asked("POST", _told(told, "token_endpoint"), data=asked, auth=who)
    claims = _checked(options, begun, _told(answer, "id_token"), _asked("GET", _told(told, "jwks_uri")))
    if options.name_claim not in claims and "userinfo_endpoint" in told:
        bearer = {"Authorization": f"Bearer {_told(answer, 'access_token')}"}
        more = _asked("GET", _told(told, "userinfo_endpoint"), headers=bearer)
        claims = {**more, **claims} if more.get("sub") == claims["sub"] else claims
    return Identity(f"{options.issuer} {claims['sub']}", str(claims.get(options.name_claim, "")))


def _checked(options: OidcOptions, begun: Begun, token: str, keys: Mapping[str, Any]) -> dict[str, Any]:
    """Check signature, issuer, audience, time and nonce of the provider's word."""
    registry = jwt.JWTClaimsRegistry(
        leeway=_LEEWAY_S,
        iss={"essential": True, "value": options.issuer},
        aud={"essential": True, "value": options.client_id},
        sub={"essential": True},
        exp={"essential": True},
        nonce={"essential": True, "value": begun.nonce},
    )
    try:
        claims = jwt.decode(token, KeySet.import_key_set(dict(keys)), algorithms=list(_ALGORITHMS)).claims  # type: ignore[arg-type]
        registry.validate(claims)
    except (JoseError, ValueError, KeyError) as error:
        raise OidcFailed(f"the provider's word does not hold: {type(error).__name__}") from error
    return dict(claims)


def _discovered(options: OidcOptions) -> dict[str, Any]:
    told = _asked("GET", options.issuer.rstrip("/") + "/.well-known/openid-configuration")
    if told.get("issuer") != options.issuer:
        raise OidcFailed("the provider names another issuer than the settings")
    return told


def _told(answer: Mapping[str, Any], name: str) -> str:
    value = answer.get(name)
    if not isinstance(value, str) or not value:
        raise OidcFailed(f"the provider's answer has no {name}")
    return value


def _asked(method: str, url: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401  what httpx takes
    try:
        answer = httpx.request(method, url, timeout=_TIMEOUT_S, follow_redirects=False, trust_env=False, **more)
        answer.raise_for_status()
        told = answer.json() if len(answer.content) <= _MOST_BYTES else None
    except (httpx.HTTPError, ValueError) as error:
        raise OidcFailed(f"the provider did not answer as it should: {type(error).__name__}") from error
    if not isinstance(told, dict):
        raise OidcFailed("the provider's answer is no object")
    return told
