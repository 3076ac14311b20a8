"""Guessing is slow for everybody, whether or not there is anything to guess."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import pytest

from sandbox.model.principal import Role
from sandbox.settings import Identity, Limits, Rate
from tests.support.people import PASSWORD
from tests.support.served import Served, served

API = "/api/v1"
TRIES = 4
LIMITS = Limits(
    sign_ins_per_address=Rate(3 * TRIES, timedelta(hours=1)),
    sign_ins_per_account=Rate(TRIES, timedelta(hours=1)),
    requests_per_token=Rate(50, timedelta(hours=1)),
)


@pytest.fixture
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("signing-in")
    with served(folder, identity=Identity(LIMITS)) as running:
        running.range_of(Role.ADMINISTRATOR).open_account("mei", "researcher", PASSWORD)
        yield running


def sign_in(http: httpx.Client, name: str, password: str) -> httpx.Response:
    return http.post(f"{API}/sign-in", json={"name": name, "password": password})


def seen(reply: httpx.Response) -> tuple[int, str, str]:
    return reply.status_code, reply.json()["code"], reply.json()["detail"]


def test_a_password_gives_a_token_that_works(site: Served) -> None:
    with site.http() as http:
        issued = sign_in(http, "mei", PASSWORD)
        own = http.get(f"{API}/me", headers={"authorization": f"Bearer {issued.json()['secret']}"})
    assert issued.status_code == 201
    assert issued.headers["cache-control"] == "no-store"
    assert own.json() == {"name": "mei", "role": "researcher"}
    assert PASSWORD not in issued.text


def test_guessing_stops_after_a_few_tries_also_for_whoever_then_guesses_right(
    site: Served,
) -> None:
    with site.http() as http:
        wrong = [sign_in(http, "mei", f"guess-{number}") for number in range(TRIES)]
        late = sign_in(http, "mei", PASSWORD)
    assert {reply.status_code for reply in wrong} == {401}
    assert (late.status_code, late.json()["code"]) == (429, "sign_in.too_many")
    assert 0 < int(late.headers["retry-after"]) <= 3600 / TRIES


def test_who_has_no_account_is_told_the_very_same(site: Served) -> None:
    with site.http() as http:
        known = [sign_in(http, "mei", "wrong") for _ in range(TRIES + 1)]
        unknown = [sign_in(http, "nobody", "wrong") for _ in range(TRIES + 1)]
    assert [seen(reply) for reply in known] == [seen(reply) for reply in unknown]
    assert {reply.status_code for reply in known} == {401, 429}
    heads = [{*reply.headers} for reply in (*known, *unknown)]
    assert heads[: TRIES + 1] == heads[TRIES + 1 :]


def test_one_address_cannot_try_one_name_after_the_other(site: Served) -> None:
    with site.http() as http:
        codes = [
            sign_in(http, f"name-{number}", "wrong").status_code for number in range(4 * TRIES)
        ]
    assert codes == [401] * (3 * TRIES) + [429] * TRIES


def test_guesses_at_the_same_time_count_each(site: Served) -> None:
    def guess(number: int) -> int:
        with site.http() as http:
            return sign_in(http, "mei", f"guess-{number}").status_code

    with ThreadPoolExecutor(12) as pool:
        codes = sorted(pool.map(guess, range(12)))
    assert codes == [401] * TRIES + [429] * (12 - TRIES)


def test_right_passwords_do_not_use_up_tries(site: Served) -> None:
    with site.http() as http:
        assert {sign_in(http, "mei", PASSWORD).status_code for _ in range(2 * TRIES)} == {201}


def test_a_header_does_not_make_it_another_address(site: Served) -> None:
    with site.http() as http:
        codes = []
        for number in range(4 * TRIES):
            http.headers["x-forwarded-for"] = f"192.0.2.{number}"
            codes.append(sign_in(http, f"name-{number}", "wrong").status_code)
    assert codes[-1] == 429


def test_a_token_has_a_limit_of_its_own(site: Served) -> None:
    with site.http(Role.AUDITOR) as http, site.http(Role.OWNER) as other:
        replies = [http.get(f"{API}/me") for _ in range(60)]
        assert other.get(f"{API}/me").status_code == 200
    codes = [reply.status_code for reply in replies]
    assert codes == [200] * 50 + [429] * 10
    assert replies[-1].json()["code"] == "token.too_many"
    assert 60 < int(replies[-1].headers["retry-after"]) <= 72


def test_a_revoked_token_is_out_with_the_next_request(site: Served) -> None:
    with site.http(Role.STEWARD) as http:
        (own,) = http.get(f"{API}/tokens").json()
        assert http.delete(f"{API}/tokens/{own['id']}").json()["state"] == "revoked"
        late = http.get(f"{API}/me")
    assert (late.status_code, late.json()["code"]) == (401, "token.revoked")


@pytest.mark.parametrize(
    "body",
    [
        {"name": "mei"},
        {"name": "mei", "password": PASSWORD, "role": "steward"},
        {"name": "mei", "password": PASSWORD, "days": 0},
        {"name": "mei", "password": PASSWORD, "days": 10**9},
        {"name": ["mei"], "password": PASSWORD},
        {"name": "mei", "password": PASSWORD, "label": "<script>\u0000"},
    ],
)
def test_a_bad_form_gives_no_token(site: Served, body: dict[str, object]) -> None:
    with site.http() as http:
        reply = http.post(f"{API}/sign-in", json=body)
    assert reply.status_code == 422
    assert PASSWORD not in reply.text


def test_a_password_is_in_no_reply_and_in_no_log(site: Served) -> None:
    with site.http() as http:
        sign_in(http, "mei", PASSWORD)
        sign_in(http, "mei", PASSWORD + "wrong")
    said = b"".join(site.said).decode() + "".join(site.logged)
    assert PASSWORD not in said
    assert "$argon2" not in said
