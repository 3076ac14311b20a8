"""Lists over HTTP: a page at a time, with a link to the next one (RFC 8288).

The body stays a list; a page may be short, and only the one without a link is the last. Marks are
sealed: a mark says after how many things of everybody's a page ended, which is nobody's business.
"""

import base64
import binascii
from typing import Annotated
from urllib.parse import urlencode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from fastapi import Depends, Query, Request, Response

from sandbox.model.paging import MAX_PAGE, USUAL_PAGE, Mark, mark
from sandbox.web.who import TheSite

MAX_MARK = 80
"""Characters of a sealed mark."""
MARK_BYTES = 40
"""Bytes that every mark is filled up to, lest its length say something."""
_NOBODYS_NAME = "/marks"
"""What no person is called, so that the key made of it is nobody's pseudonym."""


class Marks:
    """Writes marks for one address, and reads those that were written for it.

    Sealed by a deterministic cipher (AES-SIV, RFC 5297): the same page has the same mark, also
    after a restart, and one list's marks are none of another's.
    """

    def __init__(self, request: Request, site: TheSite) -> None:
        """Derive the key; it outlives the process."""
        self._cipher = AESSIV(bytes.fromhex(site.pseudonyms.of(_NOBODYS_NAME)))
        self._address = [request.url.path.encode()]

    def write(self, following: Mark | None) -> str:
        """Seal a mark; nothing if there is none."""
        if following is None:
            return ""
        sealed = self._cipher.encrypt(str(following).encode().ljust(MARK_BYTES), self._address)
        return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()

    def read(self, text: str | None) -> Mark | None:
        """Open a mark; none if there is no text.

        Raises:
            BadInput: code `catalogue.mark`; we wrote none such for this address.
        """
        return mark(self._opened(text)) if text else None

    def _opened(self, text: str) -> str:
        try:
            sealed = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
            return self._cipher.decrypt(sealed, self._address).decode().rstrip()
        except (InvalidTag, ValueError, binascii.Error):
            return ""


TheMarks = Annotated[Marks, Depends()]


class Asked:
    """Which page somebody wants, and where they are told how it goes on."""

    def __init__(
        self,
        request: Request,
        response: Response,
        marks: TheMarks,
        after: Annotated[
            str | None, Query(max_length=MAX_MARK, description="Where the page before ended.")
        ] = None,
        limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = USUAL_PAGE,
    ) -> None:
        """Read the address.

        Raises:
            BadInput: code `catalogue.mark`.
        """
        self.after = marks.read(after)
        self.limit = limit
        self._request = request
        self._response = response
        self._marks = marks

    def go_on(self, following: Mark | None) -> None:
        """Link to the next page, if there may be one."""
        if following is not None:
            query = dict(self._request.query_params) | {"after": self._marks.write(following)}
            link = f"{self._request.url.path}?{urlencode(query)}"
            self._response.headers["link"] = f'<{link}>; rel="next"'


Paged = Annotated[Asked, Depends()]
