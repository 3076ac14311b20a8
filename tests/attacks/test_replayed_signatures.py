"""A signature that was given once serves for what was signed, and for nothing else.

The attacker has every signature that stands in a ledger, the token of whoever gave it, and a site
where the same keys are known.
"""

import base64
import json
from dataclasses import replace
from pathlib import Path

import pytest

from sandbox.errors import Conflict, NotFound, NotPermitted, NotVerified
from sandbox.flow.apply import apply
from sandbox.flow.describe import describe
from sandbox.flow.found import found
from sandbox.flow.permit import identify
from sandbox.flow.recap import change_caps
from sandbox.flow.rekey import change_key
from sandbox.flow.rekey_site import rekey_site
from sandbox.flow.sign import sign
from sandbox.flow.site import Site
from sandbox.ledger.replay import replay
from sandbox.ledger.signing import agreement_message, policy_message
from sandbox.model.agreement import Agreement, AgreementState
from sandbox.model.names import AgreementId
from sandbox.model.principal import Role
from sandbox.store.memory import MemoryBooks
from tests.flow.test_owners import key_form
from tests.support.town import POLICY, KeySigner, Town, build_town

PURE = POLICY.replace("ACCOUNTING", "pure")
WARD = PURE.replace("dataset: town/clinic", "dataset: town/ward")
RAISED = PURE.replace("budget: {epsilon: 2,", "budget: {epsilon: 3,")


def offered(town: Town, **changes: object) -> Agreement:
    application = apply(town.site, town.people[Role.RESEARCHER], town.form(**changes))
    decided = town.grant(application.id)
    with town.site.books.read() as page:
        return page.agreements.get(AgreementId(decided.agreement or ""))


def signature(town: Town, agreement: Agreement) -> str:
    return base64.b64encode(town.key.sign(agreement_message(agreement.digest))).decode()


def state_of(site: Site, id: str) -> AgreementState:  # noqa: A002  (the field's name)
    with site.books.read() as page:
        return page.agreements.get(AgreementId(id)).state


def test_a_signature_under_one_agreement_puts_no_other_in_force(town: Town) -> None:
    town.describe()
    mine, other = offered(town), offered(town)
    assert mine.clauses == other.clauses
    given = signature(town, mine)
    with pytest.raises(NotVerified):
        sign(town.site, town.people[Role.RESEARCHER], other.id, given)
    assert state_of(town.site, other.id) is AgreementState.OFFERED
    assert town.entries("agreement") == []


def test_a_signature_under_a_draft_of_the_text_does_not_serve_for_the_next(town: Town) -> None:
    town.describe()
    first = offered(town)
    longer = offered(town, ends="2027-12-31")
    with pytest.raises(NotVerified):
        sign(town.site, town.people[Role.RESEARCHER], longer.id, signature(town, first))


def test_a_signature_at_one_site_is_none_at_another_though_ids_and_texts_are_equal(
    tmp_path: Path,
) -> None:
    here, there = (build_town(tmp_path / name) for name in ("here", "there"))
    there.key, there.owner_key = here.key, here.owner_key
    for town in (here, there):
        town.describe()
    mine, theirs = offered(here), offered(there)
    assert (mine.id, mine.clauses) == (theirs.id, theirs.clauses)
    with pytest.raises(NotVerified):
        sign(there.site, there.people[Role.RESEARCHER], theirs.id, signature(here, mine))


def twins(folder: Path) -> tuple[Town, Town]:
    """Two sites at which one owner uses one key for one dataset."""
    here, there = (build_town(folder / name) for name in ("here", "there"))
    there.key, there.owner_key = here.key, here.owner_key
    there.site = replace(there.site, origin="other.example/range", books=MemoryBooks())
    tokens = found(there.site)
    with there.site.books.read() as page:
        there.people = {role: identify(page, token) for role, token in tokens.items()}
    return here, there


def forced(here: Town, there: Town, kind: str) -> set[str]:
    """Let an operator write what was signed here into the ledger there; what an audit finds."""
    entry = here.entries(kind)[-1]
    with there.site.books.write() as page:
        page.log.append({name: value for name, value in entry.items() if name != "index"})
    found = replay(enumerate(there.entries())).found
    return {one.code for one in found if one.severity == "error"}


def test_a_policy_signed_for_one_site_is_none_at_another(tmp_path: Path) -> None:
    here, there = twins(tmp_path)
    here.describe(policy=PURE)
    (entry,) = here.entries("policy")
    with pytest.raises(NotVerified):
        describe(
            there.site,
            there.people[Role.OWNER],
            PURE,
            here.folder / "clinic.csv",
            "csv",
            entry["owner_key"],
            entry["signature"],
        )
    assert there.entries("policy") == there.entries("dataset") == []
    assert forced(here, there, "policy") == {"policy.origin"}


