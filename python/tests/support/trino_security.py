"""What a Trino server of the tests needs for TLS, passwords and tokens, made for one run."""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import json
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Security:
    """A certificate, a key for tokens and a password; the files are in a folder."""

    def __init__(self, folder: Path) -> None:
        self.password = secrets.token_urlsafe(16)
        self.certificate = folder / "certificate.pem"
        self._both = folder / "both.pem"
        self._jwt = folder / "jwt.key"
        self._key = secrets.token_bytes(64)
        self._jwt.write_bytes(base64.b64encode(self._key))
        # The server looks whether the file is there; TrinoServer.java knows the password.
        self._passwords = folder / "passwords.properties"
        self._passwords.touch()
        public, private = _certificate()
        self.certificate.write_bytes(public)
        self._both.write_bytes(private + public)

    @property
    def properties(self) -> dict[str, str]:
        """How the server is told; without TLS nobody has to say who they are."""
        return {
            "http-server.https.enabled": "true",
            "http-server.https.port": "0",
            "http-server.https.keystore.path": str(self._both),
            "http-server.authentication.type": "PASSWORD,JWT",
            "password-authenticator.config-files": str(self._passwords),
            "http-server.authentication.allow-insecure-over-http": "true",
            "http-server.authentication.jwt.key-file": str(self._jwt),
        }

    def token(self, user: str, valid: timedelta = timedelta(hours=1)) -> str:
        """Return a token that says who somebody is."""
        until = int((datetime.now(UTC) + valid).timestamp())
        parts = [{"alg": "HS512", "typ": "JWT"}, {"sub": user, "exp": until}]
        text = ".".join(_encoded(json.dumps(part).encode()) for part in parts)
        return f"{text}.{_encoded(hmac.digest(self._key, text.encode(), hashlib.sha512))}"

    def another_certificate(self) -> bytes:
        """Return a certificate that is not the server's."""
        return _certificate()[0]


def _certificate() -> tuple[bytes, bytes]:
    """Return a new certificate and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName(
                [
                    x509.DNSName("localhost"),
                    x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
                ]
            ),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public = certificate.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return public, private


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
