"""Door to cryptography's path validation: whose word a certificate is, by the authorities that an operator trusts."""

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.x509.verification import Criticality, ExtensionPolicy, PolicyBuilder, Store, VerificationError

from intake.receipt import Trusted

_ENDINGS = frozenset({".pem", ".crt", ".cer"})


CERTIFICATE_FAULTS = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)
"""What cryptography 50 raises on certificates that are broken or of a kind that it does not know."""


class NoTrust(Exception):
    """The folder of trusted authorities cannot be used; the message names the file and the remedy, for operators."""


@dataclass(frozen=True, slots=True)
class Trust:
    """The authorities that are trusted, and the instant at which certificates have to be valid.

    Without authorities every sound signature is ``UNCHECKED``: intact, its signer not confirmed by anybody.
    """

    authorities: tuple[x509.Certificate, ...] = ()
    at: datetime | None = None

    def __post_init__(self) -> None:
        if self.at is not None and self.at.tzinfo is None:
            raise ValueError("the instant needs a time zone")

    def judge(self, certificate: bytes, others: Iterable[bytes]) -> Trusted:
        """Say how far a certificate (DER) is to be believed; ``others`` may lead from it to an authority.

        Revocation is not asked for: that would be a call to the outside for each signature.
        """
        if not self.authorities:
            return Trusted.UNCHECKED
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of certificates that later versions will not read: they may be old
            return self._judged(certificate, others)

    def _judged(self, certificate: bytes, others: Iterable[bytes]) -> Trusted:
        try:
            leaf = x509.load_der_x509_certificate(certificate)
            if self.at is not None and not leaf.not_valid_before_utc <= self.at <= leaf.not_valid_after_utc:
                return Trusted.EXPIRED
        except CERTIFICATE_FAULTS:
            return Trusted.UNTRUSTED
        return Trusted.VERIFIED if self._leads_to_us(leaf, list(_readable(others))) else Trusted.UNTRUSTED

    def _leads_to_us(self, leaf: x509.Certificate, others: list[x509.Certificate]) -> bool:
        # Certificates for signatures and for mail carry none of the names and key purposes of web servers.
        anything = ExtensionPolicy.permit_all()
        an_authority = anything.require_present(x509.BasicConstraints, Criticality.AGNOSTIC, None)
        policy = PolicyBuilder().store(Store(list(self.authorities)))
        policy = policy.extension_policies(ca_policy=an_authority, ee_policy=anything)
        verifier = (policy.time(self.at) if self.at is not None else policy).build_client_verifier()
        try:
            verifier.verify(leaf, others)
        except (VerificationError, *CERTIFICATE_FAULTS):
            return False
        return True


def load_trust(folder: Path | None, at: datetime | None = None) -> Trust:
    """Load every certificate of a folder (PEM, or one DER a file). Raises ``NoTrust``."""
    return Trust(_authorities(folder) if folder is not None else (), at)


@lru_cache(maxsize=4)
def _authorities(folder: Path) -> tuple[x509.Certificate, ...]:
    try:
        files = sorted(path for path in folder.iterdir() if path.suffix.lower() in _ENDINGS)
        found = tuple(certificate for path in files for certificate in _certificates(path))
    except OSError as error:
        raise NoTrust(f"{folder} cannot be read ({error.strerror}): correct trust_store.") from error
    if not found:
        raise NoTrust(f"{folder} holds no certificate (.pem, .crt, .cer): put the authorities' there.")
    return found


def _certificates(path: Path) -> list[x509.Certificate]:
    raw = path.read_bytes()
    try:
        if b"-----BEGIN" in raw:
            return x509.load_pem_x509_certificates(raw)
        return [x509.load_der_x509_certificate(raw)]
    except CERTIFICATE_FAULTS as error:
        raise NoTrust(f"{path} holds no readable certificate: replace or remove it.") from error


def _readable(others: Iterable[bytes]) -> Iterable[x509.Certificate]:
    for raw in others:
        try:
            yield x509.load_der_x509_certificate(raw)
        except CERTIFICATE_FAULTS:
            continue
