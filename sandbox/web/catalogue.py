"""The catalogue, for anybody: the site, its datasets, and mock rows to develop on."""

from importlib.metadata import version
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from policies.classes import Openness
from sandbox.errors import NotPermitted
from sandbox.flow.browse import datasets
from sandbox.flow.fill import find_dataset
from sandbox.flow.site import Site
from sandbox.ledger.note import verifier_key
from sandbox.model.dataset import Dataset
from sandbox.model.finding import MAX_SEARCH
from sandbox.model.paging import Mark, Stretch
from sandbox.query.mock import MAX_MOCK_ROWS, mock_table
from sandbox.query.schema import schema_of
from sandbox.web.cards import dataset_card
from sandbox.web.paging import Paged
from sandbox.web.who import Caller, TheSite
from sandbox.wire import DatasetCard, Me, MockTable, SiteCard


def public_reply(response: Response) -> None:
    """Let caches keep what anybody may see, and ask again each time."""
    response.headers["cache-control"] = "no-cache"


router = APIRouter(tags=["catalogue"])
public = APIRouter(tags=["catalogue"], dependencies=[Depends(public_reply)])


@public.get("/site")
def read_site(site: TheSite) -> SiteCard:
    """Say whose ledger this is, and which key signs it."""
    return SiteCard(
        name=site.origin,
        version=version("datarange"),
        ledger_key=verifier_key(site.origin, site.ledger_signer.public),
    )


@router.get("/me")
def read_me(caller: Caller) -> Me:
    """Say who the token belongs to."""
    return Me(name=caller.name, role=caller.role.value)


@public.get("/datasets")
def list_datasets(
    site: TheSite, asked: Paged, q: Annotated[str, Query(max_length=MAX_SEARCH)] = ""
) -> list[DatasetCard]:
    """List the datasets that can be asked of, or those that words are found in."""
    found = search(site, q, asked.after, asked.limit)
    asked.go_on(found.next)
    return [dataset_card(each) for each in found.values]


@public.get("/datasets/{owner}/{title:path}/mock")
def invent_rows(
    site: TheSite,
    owner: str,
    title: str,
    rows: Annotated[int, Query(ge=1, le=MAX_MOCK_ROWS)] = 100,
    seed: Annotated[int, Query(ge=0, lt=2**32)] = 0,
) -> MockTable:
    """Invent rows of the right shape, from the public schema and a seed alone.

    Raises:
        NotPermitted: code `openness.closed`; there is nothing to develop for.
    """
    dataset = look_up(site, f"{owner}/{title}")
    if dataset.policy.openness is Openness.CLOSED:
        raise NotPermitted("The dataset is closed", code="openness.closed")
    return mock_table(schema_of(dataset.policy), rows, seed)


@public.get("/datasets/{owner}/{title:path}")
def read_dataset(site: TheSite, owner: str, title: str) -> DatasetCard:
    """Give one catalogue record."""
    return dataset_card(look_up(site, f"{owner}/{title}"))


def search(site: Site, text: str, after: Mark | None, limit: int) -> Stretch[Dataset]:
    """Find datasets by words, as the catalogue's records are found."""
    with site.books.read() as page:
        return datasets(page, text, after, limit)


def look_up(site: Site, name: str) -> Dataset:
    """Give a listed dataset.

    Raises:
        NotFound: the catalogue lists no such dataset.
    """
    with site.books.read() as page:
        return find_dataset(page, name)
