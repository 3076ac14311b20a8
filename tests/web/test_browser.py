"""Sessions of browsers: nothing to fix beforehand, nothing to forge, nothing to steal by script."""

import re
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from sandbox.model.principal import Role
from sandbox.settings import Identity, Limits, Rate
from tests.support.people import PASSWORD
from tests.support.served import Served, served
from tests.web.test_pages import Outline

LIMITS = Limits(sign_ins_per_account=Rate(3, timedelta(hours=1)))


@pytest.fixture
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("browser"), identity=Identity(LIMITS)) as running:
        running.range_of(Role.ADMINISTRATOR).open_account("mei", "researcher", PASSWORD)
        yield running


@pytest.fixture
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    identity = Identity(public_url="https://range.example")
    with served(tmp_path_factory.mktemp("secure"), identity=identity) as running:
        yield running


def key_in(page: httpx.Response) -> str:
    found = re.search(r'name="form_key" value="([0-9a-f]{64})"', page.text)
    assert found is not None
    return found[1]


def signed_in(http: httpx.Client, name: str = "mei", password: str = PASSWORD) -> httpx.Response:
    form = {"form_key": key_in(http.get("/sign-in")), "name": name, "password": password}
    return http.post("/sign-in", data=form)


def test_a_password_opens_the_page_of_ones_tokens(site: Served) -> None:
    with site.http() as http:
        done = signed_in(http)
        page = http.get(done.headers["location"])
    assert (done.status_code, done.headers["location"]) == (303, "/me")
    assert "mei" in page.text
    assert page.headers["cache-control"] == "no-store"


def test_the_cookie_is_for_no_script_and_no_other_site(site: Served) -> None:
    with site.http() as http:
        cookies = signed_in(http).headers.get_list("set-cookie")
    (session,) = (one for one in cookies if one.startswith("datarange-session="))
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= {*session.split("; ")}
    assert "Domain" not in session


def test_behind_tls_the_cookie_goes_nowhere_else(secure: Served) -> None:
    with secure.http() as http:
        (visit,) = http.get("/sign-in").headers.get_list("set-cookie")
    assert visit.startswith("__Host-datarange-visit=")
    assert {"Secure", "HttpOnly", "Path=/"} <= {*visit.split("; ")}


def test_a_session_that_was_planted_is_not_taken_over(site: Served) -> None:
    planted = "dr-session-" + "0" * 64
    with site.http() as http:
        http.cookies.set("datarange-session", planted)
        assert http.get("/me").headers["location"] == "/sign-in"
        signed_in(http)
        fresh = [one for one in http.cookies.jar if one.value and one.value != planted]
        http.cookies.clear()
        http.cookies.set("datarange-session", planted)
        assert http.get("/me").headers["location"] == "/sign-in"
    assert any((one.value or "").startswith("dr-session-") for one in fresh)


FORMS = ("/sign-out", "/me/tokens", "/me/tokens/none/revocation")


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("key", ["", "0" * 64, "ä", "of-another-session"])
def test_a_form_of_another_site_does_nothing(site: Served, path: str, key: str) -> None:
    with site.http() as http, site.http() as attacker:
        signed_in(http)
        signed_in(attacker)
        other = key_in(attacker.get("/me"))
        form = {"form_key": other if key == "of-another-session" else key, "days": "30"}
        reply = http.post(path, data=form)
        assert (reply.status_code, reply.json()["code"]) == (403, "form.foreign")
        assert "mei" in http.get("/me").text


@pytest.mark.parametrize("came", ["cross-site", "same-site", "none"])
def test_a_form_that_the_browser_says_came_from_elsewhere_does_nothing(
    site: Served, came: str
) -> None:
    with site.http() as http:
        signed_in(http)
        form = {"form_key": key_in(http.get("/me")), "days": "30"}
        reply = http.post("/me/tokens", data=form, headers={"sec-fetch-site": came})
    assert reply.json()["code"] == "form.foreign"


def test_nobody_is_signed_in_by_a_form_of_another_site(site: Served) -> None:
    with site.http() as http, site.http() as attacker:
        theirs = key_in(attacker.get("/sign-in"))
        form = {"form_key": theirs, "name": "mei", "password": PASSWORD}
        assert http.post("/sign-in", data=form).json()["code"] == "form.foreign"
        http.get("/sign-in")
        assert http.post("/sign-in", data=form).json()["code"] == "form.foreign"


def test_signing_out_ends_the_session_in_the_books_too(site: Served) -> None:
    with site.http() as http:
        signed_in(http)
        secret = http.cookies["datarange-session"]
        http.post("/sign-out", data={"form_key": key_in(http.get("/me"))})
        assert "datarange-session" not in http.cookies
        http.cookies.set("datarange-session", secret)
        assert http.get("/me").status_code == 303


def test_a_session_is_no_token_for_the_api_and_a_token_no_session(site: Served) -> None:
    with site.http() as http:
        signed_in(http)
        secret = http.cookies["datarange-session"]
        assert http.get("/api/v1/tokens").status_code == 401
        bearer = {"authorization": f"Bearer {secret}"}
        assert http.get("/api/v1/me", headers=bearer).json()["code"] == "token.unknown"
        http.cookies.set("datarange-session", site.tokens[Role.ADMINISTRATOR])
        assert http.get("/me").headers["location"] == "/sign-in"


