"""Door to asn1crypto: signed and encrypted containers (CMS, RFC 5652) as they come: DER, BER, base64, PEM."""

import base64
import binascii
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import new as digest_of
from typing import Final

from asn1crypto import cms, util
from asn1crypto import x509 as asn1_x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa
from cryptography.x509 import load_der_x509_certificate

from intake.trust import CERTIFICATE_FAULTS

FAULTS = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    OverflowError,
    RecursionError,
    MemoryError,
    AssertionError,
)
"""What asn1crypto 1.5 raises on broken containers."""
_BEGIN = re.compile(rb"-----BEGIN [A-Z0-9 ]{1,40}-----(.*?)(?:-----END|\Z)", re.DOTALL)
_WEAK = frozenset({"md5", "sha1"})
_HASHES: Final[Mapping[str, Callable[[], hashes.HashAlgorithm]]] = {
    "md5": hashes.MD5, "sha1": hashes.SHA1, "sha224": hashes.SHA224, "sha256": hashes.SHA256,
    "sha384": hashes.SHA384, "sha512": hashes.SHA512,
}  # fmt: skip
_MOST_SIGNERS = 20


class Wrapped(StrEnum):
    """What a container is."""

    SIGNED = "signed"
    ENCRYPTED = "encrypted"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Signer:
    """One signer: whether the signature fits the content (None: that cannot be told), and who it is by certificate."""

    intact: bool | None
    weak: bool = False
    name: str = ""
    serial: str = ""
    email: str = ""
    issuer: str = ""
    signed_at: datetime | None = None
    certificate: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Container:
    """A container: its content (None when it is detached), its signers, and the certificates (DER) that came along."""

    kind: Wrapped
    content: bytes | None = field(default=None, repr=False)
    signers: tuple[Signer, ...] = ()
    certificates: tuple[bytes, ...] = field(default=(), repr=False)


class NotReadable(Exception):
    """The bytes are no container that can be read."""


def open_container(raw: bytes, detached: bytes | None = None) -> Container:
    """Open a container; ``detached`` is the content that a detached signature is about. Raises ``NotReadable``."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of certificates that later versions of cryptography will not read
        try:
            return _opened(_binary(raw), detached)
        except FAULTS as fault:
            raise NotReadable(type(fault).__name__) from fault


def _opened(raw: bytes, detached: bytes | None) -> Container:
    info = cms.ContentInfo.load(raw)
    kind = info["content_type"].native
    if kind == "signed_data":
        return _signed(info["content"], detached)
    encrypted = kind in {"enveloped_data", "encrypted_data", "authenticated_enveloped_data"}
    return Container(Wrapped.ENCRYPTED if encrypted else Wrapped.OTHER)


def _binary(raw: bytes) -> bytes:
    """Take base64 off, with or without lines before and after it."""
    armoured = _BEGIN.search(raw[: len(raw)] if raw[:1] != b"\x30" else b"")
    if armoured is None and raw[:1] == b"\x30":
        return raw
    text = armoured[1] if armoured else raw
    if b":" in text:  # PEM may have headers of its own
        text = text.rsplit(b"\n\n", 1)[-1]
    try:
        return base64.b64decode(b"".join(text.split()))
    except binascii.Error:
        return raw


def _signed(data: cms.SignedData, detached: bytes | None) -> Container:
    held = data["encap_content_info"]["content"]
    own = held.native if held is not None and held.native is not None else None
    own = own if isinstance(own, bytes) else None if own is None else held.contents
    content = own if own is not None else detached
    found = [choice.chosen for choice in data["certificates"]] if data["certificates"].native else []
    certificates = [each for each in found if isinstance(each, asn1_x509.Certificate)]
    signers = tuple(_signer(info, content, certificates) for info in list(data["signer_infos"])[:_MOST_SIGNERS])
    return Container(Wrapped.SIGNED, own, signers, tuple(each.dump() for each in certificates))


def _signer(info: cms.SignerInfo, content: bytes | None, certificates: list[asn1_x509.Certificate]) -> Signer:
    own = next((each for each in certificates if _is_of(info["sid"], each)), None)
    try:
        intact = _fits(info, content, own)
    except (*FAULTS, *CERTIFICATE_FAULTS):
        intact = None
    if own is None:
        return Signer(intact=None, signed_at=_signing_time(info))
    subject, issuer = own.subject.native, own.issuer.native
    return Signer(
        intact=intact,
        weak=_digest_name(info) in _WEAK,
        name=_first(subject, "common_name")
        or " ".join(filter(None, (_first(subject, "given_name"), _first(subject, "surname")))),
        serial=_first(subject, "serial_number") or _first(subject, "dn_qualifier"),
        email=_alternative_email(own) or _first(subject, "email_address"),
        issuer=_first(issuer, "common_name") or _first(issuer, "organization_name"),
        signed_at=_signing_time(info),
        certificate=own.dump(),
    )


def _is_of(sid: cms.SignerIdentifier, certificate: asn1_x509.Certificate) -> bool:
    if sid.name == "issuer_and_serial_number":
        told = sid.chosen
        same = told["serial_number"].native == certificate.serial_number
        return bool(same and told["issuer"].hashable == certificate.issuer.hashable)
    return bool(sid.native == certificate.key_identifier)


def _fits(info: cms.SignerInfo, content: bytes | None, certificate: asn1_x509.Certificate | None) -> bool | None:
    """Tell whether the signature is the certificate's over this content; None when something for that is missing."""
    if certificate is None or content is None:
        return None
    attributes = info["signed_attrs"]
    if not attributes.native:
        return _verifies(info, content, certificate)
    claimed = next((a["values"][0].native for a in attributes if a["type"].native == "message_digest"), None)
    if claimed != digest_of(_digest_name(info), content, usedforsecurity=False).digest():
        return False
    # What is signed is the set of attributes in DER with its own tag; some writers order it in another way (BER).
    as_sent, as_der = b"\x31" + attributes.dump()[1:], b"\x31" + attributes.dump(force=True)[1:]
    return _verifies(info, as_sent, certificate) or _verifies(info, as_der, certificate)


