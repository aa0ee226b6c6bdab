"""Digital signatures of invented authorities and people: the same keys, and so the same bytes, at each run.

Files are signed as CMS (p7m, p7s), mails as S/MIME, PDFs as PAdES. Nobody trusts these authorities but a test.
"""

from base64 import encodebytes
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from random import Random

import pikepdf
from asn1crypto import algos, cms, core
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

_EXPONENT = 65537
_GAP = 16_000
"""Hex digits kept free in a PDF for its signature."""
_BIG = 9_999_999_999


_SMALL_PRIMES = tuple(n for n in range(3, 2000, 2) if all(n % m for m in range(3, int(n**0.5) + 1, 2)))


@dataclass(frozen=True, slots=True)
class Identity:
    """A key with its certificate, and the certificate of who issued it."""

    key: rsa.RSAPrivateKey = field(repr=False)
    certificate: x509.Certificate
    issuer: x509.Certificate

    @property
    def pem(self) -> bytes:
        """The certificate as PEM."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)


def authority(name: str, since: datetime) -> Identity:
    """Make an authority that issues certificates for twenty years."""
    key = _key(name)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = _certificate(subject, subject, key, key, since, 20, ca=True)
    return Identity(key, made, made)


def issue(by: Identity, name: str, since: datetime, serial: str = "", email: str = "", years: int = 3) -> Identity:
    """Issue a certificate to a person or a mail provider."""
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, name)]
    parts += [x509.NameAttribute(NameOID.SERIAL_NUMBER, serial)] if serial else []
    key = _key(f"{name}/{serial}/{email}")
    made = _certificate(x509.Name(parts), by.certificate.subject, key, by.key, since, years, email=email)
    return Identity(key, made, by.certificate)


def sign(content: bytes, who: Identity, at: datetime, *, detached: bool = False) -> bytes:
    """Sign bytes as CMS in DER (RFC 5652), with content type, digest and signing time as signed attributes."""
    own = asn1_x509.Certificate.load(who.certificate.public_bytes(serialization.Encoding.DER))
    attributes = cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": ["data"]}),
            cms.CMSAttribute({"type": "signing_time", "values": [cms.Time({"utc_time": core.UTCTime(at)})]}),
            cms.CMSAttribute({"type": "message_digest", "values": [sha256(content).digest()]}),
        ]
    )
    digest = algos.DigestAlgorithm({"algorithm": "sha256"})
    signer = {
        "version": "v1",
        "sid": {"issuer_and_serial_number": {"issuer": own.issuer, "serial_number": own.serial_number}},
        "digest_algorithm": digest,
        "signed_attrs": attributes,
        "signature_algorithm": {"algorithm": "rsassa_pkcs1v15"},
        "signature": who.key.sign(attributes.dump(), padding.PKCS1v15(), hashes.SHA256()),
    }
    data = {
        "version": "v1",
        "digest_algorithms": [digest],
        "encap_content_info": {"content_type": "data"} | ({} if detached else {"content": content}),
        "certificates": [own],
        "signer_infos": [signer],
    }
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(data)}).dump())


def sign_mail(headers: bytes, part: bytes, who: Identity, at: datetime, boundary: str) -> bytes:
    """Sign a MIME part (with its own headers, CRLF) as multipart/signed below the given headers."""
    from_base64 = _base64(sign(part, who, at, detached=True))
    line = boundary.encode()
    return b"".join(
        (
            headers,
            b'MIME-Version: 1.0\r\nContent-Type: multipart/signed; protocol="application/pkcs7-signature"; ',
            b'micalg="sha-256";\r\n boundary="' + line + b'"\r\n\r\n--' + line + b"\r\n",
            part,
            b"\r\n--" + line + b'\r\nContent-Type: application/pkcs7-signature; name="smime.p7s"\r\n',
            b'Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="smime.p7s"\r\n\r\n',
            from_base64,
            b"\r\n--" + line + b"--\r\n",
        )
    )


def sign_pdf(pdf: bytes, who: Identity, at: datetime) -> bytes:
    """Sign a PDF as a signing program does (PAdES): over everything but the gap that holds the signature."""
    with pikepdf.open(BytesIO(pdf)) as document:
        signature = document.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Sig,
                Filter=pikepdf.Name("/Adobe.PPKLite"),
                SubFilter=pikepdf.Name("/ETSI.CAdES.detached"),
                ByteRange=pikepdf.Array([0, _BIG, _BIG, _BIG]),
                Contents=pikepdf.String(b"\xff" * (_GAP // 2)),
            )
        )
        _add_field(document, signature)
        out = BytesIO()
        document.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return _fill(out.getvalue(), who, at)


def _add_field(document: pikepdf.Pdf, signature: pikepdf.Object) -> None:
    page = document.pages[0].obj
    field = document.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Widget,
            FT=pikepdf.Name.Sig,
            T="FirmaDigitale",
            V=signature,
            F=132,
            Rect=[0, 0, 0, 0],
            P=page,
        )
    )
    page.Annots = pikepdf.Array([*page.get("/Annots", []), field])
    form = document.Root.get("/AcroForm", pikepdf.Dictionary())
    form.Fields = pikepdf.Array([*form.get("/Fields", []), field])
    form.SigFlags = 3
    document.Root.AcroForm = form


def _fill(pdf: bytes, who: Identity, at: datetime) -> bytes:
    start = pdf.index(b"<" + b"ff" * (_GAP // 2) + b">")
    end = start + _GAP + 2
    numbers = f"{start:010d} {end:010d} {len(pdf) - end:010d}".encode()
    pdf = pdf.replace(b" ".join([str(_BIG).encode()] * 3), numbers, 1)
    made = sign(pdf[:start] + pdf[end:], who, at, detached=True).hex().encode()
    return pdf[: start + 1] + made.ljust(_GAP, b"0") + pdf[end - 1 :]


def _base64(raw: bytes) -> bytes:
    return encodebytes(raw).replace(b"\n", b"\r\n").rstrip()


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: rsa.RSAPrivateKey,
    signer: rsa.RSAPrivateKey,
    since: datetime,
    years: int,
    *,
    ca: bool = False,
    email: str = "",
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(1 + int.from_bytes(sha256(subject.rfc4514_string().encode()).digest()[:8], "big"))
        .not_valid_before(since)
        .not_valid_after(since + timedelta(days=365 * years))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if email:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.RFC822Name(email)]), critical=False)
    return builder.sign(signer, hashes.SHA256())


@lru_cache(maxsize=64)
def _key(name: str) -> rsa.RSAPrivateKey:
    """Make the key of a name; it is a sample's, and secret from nobody."""
    rng = Random(f"key/{name}")
    p, q = _prime(rng), _prime(rng)
    private = pow(_EXPONENT, -1, (p - 1) * (q - 1))
    numbers = rsa.RSAPrivateNumbers(
        p=p,
        q=q,
        d=private,
        dmp1=private % (p - 1),
        dmq1=private % (q - 1),
        iqmp=pow(q, -1, p),
        public_numbers=rsa.RSAPublicNumbers(_EXPONENT, p * q),
    )
    return numbers.private_key()


def _prime(rng: Random) -> int:
    while True:
        candidate = rng.getrandbits(1024) | (3 << 1022) | 1
        likely = candidate % _EXPONENT != 1 and all(candidate % small for small in _SMALL_PRIMES)
        if likely and all(_passes(candidate, rng.randrange(2, candidate - 1)) for _ in range(10)):
            return candidate


def _passes(candidate: int, witness: int) -> bool:
    """Test a candidate by Miller and Rabin."""
    odd, twos = candidate - 1, 0
    while not odd % 2:
        odd, twos = odd // 2, twos + 1
    value = pow(witness, odd, candidate)
    if value in {1, candidate - 1}:
        return True
    for _ in range(twos - 1):
        value = value * value % candidate
        if value == candidate - 1:
            return True
    return False
