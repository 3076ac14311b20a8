"""Matches keys with LIKE's patterns, when a question is compiled: keys are public."""

_ANY, _ONE = "%", "_"


def like(key: str, pattern: str) -> bool:
    """Tell whether a key matches: `%` is any text, `_` one character, all else itself.

    Goes back to the last `%` alone, so a pattern costs at most its length times the key's.
    """
    at = place = 0
    star: tuple[int, int] | None = None
    while at < len(key):
        if place < len(pattern) and pattern[place] == _ANY:
            star, place = (place, at), place + 1
        elif place < len(pattern) and pattern[place] in {_ONE, key[at]}:
            at, place = at + 1, place + 1
        elif star is not None:
            star = star[0], star[1] + 1
            place, at = star[0] + 1, star[1]
        else:
            return False
    return not pattern[place:].strip(_ANY)
