"""Witnesses with keys of their own, outside of any site."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sandbox.client.witness_key import WitnessKey


def witness_named(name: str) -> WitnessKey:
    """Give a witness whose key follows from its name."""
    seed = name.encode().ljust(32, b".")[:32]
    return WitnessKey(
        f"{name}.example/w", Ed25519PrivateKey.from_private_bytes(seed).private_bytes_raw()
    )


ALPHA, BETA, GAMMA = map(witness_named, ("alpha", "beta", "gamma"))
