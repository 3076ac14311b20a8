"""Desks: each role finds its own work there, in its language, and nothing that is written runs."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from sandbox.chinese import sentence_of
from sandbox.flow.sign_in import begin_session
from sandbox.model.names import PrincipalName
from sandbox.model.principal import Role
from sandbox.web.desk_terms import TERMS
from sandbox.web.desk_words import CHINESE, ENGLISH
from tests.support.served import APPLICANT, PERIOD, Served
from tests.web.test_course import ASSESSMENT, CONSENT, FORM, received
from tests.web.test_pages import Outline

API = "/api/v1/applications"
HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(1)>{{7*7}}</textarea>'
PUBLIC_KEY = "A" * 43 + "="


@contextmanager
def at_desk(clinic: Served, name: str, role: Role) -> Iterator[httpx.Client]:
    """A browser in which somebody has signed in."""
    session = begin_session(clinic.site, PrincipalName(name), role).secret
    with clinic.http() as http:
        http.cookies.set("datarange-session", session)
        yield http


@pytest.fixture
def mei(clinic: Served) -> Iterator[httpx.Client]:
    with at_desk(clinic, "梅", Role.RESEARCHER) as http:
        yield http


@pytest.fixture
def steward(clinic: Served) -> Iterator[httpx.Client]:
    with at_desk(clinic, "desk-steward", Role.STEWARD) as http:
        yield http


@pytest.fixture
def owner(clinic: Served) -> Iterator[httpx.Client]:
    with at_desk(clinic, "owner", Role.OWNER) as http:
        yield http


def key_of(http: httpx.Client) -> str:
    found = re.search(r'name="form_key" value="([0-9a-f]{64})"', http.get("/me").text)
    assert found is not None
    return found[1]


def sent(http: httpx.Client, path: str, **fields: str) -> httpx.Response:
    return http.post(path, data={"form_key": key_of(http), **fields})


def filled(**changes: str) -> dict[str, str]:
    written = {
        "dataset": "town/clinic",
        "purpose": "research",
        "scenario": "用于研究",
        "safeguards": "加密存放",
        "starts": PERIOD[0],
        "ends": PERIOD[1],
        "public_key": PUBLIC_KEY,
        "kind": APPLICANT.kind,
        "name": APPLICANT.name,
        "number": APPLICANT.number,
        "then": "submit",
    }
    return written | changes


def applied(http: httpx.Client, **changes: str) -> str:
    reply = sent(http, "/desk/applications?lang=zh", **filled(**changes))
    assert reply.status_code == 303, reply.text
    return reply.headers["location"].removesuffix("?lang=zh")


def marks() -> dict[str, str]:
    remarks = {f"{item}_remark": "In order" for item in ASSESSMENT}
    return {**dict.fromkeys(ASSESSMENT, "met"), **remarks, "revision": "0"}


def test_the_whole_course_is_walked_by_forms(
    mei: httpx.Client, steward: httpx.Client, owner: httpx.Client
) -> None:
    path = applied(mei)
    assert path in steward.get("/desk").text
    assert path in owner.get("/desk").text
    asked = sent(steward, f"{path}/supplement", statement="哪一篇论文？")
    assert asked.status_code == 303
    assert "哪一篇论文？" in mei.get("/desk?lang=zh").text
    assert path not in owner.get("/desk").text
    form = mei.get(f"{path}/form?lang=zh").text
    assert "用于研究" in form
    changed = filled(scenario="用于这篇论文", then="resubmit", kind="", name="", number="")
    assert sent(mei, f"{path}/form", **changed).status_code == 303
    assert sent(steward, f"{path}/assessment", **marks() | {"revision": "1"}).status_code == 303
    said = {"dataset": "town/clinic", "answer": "consent", "reason": "同意", "revision": "1"}
    assert sent(owner, f"{path}/consent", **said).status_code == 303
    sealed = re.search(r'name="revision" value="(\d+)"', steward.get(path).text)
    assert sealed is not None
    said = {"answer": "grant", "reason": "材料齐全", "revision": sealed[1]}
    decided = sent(steward, f"{path}/decision", **said)
    assert decided.status_code == 303
    page = mei.get(f"{path}?lang=zh").text
    assert "datarange agreement sign" in page
    agreement = re.search(r'href="(/desk/agreements/[0-9a-f]+)', page)
    assert agreement is not None
    text = mei.get(f"{agreement[1]}?lang=zh").text
    assert "公共数据开放利用协议" in text
    assert "OPEN DATA USE AGREEMENT" in mei.get(f"{agreement[1]}?lang=en").text


def test_a_draft_is_kept_edited_and_withdrawn(mei: httpx.Client, steward: httpx.Client) -> None:
    path = applied(mei, scenario="", then="save")
    assert steward.get(path).status_code == 404
    failed = sent(mei, f"{path}/form?lang=zh", **filled(scenario="", safeguards="锁好"))
    assert failed.status_code == 422
    assert "锁好" in failed.text
    assert "应用场景" in Outline(failed.text).text
    assert "锁好" in mei.get(f"{path}/form").text
    assert sent(mei, f"{path}/withdrawal").status_code == 303
    assert TERMS["zh-CN"]["withdrawn"] in mei.get(f"{path}?lang=zh").text


def test_what_cannot_even_be_a_draft_comes_back_as_it_was_written(mei: httpx.Client) -> None:
    failed = sent(mei, "/desk/applications?lang=en", **filled(scenario="x" * 5000, starts="soon"))
    assert failed.status_code == 422
    boxes = [box for box in Outline(failed.text).named("input") if box.get("name") == "number"]
    assert boxes[0]["value"] == APPLICANT.number
    assert "x" * 5000 in failed.text


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_hostile_texts_are_text_on_every_desk(
    clinic: Served, mei: httpx.Client, steward: httpx.Client, owner: httpx.Client, lang: str
) -> None:
    long = HOSTILE * 20
    path = applied(mei, scenario=long, safeguards=HOSTILE)
    sent(steward, f"{path}/assessment", **marks() | {"project_remark": HOSTILE})
    dataset = {"dataset": "town/clinic", "revision": "0"}
    sent(owner, f"{path}/consent", answer="decline", reason=HOSTILE, **dataset)
    mei_token = clinic.admit("asker-of-desks")
    asker = clinic.range_of(mei_token)
    card = asker.demand(asker.owners()[0].name, HOSTILE, HOSTILE)
    seen = [
        *(http.get(f"{path}?lang={lang}") for http in (mei, steward, owner)),
        *(http.get(f"/desk?lang={lang}") for http in (mei, steward, owner)),
        owner.get(f"/desk/demands/{card.id}?lang={lang}"),
        sent(owner, f"{path}/consent?lang={lang}", answer="consent", reason=HOSTILE, dataset="x/y"),
    ]
    for reply in seen:
        outline = Outline(reply.text)
        assert not {tag for tag, _ in outline.tags} & {"script", "img", "iframe"}
        assert not [name for _, given in outline.tags for name in given if name[:2] == "on"]
        assert "49" not in re.sub(r"[0-9a-f]{8,}|\d{4}-\d\d-\d\d", "", outline.text)
    whole = Outline(seen[1].text)
    assert long in whole.text
    assert ENGLISH["show_all"] in whole.text or CHINESE["show_all"] in whole.text


def test_each_role_has_its_own_desk_and_sees_no_other(
    clinic: Served, mei: httpx.Client, steward: httpx.Client, owner: httpx.Client
) -> None:
    path = applied(mei)
    headings = {}
    for name, role in (("aud", Role.AUDITOR), ("adm", Role.ADMINISTRATOR)):
        with at_desk(clinic, name, role) as http:
            headings[role] = http.get("/desk?lang=zh").text
            assert http.get(path).status_code in {403, 404}
            assert sent(http, f"{path}/withdrawal").status_code in {403, 404}
    with at_desk(clinic, "aud", Role.AUDITOR) as http:
        assert clinic.site.origin in http.get("/desk/checkpoint").text
    assert mei.get("/desk/checkpoint").status_code == 403
    assert CHINESE["overdue"] in headings[Role.AUDITOR]
    assert CHINESE["admin"] in headings[Role.ADMINISTRATOR]
    assert CHINESE["to_decide"] in steward.get("/desk?lang=zh").text
    assert CHINESE["to_consent"] in owner.get("/desk?lang=zh").text
    with at_desk(clinic, "li", Role.RESEARCHER) as li:
        assert path not in li.get("/desk").text
        assert li.get(path).status_code == li.get(f"{path}/form").status_code == 404
        assert sent(li, f"{path}/form", **filled()).status_code == 404
    with at_desk(clinic, "another", Role.OWNER) as other:
        assert path not in other.get("/desk").text
        assert other.get(path).status_code == 404
    for http, step in ((mei, "decision"), (owner, "assessment"), (steward, "withdrawal")):
        refused = sent(http, f"{path}/{step}", answer="grant", reason="x", **marks())
        assert refused.status_code == 403
    assert steward.get(path).status_code == 200


PATHS = ("supplement", "assessment", "consent", "decision", "withdrawal", "form")


@pytest.mark.parametrize("step", PATHS)
@pytest.mark.parametrize("key", ["", "0" * 64])
def test_a_form_of_another_site_moves_nothing(mei: httpx.Client, step: str, key: str) -> None:
    path = applied(mei)
    before = mei.get(path).text
    foreign = mei.post(f"{path}/{step}?lang=zh", data={"form_key": key, **filled()})
    assert foreign.status_code == 403
    assert "本站页面" in foreign.text
    assert mei.get(path).text == before


def test_whoever_has_no_session_is_sent_to_sign_in(clinic: Served, mei: httpx.Client) -> None:
    path = applied(mei)
    with clinic.http() as nobody:
        for address in ("/desk", path, "/desk/applications/new", "/desk/agreements"):
            reply = nobody.get(address)
            assert (reply.status_code, reply.headers["location"]) == (303, "/sign-in")
        assert nobody.post(f"{path}/withdrawal", data={}).status_code == 303


def test_of_two_stewards_the_second_reads_what_happened_and_loses_nothing(
    clinic: Served, mei: httpx.Client, steward: httpx.Client
) -> None:
    path = applied(mei)
    with at_desk(clinic, "second", Role.STEWARD) as second:
        said = {"answer": "refuse", "revision": "0"}
        assert sent(steward, f"{path}/decision", **said, reason="重复").status_code == 303
        late = sent(second, f"{path}/decision?lang=zh", **said, reason="我的长篇理由")
    assert late.status_code == 409
    assert CHINESE["first"] in late.text
    assert "该申请已经答复" in late.text
    assert "我的长篇理由" in late.text
    assert "重复" in late.text


def test_an_owner_does_not_answer_a_text_that_was_replaced(
    mei: httpx.Client, steward: httpx.Client, owner: httpx.Client
) -> None:
    path = applied(mei)
    sent(steward, f"{path}/supplement", statement="More")
    sent(mei, f"{path}/form", **filled(then="resubmit"))
    said = {"dataset": "town/clinic", "answer": "consent", "reason": "旧的意见", "revision": "0"}
    late = sent(owner, f"{path}/consent?lang=zh", **said)
    assert late.status_code == 409
    assert "旧的意见" in late.text
    for revision in ("", "x", "-1", "९"):
        assert sent(owner, f"{path}/consent", **said | {"revision": revision}).status_code == 409


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("answer", ["grant", "refuse"])
def test_a_steward_does_not_answer_a_text_that_was_replaced(
    mei: httpx.Client, steward: httpx.Client, lang: str, answer: str
) -> None:
    path = applied(mei)
    said = {"answer": answer, "reason": "旧的理由"}
    sent(steward, f"{path}/supplement", statement="More")
    sent(mei, f"{path}/form", **filled(then="resubmit"))
    for revision in ("0", "", "-1"):
        late = sent(steward, f"{path}/decision?lang={lang}", **said | {"revision": revision})
        assert late.status_code == 409
        assert ("请重新阅读" if lang == "zh" else "read it again") in late.text
        assert "旧的理由" in late.text
    refused = {"answer": "refuse", "reason": "新的理由", "revision": "1"}
    assert sent(steward, f"{path}/decision", **refused).status_code == 303


def test_a_demand_is_answered_at_the_owners_desk(clinic: Served, owner: httpx.Client) -> None:
    asker = clinic.range_of(clinic.admit("asker-at-desk"))
    card = asker.demand(asker.owners()[0].name, "Bus timetables", "A paper")
    path = f"/desk/demands/{card.id}"
    assert path in owner.get("/desk").text
    empty = sent(owner, f"{path}/answer?lang=zh", state="refused", reason="")
    assert empty.status_code == 422
    assert sent(owner, f"{path}/answer", state="refused", reason="没有此数据").status_code == 303
    assert path not in owner.get("/desk").text
    again = sent(owner, f"{path}/answer?lang=zh", state="accepted", reason="改主意")
    assert again.status_code == 409
    assert "改主意" in again.text


def test_an_agreement_is_ended_with_a_statement(clinic: Served) -> None:
    token = clinic.admit("ender")
    agreement = clinic.agree(token, "town/clinic", "research")
    path = f"/desk/agreements/{agreement}"
    with at_desk(clinic, "ender", Role.RESEARCHER) as http:
        assert path in http.get("/desk").text
        for lang, lane in (("en", "Lanes</dt><dd>query"), ("zh", "利用通道</dt><dd>查询通道")):
            shown = http.get(f"{path}?lang={lang}").text
            assert lane in shown
            assert {"en": "Privacy budget: rho", "zh": "隐私预算：累计不超过 ρ"}[lang] in shown
            assert {"en": "query", "zh": "查询通道"}[lang] in http.get(f"/desk?lang={lang}").text
        assert sent(http, f"{path}/disposal", statement=" ").status_code == 422
        assert sent(http, f"{path}/disposal", statement="已全部删除").status_code == 303
        ended = http.get(f"{path}?lang=zh").text
        assert TERMS["zh-CN"]["ended"] in ended
        assert f"{path}/certificate" in ended
        assert agreement in http.get(f"{path}/certificate?lang=zh").text
        assert sent(http, f"{path}/feedback?lang=zh", feedback="\u202e").status_code == 422
        assert sent(http, f"{path}/feedback", feedback="发表论文一篇").status_code == 303
        assert "发表论文一篇" in http.get(path).text
        renewal = http.get("/desk/applications/new", params={"renews": agreement}).text
        assert f'name="renews" value="{agreement}"' in renewal
    with at_desk(clinic, "li", Role.RESEARCHER) as other:
        assert other.get(path).status_code == other.get(f"{path}/certificate").status_code == 404
        assert other.get(f"/desk/applications/new?amends={agreement}").status_code == 404
        assert sent(other, f"{path}/feedback", feedback="x").status_code == 404


def test_lists_on_a_desk_come_in_pages(clinic: Served, steward: httpx.Client) -> None:
    with clinic.http(clinic.admit("many")) as http:
        names = [received(http) for _ in range(25)]
    seen: set[str] = set()
    address = "/desk?lang=zh"
    for _ in range(20):
        text = steward.get(address).text
        seen |= set(re.findall(r"/desk/applications/([0-9a-f]{32})", text))
        following = re.search(r'rel="next" href="([^"]+)"', text)
        if following is None:
            break
        address = following[1].replace("&amp;", "&")
    assert set(names) <= seen


def test_both_languages_say_the_same_things_on_a_desk() -> None:
    assert ENGLISH.keys() == CHINESE.keys()
    assert TERMS["en"].keys() == TERMS["zh-CN"].keys()
    for key, text in ENGLISH.items():
        gaps = re.findall(r"{\w+}", text)
        assert sorted(gaps) == sorted(re.findall(r"{\w+}", CHINESE[key])), key


@pytest.mark.parametrize(("lang", "code"), [("en", "en"), ("zh", "zh-CN")])
def test_a_desk_can_be_read_by_everybody(
    mei: httpx.Client, steward: httpx.Client, owner: httpx.Client, lang: str, code: str
) -> None:
    path = applied(mei)
    draft = applied(mei, then="save")
    shown = [
        *(http.get(address) for http in (mei, steward, owner) for address in ("/desk", path)),
        *(mei.get(address) for address in (f"{draft}/form", "/desk/applications/new")),
    ]
    for reply in shown:
        outline = Outline(mei.get(reply.url.path, params={"lang": lang}).text)
        assert outline.named("html") == [{"lang": code}]
        assert len(outline.named("h1")) == len(outline.named("main")) == 1
        fields = outline.named("textarea") + outline.named("select")
        fields += [
            box for box in outline.named("input") if box.get("type") not in {"hidden", "radio"}
        ]
        labelled = {label.get("for") for label in outline.named("label")}
        assert {box.get("id") for box in fields} <= labelled


def test_forms_and_the_api_are_one_course(clinic: Served, mei: httpx.Client) -> None:
    path = applied(mei)
    with clinic.http(Role.STEWARD) as http:
        card = http.get(f"{API}/{path.rpartition('/')[2]}").json()
    assert (card["scenario"], card["purpose"]) == ("用于研究", "research")
    assert card["proof"]["number"] == APPLICANT.number
    assert {"dataset": FORM["dataset"], **CONSENT}["dataset"] == card["dataset"]


def test_what_is_not_there_is_said_in_the_readers_language(mei: httpx.Client) -> None:
    page = mei.get("/desk/applications/none?lang=zh")
    assert page.status_code == 404
    assert "您没有这份申请。" in page.text
    assert "You have no such application" not in page.text
    assert "You have no such application" in mei.get("/desk/applications/none?lang=en").text


def test_each_fault_of_a_form_is_said_in_chinese(mei: httpx.Client) -> None:
    said = sent(mei, "/desk/applications?lang=zh", **filled(scenario="", starts="", number="1"))
    assert said.status_code == 422
    for field in ("scenario", "starts", "applicant.number"):
        assert sentence_of(f"application.{field}") in said.text


def test_problem_documents_say_it_in_both_languages(mei: httpx.Client) -> None:
    problem = mei.get("/api/v1/datasets/town/none").json()
    assert problem["detail"]
    assert problem["detail_zh"] == sentence_of(problem["code"])