def test_a_change_of_caps_signed_for_one_site_is_none_at_another(tmp_path: Path) -> None:
    here, there = twins(tmp_path)
    for town in (here, there):
        town.describe(policy=PURE)
    here.recap(RAISED)
    (entry,) = here.entries("cap_change")
    with pytest.raises(NotVerified):
        change_caps(
            there.site, there.people[Role.OWNER], RAISED, entry["owner_key"], entry["signature"]
        )
    assert there.entries("cap_change") == []
    assert forced(here, there, "cap_change") == {"cap.origin"}


def test_a_change_of_key_signed_for_one_site_is_none_at_another(tmp_path: Path) -> None:
    here, there = twins(tmp_path)
    for town in (here, there):
        town.describe(policy=PURE)
    form = key_form(here.owner_key, KeySigner(), 1, here.site.origin)
    change_key(here.site, here.people[Role.OWNER], "town/clinic", form)
    with pytest.raises(NotVerified):
        change_key(there.site, there.people[Role.OWNER], "town/clinic", form)
    assert there.entries("key_change") == []
    assert forced(here, there, "key_change") == {"key.origin"}


def test_a_site_s_change_of_key_is_none_of_another_site_with_the_same_key(tmp_path: Path) -> None:
    here, there = twins(tmp_path)
    there.site = replace(there.site, books=MemoryBooks(), site_signer=here.site.site_signer)
    found(there.site)
    rekey_site(here.site, KeySigner())
    assert forced(here, there, "key_change") == {"key.origin"}


def test_a_signature_is_not_taken_again_once_the_agreement_has_ended(town: Town) -> None:
    town.describe()
    agreement = town.agree()
    with pytest.raises(Conflict):
        sign(
            town.site,
            town.people[Role.RESEARCHER],
            agreement.id,
            agreement.researcher_signature or "",
        )
    assert len(town.entries("agreement")) == 1


def test_a_signature_does_not_serve_its_key_under_another_name(town: Town) -> None:
    town.describe()
    mine = offered(town)
    thief = town.newcomer("thief")
    with pytest.raises(NotFound):
        sign(town.site, thief, mine.id, signature(town, mine))


def test_an_owners_signature_under_a_policy_opens_no_other_dataset(town: Town) -> None:
    town.describe(policy=PURE)
    (entry,) = town.entries("policy")
    file = town.folder / "clinic.csv"
    for policy in (WARD, PURE.replace("keys: [north, south]", "keys: [north]"), RAISED):
        with pytest.raises((NotVerified, Conflict)):
            describe(
                town.site,
                town.people[Role.OWNER],
                policy,
                file,
                "csv",
                entry["owner_key"],
                entry["signature"],
            )
    assert len(town.entries("policy")) == 1
    assert len(town.entries("dataset")) == 1


def test_an_owners_signature_under_a_policy_changes_no_cap(town: Town) -> None:
    town.describe(policy=PURE)
    (entry,) = town.entries("policy")
    with pytest.raises(NotVerified):
        change_caps(
            town.site, town.people[Role.OWNER], RAISED, entry["owner_key"], entry["signature"]
        )
    assert town.entries("cap_change") == []


def test_terms_of_one_dataset_are_not_read_as_those_of_another(town: Town) -> None:
    """The signed bytes name site, dataset, source and document, so that none can be moved."""
    town.describe(policy=PURE)
    (entry,) = town.entries("policy")
    signed = {name: entry[name] for name in entry.keys() - {"kind", "time", "index", "signature"}}
    genuine = policy_message(signed)
    others = {"origin": "other.example/range", "dataset": "town/ward", "source": "town/ward"}
    for name, other in {**others, "version": 1}.items():
        assert policy_message(signed | {name: other}) != genuine
    assert json.loads(genuine.partition(b"\n")[2]) == signed


def test_an_offer_whose_text_was_altered_in_the_books_is_signed_by_nobody(town: Town) -> None:
    town.describe()
    mine, other = offered(town), offered(town, purpose="teaching")
    swapped = replace(mine, clauses=other.clauses)
    with town.site.books.write() as page:
        page.agreements.replace(mine.id, swapped)
    with pytest.raises(NotPermitted, match="changed"):
        sign(town.site, town.people[Role.RESEARCHER], mine.id, signature(town, mine))
