"""The ledger as files: checkpoint and entry bundles, downloaded and written as C2SP tiles."""

from pathlib import Path

from sandbox.client.connection import Connection
from sandbox.client.log import NEWEST, WITNESSED, RemoteLog
from sandbox.errors import BadInput, Unavailable
from sandbox.ledger.note import parts, read_checkpoint
from sandbox.ledger.tiles import write_export


def export(connection: Connection, folder: Path, *, witnessed: bool) -> None:
    """Write the ledger down; whether it holds is the verifier's to say.

    It goes up to the head of now, or up to the newest that enough witnesses have co-signed.

    Raises:
        Conflict: the folder is not empty.
        NotFound: code `ledger.no_witnessed_head`.
        Unavailable: the site's bundles do not fit its checkpoint, or the disk is full.
    """
    log = RemoteLog(connection, WITNESSED if witnessed else NEWEST)
    try:
        read_checkpoint(parts(log.checkpoint)[0])
        write_export(folder, log.entries(), log.checkpoint)
    except BadInput as cause:
        raise Unavailable(
            "The site does not show a ledger", code="site.foreign_answer", place=cause.place
        ) from cause
