"""What people and programs are told when a command fails: everything known, never a traceback."""

import os
import re
import traceback
from dataclasses import asdict

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from sandbox.chinese import sentence_of, tells_more
from sandbox.cli import texts
from sandbox.cli.language import Language
from sandbox.cli.prose import Prose
from sandbox.cli.terminal import Terminal, printable
from sandbox.errors import DataRangeError, NotPermitted, Place, Reason, Refused
from sandbox.wire import PlaceMessage, Problem, ReasonMessage

DEBUG = "DATARANGE_DEBUG"
"""Set to 1 to see the traceback of a fault of ours; for developers, on their own data."""


def tell(terminal: Terminal, error: Exception) -> int:
    """Say what failed, in the form that was asked for; give the exit code."""
    if os.environ.get(DEBUG) == "1":
        traceback.print_exception(error)
    known = error if isinstance(error, DataRangeError) else _fault_of_ours(error)
    if terminal.json:
        terminal.show_json(problem_of(known))
    else:
        terminal.errors.print(view(known, terminal.language))
    return known.exit_code


def problem_of(error: DataRangeError) -> Problem:
    """Put an error into the form that the HTTP interface uses too (RFC 9457)."""
    return Problem(
        type=f"urn:datarange:problem:{error.code}",
        title=_title(type(error)),
        status=error.status,
        detail=error.message,
        code=error.code,
        exit_code=error.exit_code,
        place=PlaceMessage(**asdict(error.place)) if error.place else None,
        reasons=tuple(ReasonMessage(**asdict(reason)) for reason in _reasons(error)),
        detail_zh=sentence_of(error.code),
    )


def view(error: DataRangeError, language: Language) -> RenderableType:
    """Lay an error out for people: what, where, every reason, and what to do."""
    advice = texts.ADVICE_OF_CODE.get(error.code) or texts.ADVICE.get(error.exit_code)
    return Group(
        statement(error, language),
        Padding.indent(Prose(advice(language) if advice else ""), 2),
    )


def statement(error: DataRangeError, language: Language) -> RenderableType:
    """Lay an error out for people: what, where, and every reason."""
    lines: list[RenderableType] = [_headline(error, language)]
    if _has_more(error, language):
        lines.append(Padding.indent(Text(printable(error.message), style="dim"), 2))
    if error.place:
        where = texts.WHERE(language, place=_place(error.place, language))
        lines.append(Padding.indent(Text(where, style="bold"), 2))
    lines += [
        Padding.indent(_reason(number, reason, language), 2)
        for number, reason in enumerate(_reasons(error), start=1)
    ]
    code = texts.CODE(language, code=error.code, exit_code=error.exit_code)
    lines.append(Padding.indent(Text(code, style="dim"), 2))
    return Group(*lines)


def _place(place: Place, language: Language) -> str:
    """Write a place the way compilers do if there is a file, else in words."""
    if place.file or not place.line:
        return printable(str(place))
    return texts.LINE(language, line=place.line, column=place.column or 1)


def _title(kind: type[DataRangeError]) -> str:
    """Write the class's name in words: `NotSignedIn` reads "Not signed in"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind.__name__).capitalize()


def _headline(error: DataRangeError, language: Language) -> Text:
    reasons = _reasons(error)
    if reasons:
        return Prose(texts.REFUSED(language, count=len(reasons)), style="bold red")
    said = (sentence_of(error.code) if language is Language.CHINESE else "") or error.message
    return Prose().append(texts.ERROR(language), "bold red").append(printable(said))


def _has_more(error: DataRangeError, language: Language) -> bool:
    """Tell whether the English message belongs below a Chinese headline."""
    return language is Language.CHINESE and not _reasons(error) and tells_more(error.code)


def _reason(number: int, reason: Reason, language: Language) -> Text:
    said = reason.message_zh if language is Language.CHINESE else reason.message
    about = [texts.CLAUSE(language, name=reason.clause)]
    if reason.column:
        about.append(texts.COLUMN_OF(language, name=reason.column))
    if reason.owner:
        about.append(texts.OWNER_OF(language, name=reason.owner))
    return Prose(f"{number}. {said}").append("  [" + " · ".join(about) + "]", "dim")


def _reasons(error: DataRangeError) -> tuple[Reason, ...]:
    return error.reasons if isinstance(error, Refused | NotPermitted) else ()


def _fault_of_ours(error: Exception) -> DataRangeError:
    """Name the class alone: the message of an unexpected error may hold a value from rows."""
    return DataRangeError(
        f"Something went wrong on our side ({type(error).__name__})", code="internal"
    )
