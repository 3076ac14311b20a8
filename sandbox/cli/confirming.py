"""Consent to a change of caps: it is shown in full, and a person types yes."""

import json
import sys

from sandbox.cli import budget_texts
from sandbox.cli.terminal import Terminal
from sandbox.cli.terms import change_of
from sandbox.errors import BadInput
from sandbox.wire import PolicyTerms

YES = "yes"


def require_consent(terminal: Terminal, terms: PolicyTerms, *, given: bool) -> None:
    """Show what would be signed, and go on with somebody's yes only; without a change, at once.

    Raises:
        BadInput: code `caps.not_confirmed`; nothing was signed.
    """
    if terms.cap_change is None:
        return
    if not terminal.json:
        terminal.people.print(change_of(json.loads(terms.cap_change), terminal.language))
    if not given and not _agreed(terminal):
        raise BadInput(
            "Nothing was signed. Type yes when asked, or give --yes", code="caps.not_confirmed"
        )


def _agreed(terminal: Terminal) -> bool:
    """Ask; a program that reads JSON cannot be asked."""
    if terminal.json:
        return False
    terminal.people.print(budget_texts.CONFIRM(terminal.language), end=" ")
    sys.stdout.flush()
    return sys.stdin.readline().strip().lower() == YES
