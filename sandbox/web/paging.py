"""Lists over HTTP: a page at a time, with a link to the next one (RFC 8288).

The body stays a list; a page may be short, and only the one without a link is the last.
"""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Query, Request, Response

from sandbox.model.paging import MAX_PAGE, USUAL_PAGE, Mark, mark

MAX_MARK = 40
"""Characters of a mark."""


class Asked:
    """Which page somebody wants, and where they are told how it goes on."""

    def __init__(
        self,
        request: Request,
        response: Response,
        after: Annotated[
            str | None, Query(max_length=MAX_MARK, description="Where the page before ended.")
        ] = None,
        limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = USUAL_PAGE,
    ) -> None:
        """Read the address.

        Raises:
            BadInput: code `catalogue.mark`.
        """
        self.after = mark(after) if after else None
        self.limit = limit
        self._request = request
        self._response = response

    def go_on(self, following: Mark | None) -> None:
        """Link to the next page, if there may be one."""
        if following is not None:
            query = dict(self._request.query_params) | {"after": str(following)}
            link = f"{self._request.url.path}?{urlencode(query)}"
            self._response.headers["link"] = f'<{link}>; rel="next"'


Paged = Annotated[Asked, Depends()]
