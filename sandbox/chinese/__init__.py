"""Every error in Chinese: one sentence for each stable code, in the words of the public service.

A sentence says what is wrong and, where it helps, what to do. It names nothing of the request:
where the message does, `tells_more` says so, and whoever shows the sentence shows both.
"""

from sandbox.chinese import (
    agreeing,
    asking,
    auditing,
    boxes,
    capturing,
    clauses,
    owning,
    running,
    signing_in,
)
from sandbox.chinese.particulars import WITH_PARTICULARS

SENTENCES = {
    **signing_in.SENTENCES,
    **agreeing.SENTENCES,
    **owning.SENTENCES,
    **clauses.SENTENCES,
    **asking.SENTENCES,
    **auditing.SENTENCES,
    **running.SENTENCES,
    **boxes.SENTENCES,
    **capturing.SENTENCES,
}
"""By code."""


def sentence_of(code: str) -> str:
    """Say it in Chinese; empty for a code of another version that is not known here."""
    return SENTENCES.get(code, "")


def tells_more(code: str) -> bool:
    """Tell whether the error's own message has particulars that its Chinese sentence lacks."""
    return code in WITH_PARTICULARS
