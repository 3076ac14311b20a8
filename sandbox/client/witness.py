"""A witness: co-signs a site's head after it has seen that the log only grew.

What it saw last stands in a state file and is on the disk before a co-signature leaves this
machine: a witness that forgets would co-sign a second history after a crash.
"""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from sandbox.client.connection import Connection
from sandbox.client.log import COSIGNATURE, LOG, NEWEST, PENDING, RemoteLog
from sandbox.client.witness_key import WitnessKey
from sandbox.client.witness_state import Seen, hold
from sandbox.errors import BadInput, NotVerified
from sandbox.ledger.note import Checkpoint, key_name, open_checkpoint
from sandbox.ledger.subtrees import TileSubtrees
from sandbox.ledger.witness import check_extends
from sandbox.wire import CosignatureForm, SiteCard


def witness(
    connection: Connection, key: WitnessKey, state: Path, now: datetime, log_key: str | None = None
) -> Checkpoint:
    """Check the site's head against the last one, co-sign it and hand the co-signature in.

    Without `log_key` the first call takes the site's own word for it; later calls hold on to it.

    Raises:
        NotVerified: `ledger.checkpoint` (signed by another key, or not at all), `ledger.cut_back`
            or `ledger.consistency`; nothing was co-signed and the state stays as it was. Or
            `witness.log_key`, the state is of another log.
        BadInput: code `witness.state`; the state file is damaged. It is never started anew.
        Conflict: code `witness.running`, or the site has moved on; run again.
        Unavailable: the site or the disk cannot be used now.
    """
    with hold(state) as kept:
        seen = kept.read()
        log_key = _trusted(connection, seen, log_key)
        log, head = _checked(connection, seen, log_key)
        kept.write(Seen(log_key, log.checkpoint))
        cosignature = key.cosign(head.body, int(now.timestamp()))
        form = CosignatureForm(size=head.size, cosignature=cosignature.line)
        connection.raw("POST", LOG + COSIGNATURE, body=json.dumps(asdict(form)).encode())
    return head


def _trusted(connection: Connection, seen: Seen | None, log_key: str | None) -> str:
    """Choose the log's key.

    Raises:
        NotVerified: code `witness.log_key`.
    """
    if seen is None:
        return log_key or connection.get(SiteCard, "/site").ledger_key
    if log_key not in {None, seen.log_key}:
        raise NotVerified("The state is of a log with another key", code="witness.log_key")
    return seen.log_key


def _checked(
    connection: Connection, seen: Seen | None, log_key: str
) -> tuple[RemoteLog, Checkpoint]:
    """Fetch the head to co-sign and check it, by its signature and against what was seen.

    Raises:
        NotVerified: also where the site shows a malformed head, or no tiles to prove it by.
        BadInput: code `key.malformed`.
    """
    key_name(log_key)
    try:
        log, head = _head(connection, seen, log_key)
        if seen is not None:
            check_extends(seen.head, head, TileSubtrees(head.size, log.tile))
    except BadInput as fault:
        raise NotVerified(fault.message, code=fault.code, place=fault.place) from fault
    return log, head


def _head(connection: Connection, seen: Seen | None, log_key: str) -> tuple[RemoteLog, Checkpoint]:
    """Fetch the pending head, unless more has been seen already.

    A witness whose co-signature was lost on its way may have seen more than the pending head.
    """
    log = RemoteLog(connection, PENDING)
    head = open_checkpoint(log.checkpoint, log_key)
    if seen is not None and head.size < seen.head.size:
        log = RemoteLog(connection, NEWEST)
        head = open_checkpoint(log.checkpoint, log_key)
    return log, head
