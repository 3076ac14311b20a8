"""Disposal certificates (处置证明): proof that an agreement's end was carried out, for anybody.

A certificate has the entries of the agreement's last version, of its end, and of the researcher's
disposal if that ended it, each with an audit path to one signed head. It shows that the site is
bound to having destroyed the key. That this version was the last one, and that nothing came out
afterwards, is shown by the whole ledger: see `sandbox.ledger.verify`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sandbox.errors import NotVerified
from sandbox.ledger import records
from sandbox.ledger.canonical import to_base64
from sandbox.ledger.fields import Fields
from sandbox.ledger.note import Checkpoint, open_checkpoint
from sandbox.ledger.tree import check_inclusion, leaf_hash

R = TypeVar("R", bound=records.Record)

_TEXT = """\
Disposal certificate

The open-data use agreement {agreement} over {datasets} has ended: {reason}.
The site {origin} has carried out its end at {time} (UTC): it has destroyed the key \
under which it kept the agreement's answers (SHA-256 {key}), revoked {tokens} tokens that were \
issued for the agreement alone, and stopped {stopped} questions that were not answered yet.
Nothing may be released under this agreement any more. \
This stands as entry {index} in the site's ledger.
"""
_TEXT_ZH = """\
处置证明

开放利用协议 {agreement}（数据集：{datasets}）已终止，原因：{reason}。
节点 {origin} 已于 {time}（协调世界时）执行终止：销毁用于保存该协议结果数据的密钥\
（SHA-256：{key}），吊销该协议专用令牌 {tokens} 个，终止尚未作答的提问 {stopped} 件。
自此不得再依据本协议释放任何结果。本证明载于该节点账本第 {index} 条。
"""
_REASONS = {
    "expired": "its last day, {ends}, is over",
    "disposed": "on {disposed} its researcher declared the data disposed of",
}
_REASONS_ZH = {
    "expired": "利用期限已于 {ends} 届满",
    "disposed": "申请人已于 {disposed} 声明完成数据处置",
}


@dataclass(frozen=True, slots=True)
class Ended:
    """What a certificate is about, by the entries."""

    agreement: records.Agreement
    disposal: records.Disposal | None
    certificate: records.Certificate

    def texts(self, origin: str) -> tuple[str, str]:
        """Write it for people, in English and Chinese."""
        return self._text(_TEXT, _REASONS, origin, ", "), self._text(
            _TEXT_ZH, _REASONS_ZH, origin, "、"
        )

    def _text(self, text: str, reasons: Mapping[str, str], origin: str, comma: str) -> str:
        end, disposal = self.certificate, self.disposal
        reason = reasons[end.cause].format(
            ends=self.agreement.ends, disposed=disposal.time.date() if disposal else None
        )
        return text.format(
            agreement=end.agreement,
            datasets=comma.join(self.agreement.datasets),
            reason=reason,
            origin=origin,
            time=end.time.isoformat(" ", "seconds").partition("+")[0],
            key=end.key,
            tokens=end.tokens,
            stopped=end.stopped,
            index=end.index,
        )


def proven(entry: bytes, index: int, proof: Sequence[bytes]) -> dict[str, Any]:
    """Put an entry and its audit path together, with the fields of `sandbox.wire.Proven`."""
    return {
        "index": index,
        "entry": entry.decode(),
        "proof": [to_base64(step) for step in proof],
    }


def verify_certificate(document: Mapping[str, Any], vkey: str) -> Ended:
    """Check that the ledger of this key has recorded this end of this agreement.

    Raises:
        NotVerified: `ledger.checkpoint` (the head is not signed by the key), `certificate.size`
            or `certificate.index` (it contradicts its head or entries), `certificate.entry`
            (an entry is of another kind), `ledger.inclusion` (an entry is not in the log),
            `certificate.agreement` (the entries are of different agreements, or of two people),
            `certificate.cause` (the agreement was not over, or for another reason), or
            `certificate.text` (the text says something else than the entries).
        BadInput: `certificate.malformed`, `checkpoint.malformed` or `key.malformed`.
    """
    fields = Fields(document, "certificate")
    head = open_checkpoint(fields.value("checkpoint", str), vkey)
    if fields.value("size", int) != head.size:
        raise NotVerified("The signed head is of another size", code="certificate.size")
    agreement = _included(fields.part("agreement"), head, records.Agreement)
    certificate = _included(fields.part("certificate"), head, records.Certificate)
    disposal = None
    if document.get("disposal") is not None:
        disposal = _included(fields.part("disposal"), head, records.Disposal)
    ended = Ended(agreement, disposal, certificate)
    _require_one_agreement(ended)
    _require_over(ended)
    if (fields.value("text", str), fields.value("text_zh", str)) != ended.texts(head.origin):
        raise NotVerified("The text is not what the entries say", code="certificate.text")
    return ended


def _included(fields: Fields, head: Checkpoint, kind: type[R]) -> R:
    """Read an entry of this kind that is in the log."""
    record, index = fields.record(), fields.value("index", int)
    if not isinstance(record, kind):
        raise NotVerified("An entry is of another kind", code="certificate.entry")
    if record.index != index:
        raise NotVerified("An entry is of another place", code="certificate.index")
    check_inclusion(leaf_hash(fields.entry()), index, head.size, fields.proof(), head.root)
    return record


def _require_one_agreement(ended: Ended) -> None:
    named = {records.first_version(ended.agreement.agreement), ended.certificate.agreement}
    order = [ended.agreement.index, ended.certificate.index]
    if ended.disposal is not None:
        named.add(records.first_version(ended.disposal.agreement))
        order.insert(1, ended.disposal.index)
    by_another = ended.disposal is not None and ended.disposal.by != ended.agreement.researcher
    if len(named) != 1 or order != sorted(order) or by_another:
        raise NotVerified(
            "The entries are not of one agreement, in their order", code="certificate.agreement"
        )


def _require_over(ended: Ended) -> None:
    is_disposed = ended.disposal is not None
    past = ended.certificate.time.date() > ended.agreement.ends
    if (ended.certificate.cause == "disposed") != is_disposed or not (is_disposed or past):
        raise NotVerified(
            "The agreement was not over, or for another reason", code="certificate.cause"
        )
