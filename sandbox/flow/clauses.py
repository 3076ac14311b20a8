"""The text of an agreement in both languages, and the one document that both sides sign."""

from typing import Any

from policies.open_lanes import lane_zh
from sandbox.ledger import entries
from sandbox.ledger.canonical import canonical
from sandbox.ledger.signing import agreement_digest, words_digest
from sandbox.model.agreement import Agreement, Clauses, Grant
from sandbox.model.application import Application
from sandbox.model.cost import Accounting, brief, text
from sandbox.model.names import DatasetName, Digest

DISPOSAL = "Stop all use; delete working copies; answers already released may be kept and cited."
DISPOSAL_ZH = "停止一切利用活动，删除工作副本；已释放的结果数据可以保留并引用。"
FEEDBACK = "Report publications and other uses of the results within 30 days of the end."
FEEDBACK_ZH = "期满后三十日内反馈成果发表及其他利用情况。"

_ENGLISH = """\
OPEN DATA USE AGREEMENT

No. {id}, version {version}{change}

1. Data: {datasets}
   Lanes: {lanes}
   Privacy budget: {budget}
2. Purpose: {purpose}
3. Scenario: {scenario}
4. Safeguards: {safeguards}
5. Period: {starts} to {ends} (inclusive, UTC)
6. Disposal: {disposal}
7. Feedback: {feedback}

Only result data leave, by way of an algorithm or model, through the lanes named and within the \
budget named. A lane that a release policy closes later is closed here too; what a release policy \
opens later this agreement does not grant. The researcher shall not try to identify \
anybody, shall not pass access on, and shall not hand result data on to others, except by citing \
them in a publication.
"""
_CHINESE = """\
公共数据开放利用协议

编号：{id}（第 {version} 版）{change}

一、开放数据清单：{datasets}
   利用通道：{lanes}
   隐私预算：{budget}
二、利用目的：{purpose}
三、应用场景：{scenario}
四、安全保障措施：{safeguards}
五、使用期限：{starts} 至 {ends}（含首尾两日，协调世界时）
六、期满处置：{disposal}
七、利用情况反馈：{feedback}

利用方仅以算法模型获取结果数据，且限于本协议约定的利用通道和隐私预算。\
释放策略此后关闭的通道，本协议项下同时关闭；释放策略此后新开通的通道，不在本协议约定之列。\
利用方不得尝试识别任何个人，不得转授访问权限；\
除在公开成果中引用外，不得向他人转让结果数据。
"""


def clauses_of(application: Application, datasets: tuple[DatasetName, ...]) -> Clauses:
    """Turn a granted application into the seven clauses, over these of its datasets.

    Raises:
        ValueError: it has no period, so that it was never submitted.
    """
    if application.starts is None or application.ends is None:
        raise ValueError("an agreement has a period")
    return Clauses(
        datasets=datasets,
        purpose=application.purpose,
        scenario=application.scenario,
        safeguards=application.safeguards,
        starts=application.starts,
        ends=application.ends,
        disposal=DISPOSAL,
        feedback=FEEDBACK,
    )


def english(agreement: Agreement) -> str:
    """Write an agreement for people who read English."""
    change = f", in place of {agreement.amends}" if agreement.amends else ""
    opened = {
        "lanes": ", ".join(agreement.grant.lanes),
        "budget": _budget(agreement.grant),
    }
    words = _quoted_words(agreement.clauses) | opened
    return _ENGLISH.format(**_named(agreement), **words, change=change)


def chinese(agreement: Agreement) -> str:
    """写成中文文本。"""  # noqa: D415  (a Chinese sentence ends with its own stop)
    change = f"，自签署之日起取代 {agreement.amends}" if agreement.amends else ""
    translated = {
        "disposal": DISPOSAL_ZH,
        "feedback": FEEDBACK_ZH,
        "lanes": "、".join(map(lane_zh, agreement.grant.lanes)),
        "budget": _budget_zh(agreement.grant),
    }
    words = _quoted_words(agreement.clauses) | translated
    return _CHINESE.format(**_named(agreement), **words, change=change)


def document_of(agreement: Agreement) -> bytes:
    """Write what both sides sign as canonical JSON: the terms, and the words that they stand in."""
    return canonical({"terms": terms_of(agreement), "words": words_of(agreement)})


def terms_of(agreement: Agreement) -> entries.Entry:
    """Give the terms from which all rights follow, as the ledger will have them.

    The site's key names the site, for each is founded with one of its own: a signature that was
    given at one serves at no other.
    """
    clauses, grant = agreement.clauses, agreement.grant
    return entries.agreement_terms(
        id=agreement.id,
        application=agreement.application,
        datasets=clauses.datasets,
        source=grant.source,
        researcher_key=agreement.researcher_key,
        site_key=agreement.site_key,
        starts=clauses.starts,
        ends=clauses.ends,
        lanes=grant.lanes,
        accounting=grant.accounting.value,
        cap=text(grant.cap),
        amends=agreement.amends,
    )


def words_of(agreement: Agreement) -> dict[str, Any]:
    """Give the words: parties, clauses, both texts. They name people and stay out of the ledger."""
    return {
        "version": agreement.version,
        "researcher": agreement.researcher,
        "steward": agreement.steward,
        "clauses": _words(agreement.clauses),
        "epsilon": text(agreement.grant.epsilon),
        "delta": text(agreement.grant.delta),
        "text": english(agreement),
        "text_zh": chinese(agreement),
    }


def digest_of(agreement: Agreement) -> Digest:
    """Digest the document that both sides sign."""
    return Digest(agreement_digest(terms_of(agreement), words_digest(words_of(agreement))))


def _budget(grant: Grant) -> str:
    read = f"epsilon {text(grant.epsilon)}"
    if grant.accounting is Accounting.ZCDP:
        read = f"rho {text(grant.cap)} ({read} at delta {brief(grant.delta)})"
    return f"{read} in all, of the source {grant.source}"


def _budget_zh(grant: Grant) -> str:
    read = f"ε = {text(grant.epsilon)}"
    if grant.accounting is Accounting.ZCDP:
        read = f"ρ = {text(grant.cap)}（折合 {read}，δ = {brief(grant.delta)}）"
    return f"累计不超过 {read}，计入数据来源 {grant.source}"


def _quoted_words(clauses: Clauses) -> dict[str, str]:
    return {name: _quoted(text) for name, text in _words(clauses).items()}


def _quoted(written: str) -> str:
    """Mark every further line of a text: none may be taken for a clause of the agreement."""
    return "\n   | ".join(written.splitlines())


def _named(agreement: Agreement) -> dict[str, str]:
    return {"id": agreement.id, "version": str(agreement.version)}


def _words(clauses: Clauses) -> dict[str, str]:
    return {
        "datasets": ", ".join(clauses.datasets),
        "purpose": clauses.purpose,
        "scenario": clauses.scenario,
        "safeguards": clauses.safeguards,
        "starts": clauses.starts.isoformat(),
        "ends": clauses.ends.isoformat(),
        "disposal": clauses.disposal,
        "feedback": clauses.feedback,
    }
