"""A whole city's catalogue: import, search, paging, export: `python -m benchmarks.catalogue`.

52,346 records with 176,142 columns of 117 bodies come in from CSV; then people look for things. On
SQLite in `.bench`, or with `--books URL` in an empty database of PostgreSQL. Exit status 1 if a
bound is missed.
"""

import resource
import shutil
import sys
from argparse import ArgumentParser
from contextlib import closing
from itertools import islice
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from benchmarks import city
from policies.classes import Grade, Openness
from sandbox.assembly import open_site
from sandbox.flow.compile_list import take_list
from sandbox.flow.export_records import dcat, stream
from sandbox.flow.found import found
from sandbox.flow.permit import identify
from sandbox.flow.site import Site
from sandbox.model.finding import Wanted
from sandbox.model.paging import MAX_PAGE, Mark
from sandbox.model.principal import Role
from sandbox.settings import Settings
from sandbox.web.record_cards import record_page

FOLDER = Path(".bench/catalogue")
IMPORT_BOUND = 300.0
"""Seconds."""
SEARCH_BOUND = 0.1
"""Seconds, of the 95th of a hundred searches."""
ROUNDS = 3


def main() -> int:
    """Measure and print; give the exit status."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--books", help="an empty PostgreSQL database, instead of SQLite")
    books = parser.parse_args().books
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    city.write(FOLDER / "city.csv")
    console = Console()
    site = open_site(Settings(FOLDER / "site", books=books))
    with closing(site.books):
        took = _import(site, console)
        searched = sorted(_searches(site))
        paged, slowest = _pages(site)
        began = perf_counter()
        size = sum(len(part.encode()) for part in dcat(site, stream(site), "https://city.example"))
        exported = perf_counter() - began
    p95 = quantiles(searched, n=20)[-1]
    table = Table("measured", "value", "bound")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    table.add_row("import, s", f"{took:.0f}", f"{IMPORT_BOUND:.0f}")
    table.add_row("searches", f"{len(searched):,}", "")
    table.add_row("search, median, ms", f"{median(searched) * 1000:.1f}", "")
    table.add_row("search, p95, ms", f"{p95 * 1000:.1f}", f"{SEARCH_BOUND * 1000:.0f}")
    table.add_row("search, slowest, ms", f"{searched[-1] * 1000:.1f}", "")
    table.add_row("all pages, s; slowest, ms", f"{paged:.1f}; {slowest * 1000:.0f}", "")
    table.add_row("export as DCAT, s; MB", f"{exported:.1f}; {size / 1e6:.0f}", "")
    table.add_row("peak memory, MiB", f"{peak:.0f}", "")
    console.print(table)
    return int(took > IMPORT_BOUND or p95 > SEARCH_BOUND)


def _import(site: Site, console: Console) -> float:
    tokens = found(site)
    with site.books.read() as page:
        owner = identify(page, tokens[Role.OWNER])
    began = perf_counter()
    with Progress(console=console) as progress:
        task = progress.add_task("import", total=city.RECORDS)
        for taken in take_list(site, owner, FOLDER / "city.csv"):
            progress.update(task, completed=taken.done)
    if taken.merged.published != city.RECORDS:
        raise SystemExit(f"published {taken.merged.published} records")
    return perf_counter() - began


def _searches(site: Site) -> list[float]:
    """Time searches of every kind: words, narrowed by class, and the pages behind the first."""
    taken = []
    for _ in range(ROUNDS):
        for text in city.searches():
            first = Wanted(text)
            kinds = (
                first,
                Wanted(text, openness=Openness.UNCONDITIONAL, grade=Grade.L1),
                Wanted(text, after=Mark(1, city.RECORDS // 2)),
            )
            for wanted in kinds:
                began = perf_counter()
                with site.books.read() as page:
                    record_page(page.records.search(wanted), "")
                taken.append(perf_counter() - began)
    return taken


def _pages(site: Site) -> tuple[float, float]:
    """Go through everything, a page at a time."""
    began = last = perf_counter()
    slowest, count, records = 0.0, 0, stream(site)
    while page := list(islice(records, MAX_PAGE)):
        count += len(page)
        slowest, last = max(slowest, perf_counter() - last), perf_counter()
    if count != city.RECORDS:
        raise SystemExit(f"pages gave {count} records")
    return last - began, slowest


if __name__ == "__main__":
    sys.exit(main())
