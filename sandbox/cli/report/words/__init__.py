"""What the report says, in both languages; see also `reasons.py` and `claims.py`."""

from collections.abc import Mapping

from sandbox.cli.language import Phrase
from sandbox.cli.report.words.accounts import ACCOUNTS
from sandbox.cli.report.words.changes import CHANGES
from sandbox.cli.report.words.page import PAGE
from sandbox.cli.report.words.patterns import PATTERNS
from sandbox.cli.report.words.site import SITE
from sandbox.cli.report.words.source import SOURCE

PHRASES: Mapping[str, Phrase] = {**PAGE, **SITE, **PATTERNS, **SOURCE, **ACCOUNTS, **CHANGES}
"""By key; `{name}` stands for a part that is filled in."""
