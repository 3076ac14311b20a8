"""The two languages that people read here, and which one somebody wants."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


class Language(StrEnum):
    """A language of the product, by its ISO 639-1 code."""

    ENGLISH = "en"
    CHINESE = "zh"


class Phrase(NamedTuple):
    """One text in both languages; `{name}` stands for a part that is filled in."""

    en: str
    zh: str

    def __call__(self, language: Language, **parts: object) -> str:
        """Say it in one language, with its parts."""
        return (self.zh if language is Language.CHINESE else self.en).format(**parts)


def language_of(environment: Mapping[str, str]) -> Language:
    """Read the locale the way POSIX does: the first of LC_ALL, LC_MESSAGES and LANG decides."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next((environment[name] for name in names if environment.get(name)), "")
    return Language.CHINESE if locale.lower().startswith("zh") else Language.ENGLISH
