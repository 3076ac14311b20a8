"""The course of an application in a real browser, in Chinese, as people press the buttons."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.flow.sign_in import begin_session
from sandbox.model.names import PrincipalName
from sandbox.model.principal import Role
from sandbox.web.desk_terms import TERMS
from tests.support.chromium import CHROMIUM, Chromium, chromium
from tests.support.served import APPLICANT, PERIOD, Served
from tests.web.test_course import received

STATES = TERMS["zh-CN"]
FORM = {
    "dataset": "town/clinic",
    "purpose": "research",
    "scenario": "<script>document.title = 'broken'</script>研究就诊费用",
    "safeguards": "结果存放于加密设备",
    "starts": PERIOD[0],
    "ends": PERIOD[1],
    "kind": "natural_person",
    "name": "小梅",
    "number": APPLICANT.number,
    "public_key": "A" * 43 + "=",
}
PHONE = (375, 812)
"""Width and height of a small telephone, in CSS pixels."""

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    # Its own short-lived folder: a profile's socket has a path of 108 characters at most.
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile,
        chromium(Path(profile), "zh-CN") as running,
    ):
        running.size(*PHONE)
        yield running


def sit_down(browser: Chromium, clinic: Served, name: str, role: Role) -> None:
    """Let somebody else sit at the browser, at their desk."""
    browser.forget()
    secret = begin_session(clinic.site, PrincipalName(name), role).secret
    browser.bring(clinic.url, "datarange-session", secret)
    browser.open(f"{clinic.url}/desk")


def fits(browser: Chromium) -> bool:
    """Whether nobody has to move the page sideways to read it."""
    return bool(browser.run("document.documentElement.scrollWidth <= window.innerWidth"))


def find(browser: Chromium, path: str) -> None:
    """Go through the pages of a desk until the application is there, and open it."""
    link = f'a[href^="{path}"]'
    while not browser.run(f"!!document.querySelector('{link}')"):
        browser.press('a[rel="next"]')
    browser.press(link)


def applies(browser: Chromium) -> str:
    """Fill the form in and submit it; give the application's path."""
    browser.press('a[href^="/desk/applications/new"]')
    assert fits(browser)
    for field, text in FORM.items():
        browser.fill(f"#{field}", text)
    browser.press('button[value="submit"]')
    assert STATES["submitted"] in browser.text
    assert "broken" not in str(browser.run("document.title"))
    return str(browser.run("location.pathname"))


def asks_for_more(browser: Chromium) -> None:
    browser.fill("#statement", "请写明论文题目。")
    browser.press('form[action*="/supplement"] button')
    assert STATES["supplement_requested"] in browser.text


def answers(browser: Chromium) -> None:
    browser.press('a[href*="/form"]')
    assert "请写明论文题目。" in browser.text
    browser.fill("#scenario", "论文题目：就诊费用与年龄")
    browser.press('button[value="resubmit"]')
    assert STATES["resubmitted"] in browser.text


def assesses(browser: Chromium) -> None:
    for item in ("project", "people", "setting", "data", "outputs"):
        browser.choose(f'input[name="{item}"][value="met"]')
        browser.fill(f"#{item}_remark", "符合要求")
    browser.press('form[action*="/assessment"] button')
    assert STATES["assessed"] in browser.text


def consents(browser: Chromium) -> None:
    browser.choose('input[name="answer"][value="consent"]')
    browser.fill('textarea[name="reason"]', "经研究，同意开放。")
    browser.press('form[action*="/consent"] button')
    assert "经研究，同意开放。" in browser.text


def grants(browser: Chromium) -> None:
    browser.choose('input[name="answer"][value="grant"]')
    browser.fill("#reason", "材料齐全，同意开放。")
    browser.press('form[action*="/decision"] button')
    assert STATES["offered"] in browser.text


def reads_the_agreement(browser: Chromium) -> None:
    assert "datarange agreement sign" in browser.text
    browser.press('a[href^="/desk/agreements/"]')
    assert "公共数据开放利用协议" in browser.text


COURSE = (
    ("王处", Role.STEWARD, asks_for_more),
    ("小梅", Role.RESEARCHER, answers),
    ("王处", Role.STEWARD, assesses),
    ("owner", Role.OWNER, consents),
    ("王处", Role.STEWARD, grants),
    ("小梅", Role.RESEARCHER, reads_the_agreement),
)
"""Who does what at their desk, after the application was sent."""


def test_an_application_is_granted_by_people_who_only_press_buttons(
    clinic: Served, browser: Chromium
) -> None:
    sit_down(browser, clinic, "小梅", Role.RESEARCHER)
    assert "我的申请" in browser.text
    path = applies(browser)
    for name, role, step in COURSE:
        sit_down(browser, clinic, name, role)
        find(browser, path)
        assert fits(browser)
        step(browser)
        assert fits(browser)


def test_a_long_text_is_folded_and_opens_without_a_script(
    clinic: Served, browser: Chromium
) -> None:
    with clinic.http(clinic.admit("writer")) as http:
        name = received(http, scenario="很长的场景。" * 300 + "结尾")
    sit_down(browser, clinic, "writer", Role.RESEARCHER)
    browser.open(f"{clinic.url}/desk/applications/{name}")
    assert "结尾" not in browser.text
    browser.choose("details.long summary")
    assert "结尾" in browser.text
    assert fits(browser)
