"""What a digital signature says, as a record with an Italian sentence: by whom, on what, how far to believe it."""

import re
from dataclasses import replace

from intake.cms import Container, NotReadable, Signer, open_container
from intake.names import one_line
from intake.receipt import Signature, Trusted
from intake.trust import Trust

_TAX_CODE = re.compile(
    r"(?:\bTINIT-|\bIT[:-]|\bTIN[:-])?\b([A-Z]{6}[0-9LMNP-V]{2}[A-EHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z])\b"
)
"""A person's codice fiscale in a certificate's serialNumber: "TINIT-…" (ETSI EN 319 412-1), "IT:…" (older Italian)."""
_TOLD = {
    Trusted.VERIFIED: "Firma valida, certificato rilasciato da {issuer}; la revoca non è stata controllata.",
    Trusted.UNCHECKED: "La firma è integra; l'identità non è verificata: non sono impostati certificatori.",
    Trusted.UNTRUSTED: "La firma è integra, ma il certificato non è di un certificatore tra quelli impostati.",
    Trusted.EXPIRED: "La firma è integra, ma alla data di arrivo il certificato non era in corso di validità.",
    Trusted.WEAK: "La firma usa un metodo superato (SHA-1 o MD5), che non prova più nulla.",
    Trusted.BROKEN: "Attenzione: la firma non corrisponde al contenuto, che può essere stato cambiato dopo la firma.",
    Trusted.UNREADABLE: "La firma non si può controllare.",
}
DOUBTFUL = frozenset({Trusted.BROKEN, Trusted.UNREADABLE})
"""The states of which a clerk has to know before the content is used."""


def signatures_of(file: str, container: Container, trust: Trust) -> tuple[Signature, ...]:
    """Give a record for each signer of a container; one without signers proves nothing, which is said."""
    if not container.signers:
        return (unreadable(file),)
    return tuple(_record(file, signer, container, trust) for signer in container.signers)


def detached(file: str, raw: bytes, content: bytes, trust: Trust) -> tuple[Signature, ...]:
    """Give the records of a detached signature on a content."""
    try:
        return signatures_of(file, open_container(raw, content), trust)
    except NotReadable:
        return (unreadable(file),)


def unreadable(file: str) -> Signature:
    """Give the record of a signature that cannot be read."""
    return _told(Signature(file, Trusted.UNREADABLE, ""))


def restated(signature: Signature, state: Trusted) -> Signature:
    """Give the same signature in another state, told anew."""
    return _told(replace(signature, state=state))


def tax_code_in(text: str) -> str:
    """Find a codice fiscale in a certificate's serialNumber.

    >>> tax_code_in("TINIT-RSSMRA80A01H501U"), tax_code_in("IT:RSSMRA80A01H501U"), tax_code_in("20201234")
    ('RSSMRA80A01H501U', 'RSSMRA80A01H501U', '')
    """
    found = _TAX_CODE.search(text.upper())
    return found[1] if found else ""


def _record(file: str, signer: Signer, container: Container, trust: Trust) -> Signature:
    return _told(
        Signature(
            file=file,
            state=_state(signer, container, trust),
            told="",
            signer=one_line(signer.name or signer.email, 200),
            tax_code=tax_code_in(f"{signer.serial} {signer.name}"),
            issuer=one_line(signer.issuer, 200),
            email=one_line(signer.email, 200),
            signed_at=signer.signed_at,
        )
    )


def _state(signer: Signer, container: Container, trust: Trust) -> Trusted:
    if signer.intact is None:
        return Trusted.UNREADABLE
    if not signer.intact:
        return Trusted.BROKEN
    return Trusted.WEAK if signer.weak else trust.judge(signer.certificate, container.certificates)


def _told(signature: Signature) -> Signature:
    who = f" di {signature.signer}" if signature.signer else ""
    code = f" ({signature.tax_code})" if signature.tax_code else ""
    rest = _TOLD[signature.state].format(issuer=signature.issuer or "un certificatore impostato")
    return replace(signature, told=f"«{signature.file}»: firma digitale{who}{code}. {rest}")