def _verifies(info: cms.SignerInfo, signed: bytes, certificate: asn1_x509.Certificate) -> bool:
    key = load_der_x509_certificate(certificate.dump()).public_key()
    signature, digest = info["signature"].native, _HASHES[_digest_name(info)]()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, signed, _padding(info), digest)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, signed, ec.ECDSA(digest))
        elif isinstance(key, ed25519.Ed25519PublicKey | ed448.Ed448PublicKey):
            key.verify(signature, signed)
        else:
            raise UnsupportedAlgorithm("a key of another kind")
    except InvalidSignature:
        return False
    return True


def _padding(info: cms.SignerInfo) -> padding.AsymmetricPadding:
    algorithm = info["signature_algorithm"]
    if algorithm["algorithm"].native != "rsassa_pss":
        return padding.PKCS1v15()
    inner = _HASHES[algorithm["parameters"]["mask_gen_algorithm"]["parameters"]["algorithm"].native]()
    return padding.PSS(padding.MGF1(inner), algorithm["parameters"]["salt_length"].native)


def _digest_name(info: cms.SignerInfo) -> str:
    return str(info["digest_algorithm"]["algorithm"].native)


def _signing_time(info: cms.SignerInfo) -> datetime | None:
    try:
        found = _attribute(info, "signing_time")
    except FAULTS:
        return None
    moment = next(found, None)
    return moment if isinstance(moment, datetime) and moment.tzinfo else None


def _attribute(info: cms.SignerInfo, name: str) -> Iterator[object]:
    attributes = info["signed_attrs"]
    for attribute in attributes if attributes.native else ():
        if attribute["type"].native == name:
            yield attribute["values"][0].native


def _alternative_email(certificate: asn1_x509.Certificate) -> str:
    names = certificate.subject_alt_name_value or ()
    return next((str(name.native) for name in names if name.name == "rfc822_name"), "")


def _first(name: util.OrderedDict, key: str) -> str:
    value = name.get(key, "")
    return str(value[0] if isinstance(value, list) and value else value or "")