def test_a_token_is_issued_shown_once_and_revoked(site: Served) -> None:
    label = '"><script>alert(1)</script>'
    with site.http() as http:
        signed_in(http)
        form = {"form_key": key_in(http.get("/me")), "days": "2", "label": label}
        shown = http.post("/me/tokens", data=form)
        found = re.search(r"dr-researcher-[0-9a-f]{64}", shown.text)
        assert found is not None
        assert not [tag for tag, _ in Outline(shown.text).tags if tag == "script"]
        again = http.get("/me")
        assert found[0] not in again.text
        bearer = {"authorization": f"Bearer {found[0]}"}
        (own,) = (
            one
            for one in http.get("/api/v1/tokens", headers=bearer).json()
            if one["means"] == "token"
        )
        revoked = http.post(f"/me/tokens/{own['id']}/revocation", data={"form_key": key_in(again)})
        assert revoked.status_code == 303
        assert http.get("/api/v1/me", headers=bearer).json()["code"] == "token.revoked"


@pytest.mark.parametrize("days", ["", "0", "-1", "1e3", "९", "9999", "367"])
def test_days_are_a_number_of_days(site: Served, days: str) -> None:
    with site.http() as http:
        signed_in(http)
        form = {"form_key": key_in(http.get("/me")), "days": days}
        refused = http.post("/me/tokens?lang=zh", data=form)
        tokens = http.get("/me").text
    assert refused.status_code == 422
    assert "令牌有效天数" in refused.text
    assert tokens.count("/revocation") == 0


def test_the_form_too_tells_nothing_about_names_and_stops_guessing(site: Served) -> None:
    with site.http() as http:
        known = [signed_in(http, "mei", "wrong") for _ in range(4)]
        unknown = [signed_in(http, "nobody", "wrong") for _ in range(4)]
    assert [reply.status_code for reply in known] == [401, 401, 401, 429]
    assert [reply.status_code for reply in unknown] == [401, 401, 401, 429]
    assert "retry-after" in known[-1].headers
    texts = [
        re.sub(f"[0-9a-f]{{64}}|{name}", "", reply.text)
        for name, reply in (("mei", known[0]), ("nobody", unknown[0]))
    ]
    assert texts[0] == texts[1]


@pytest.mark.parametrize("tail", ["?next=https://evil.example", "?lang=//evil.example", "?r=//e"])
def test_signing_in_leads_to_ones_own_page_only(site: Served, tail: str) -> None:
    with site.http() as http:
        form = {"form_key": key_in(http.get("/sign-in")), "name": "mei", "password": PASSWORD}
        assert http.post(f"/sign-in{tail}", data=form).headers["location"] == "/me"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"name=a&name=b", "application/x-www-form-urlencoded"),
        (b"&".join(b"f%d=1" % n for n in range(50)), "application/x-www-form-urlencoded"),
        (b"name=%ff", "application/x-www-form-urlencoded"),
        (b"\xff", "application/x-www-form-urlencoded"),
        (b'{"name": "mei"}', "application/json"),
        (b"x" * 20000, "application/x-www-form-urlencoded"),
    ],
)
def test_a_form_that_is_none_is_refused(site: Served, content: bytes, kind: str) -> None:
    with site.http() as http:
        reply = http.post("/sign-in", content=content, headers={"content-type": kind})
    assert reply.status_code in {413, 422}


def test_pages_are_there_in_chinese(site: Served) -> None:
    with site.http() as http:
        assert "登录" in http.get("/sign-in?lang=zh").text
        signed_in(http)
        page = http.get("/me?lang=zh").text
    assert "令牌与会话" in page
    assert "申请人" in page


AS_BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    ("path", "code"),
    [("/catalogue/no/where", 404), ("/datasets/no/where", 404), ("/?after=x", 422)],
)
def test_a_browser_is_shown_a_page_where_something_is_refused(
    site: Served, path: str, code: int, lang: str
) -> None:
    mark = "&" if "?" in path else "?"
    with site.http() as http:
        shown = http.get(f"{path}{mark}lang={lang}", headers=AS_BROWSER)
        problem = http.get(path)
    assert (shown.status_code, problem.status_code) == (code, code)
    assert shown.headers["content-type"].startswith("text/html")
    (html,) = Outline(shown.text).named("html")
    assert html["lang"] == ("zh-CN" if lang == "zh" else "en")
    assert problem.headers["content-type"] == "application/problem+json"
    said = problem.json()["detail_zh" if lang == "zh" else "detail"]
    assert said in Outline(shown.text).text


def test_programs_get_problem_documents_whatever_they_accept(site: Served) -> None:
    with site.http() as http:
        reply = http.get("/api/v1/sources", headers=AS_BROWSER)
    assert (reply.status_code, reply.json()["code"]) == (401, "token.missing")


def test_whoever_has_no_session_is_sent_to_sign_in_from_a_form_of_theirs(site: Served) -> None:
    with site.http() as http:
        reply = http.post("/me/tokens", data={"days": "3"}, headers=AS_BROWSER)
    assert (reply.status_code, reply.headers["location"]) == (303, "/sign-in")


def test_a_form_comes_back_as_it_was_written_but_for_passwords(site: Served) -> None:
    with site.http() as http:
        secret = "not-the-password-at-all"  # noqa: S105  (a wrong one)
        form = {"form_key": key_in(http.get("/sign-in")), "name": "mei", "password": secret}
        failed = http.post("/sign-in?lang=zh", data=form)
        assert failed.status_code == 401
        fields = {str(one["name"]): one for one in Outline(failed.text).named("input")}
        assert fields["name"]["value"] == "mei"
        assert "value" not in fields["password"]
        assert secret not in failed.text
        signed_in(http)
        form = {"form_key": key_in(http.get("/me")), "days": "9999", "label": "<b>laptop"}
        refused = http.post("/me/tokens?lang=zh", data=form)
        tokens = http.get("/me").text
    assert refused.status_code == 422
    assert "令牌有效天数" in refused.text
    fields = {str(one["name"]): one for one in Outline(refused.text).named("input")}
    assert (fields["days"]["value"], fields["label"]["value"]) == ("9999", "<b>laptop")
    assert "laptop" not in tokens
