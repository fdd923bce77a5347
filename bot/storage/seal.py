"""Column types: what is sealed, so that a copied database tells nothing; and moments in time."""

import hashlib
import hmac
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import BigInteger, DateTime, LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

NONCE = 12  # bytes, as AES-GCM recommends


class Vault:
    """Two subkeys of the secret key (32 bytes): one seals, one makes fingerprints for look-ups."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(self._subkey(key, b"hotline seal"))
        self._fingerprint_key = self._subkey(key, b"hotline fingerprint")

    @staticmethod
    def _subkey(key: bytes, purpose: bytes) -> bytes:
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(key)

    def seal(self, text: str) -> bytes:
        nonce = os.urandom(NONCE)
        return nonce + self._cipher.encrypt(nonce, text.encode("utf-8", "surrogatepass"), None)

    def open(self, sealed: bytes) -> str:
        return self._cipher.decrypt(sealed[:NONCE], sealed[NONCE:], None).decode("utf-8", "surrogatepass")

    def fingerprint(self, kind: str, value: object) -> bytes:
        """16 bytes that are the same for the same value and tell nothing about it without the key."""
        return hmac.digest(self._fingerprint_key, f"{kind}:{value}".encode(), hashlib.sha256)[:16]

    def lane(self, *parts: object) -> int:
        """A whole number of 63 bits: fits a column and PostgreSQL's advisory locks."""
        return int.from_bytes(self.fingerprint("lane", parts)[:8]) >> 1


def give_vault(dialect: Dialect, vault: Vault) -> None:
    """An engine's dialect carries the vault to its column types: each database has its own key."""
    dialect.hotline_vault = vault  # type: ignore[attr-defined]  # a dialect is open to attributes of ours


def vault_of(dialect: Dialect) -> Vault:
    vault = dialect.hotline_vault  # type: ignore[attr-defined]  # set by give_vault for every engine
    assert isinstance(vault, Vault)  # noqa: S101 - narrows the type for mypy
    return vault


class Sealed(TypeDecorator[str]):
    """Text that only the holder of the secret key can read."""

    impl = LargeBinary
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[str | None], bytes | None]:
        vault = vault_of(dialect)
        return lambda value: None if value is None else vault.seal(value)

    def result_processor(self, dialect: Dialect, _coltype: object) -> Callable[[bytes | None], str | None]:
        vault = vault_of(dialect)
        return lambda value: None if value is None else vault.open(value)


class SealedNumber(TypeDecorator[int]):
    """A whole number (a Telegram id) that only the holder of the secret key can read."""

    impl = LargeBinary
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[int | None], bytes | None]:
        vault = vault_of(dialect)
        return lambda value: None if value is None else vault.seal(str(value))

    def result_processor(self, dialect: Dialect, _coltype: object) -> Callable[[bytes | None], int | None]:
        vault = vault_of(dialect)
        return lambda value: None if value is None else int(vault.open(value))


class SealedJson(TypeDecorator[Any]):
    """Plain data (dicts, lists, strings, numbers) that only the holder of the secret key can read."""

    impl = LargeBinary
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], bytes | None]:
        vault = vault_of(dialect)
        return lambda value: None if value is None else vault.seal(json.dumps(value, ensure_ascii=False))

    def result_processor(self, dialect: Dialect, _coltype: object) -> Callable[[bytes | None], Any]:
        vault = vault_of(dialect)
        return lambda value: None if value is None else json.loads(vault.open(value))


class Instant(TypeDecorator[datetime]):
    """A moment in UTC. Naive times are refused; SQLite, which knows no zones, holds microseconds."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(DateTime(timezone=True))
        return dialect.type_descriptor(BigInteger())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        return value if dialect.name == "postgresql" else round(value.timestamp() * 1_000_000)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None or dialect.name == "postgresql":
            return value  # type: ignore[no-any-return]  # the driver gives aware datetimes
        return datetime.fromtimestamp(value / 1_000_000, UTC)
