"""What all questions of one sitting share: the way to the site, and the key of its ledger."""

from dataclasses import dataclass

from sandbox.client.answer import Answer, answer_of
from sandbox.client.connection import API, Connection, segment
from sandbox.wire import Explanation, Question


@dataclass(frozen=True, slots=True)
class Session:
    """A connection, and the ledger key as it was known when the sitting began."""

    connection: Connection
    ledger_key: str
    """C2SP verifier key."""

    def explain(self, question: Question) -> Explanation:
        """Ask for a question's cost and error."""
        return self.connection.post(Explanation, "/questions/explanation", question)

    def release(self, question: Question) -> Answer:
        """Ask a question."""
        return answer_of(self.connection.send("/questions", question), self.ledger_key)

    def released(self, submission: str) -> Answer:
        """Collect an answer that was paid for before."""
        path = f"/submissions/{segment(submission)}"
        return answer_of(self.connection.raw("GET", API + path), self.ledger_key)
