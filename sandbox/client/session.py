"""What all questions of one sitting share: the way to the site, and the key of its ledger."""

from dataclasses import dataclass

from sandbox.client.answer import Answer, answer_of
from sandbox.client.connection import API, Connection, segment
from sandbox.client.forecast import Forecast
from sandbox.client.mock_run import MockRun
from sandbox.client.replies import message_of
from sandbox.client.turn import in_turn
from sandbox.wire import Accepted, AlgorithmForm, Explanation, Question
from sandbox.wire import MockRun as MockRunMessage

ACCEPTED = 202
"""HTTP status: paid for, and running."""


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

    def forecast(self, form: AlgorithmForm) -> Forecast:
        """Ask for an algorithm's cost and error."""
        return self.connection.post(Forecast, "/algorithms/explanation", form)

    def run_on_mock(self, form: AlgorithmForm) -> MockRun:
        """Have an algorithm run over invented rows, once no other program runs.

        Raises:
            Unavailable: code `engine.rehearsal_waited`, others ran for ten minutes.
        """
        path = "/algorithms/mock"
        said = in_turn(lambda: self.connection.post(MockRunMessage, path, form))
        return MockRun(said, form.outputs)

    def submit(self, form: AlgorithmForm) -> Accepted | Answer:
        """Submit an algorithm, or collect its answer."""
        reply = self.connection.hand_in("/algorithms", form)
        if reply.status_code == ACCEPTED:
            return message_of(Accepted, reply.content)
        return answer_of(reply.content, self.ledger_key)
