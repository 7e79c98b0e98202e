"""The desk in a real browser, and what it refuses."""

import io
import re
from collections.abc import Iterator

import pikepdf
import pytest
import requests
from playwright.sync_api import Browser, Page, expect, sync_playwright

from hub.desk.papers import as_pdf
from tests.hub.rig import ANSWERS, ZHANG, HubProcess, KioskSide, jpeg

PASSWORD = "a long enough one"
SWITCHES = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=list(SWITCHES)
        )
        yield running
        running.close()


@pytest.fixture(scope="module")
def account(hub: HubProcess) -> str:
    """An intake account."""
    hub.run("account", "--name", "刘敏", "--password", PASSWORD, "--role", "intake")
    return "刘敏"


def sign_in(page: Page, hub: HubProcess, name: str) -> None:
    """Sign in at the front page."""
    page.goto(hub.url)
    page.get_by_label("账号").fill(name)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()


def test_clerk_signs_in_opens_a_case_and_accepts_it(
    hub: HubProcess, kiosk: KioskSide, browser: Browser, account: str
) -> None:
    person = ZHANG.model_copy(update={"name": "金美花"})
    sealed = kiosk.compose(applicant=person)
    receipt = kiosk.deliver(sealed)
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    sign_in(page, hub, account)

    row = page.get_by_role("row").filter(has_text=sealed.body.receipt_number)
    expect(row).to_contain_text("居住证申领")
    expect(row).to_contain_text("待受理")
    expect(row).not_to_contain_text(person.number)
    row.get_by_role("link", name="查看").click()

    expect(page.get_by_role("heading", name="居住证申领")).to_be_visible()
    expect(page.locator("body")).to_contain_text(person.number)
    expect(page.locator("body")).to_contain_text("自己的房子")
    expect(page.locator("#case-number")).to_have_text(
        re.compile(re.sub("^(.{31})(.{8})", r"\1\\s*\2\\s*", receipt["case_number"]))
    )
    images = page.locator(".pages img")
    expect(images).to_have_count(2)
    widths = images.evaluate_all("found => found.map(image => image.naturalWidth)")
    assert widths == [400, 400]
    expect(page.get_by_role("link", name="打开 PDF")).to_have_count(1)
    expect(page.locator("svg.signature path")).to_have_count(2)

    page.get_by_text("受理", exact=True).click()
    page.get_by_role("button", name="确认受理").click()
    expect(page.locator("#state")).to_have_text("已受理")
    expect(page.get_by_role("button", name="确认受理")).to_have_count(0)
    status = kiosk.call("GET", f"/v1/receipts/{sealed.body.receipt_number}/status").json()
    assert status["status"] == "reviewing"
    assert status["promised"]["working_days"] == 15
    (case,) = kiosk.search(person).cases
    assert case.status == "reviewing"

    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("button", name="登录")).to_be_visible()
    page.goto(f"{hub.url}/desk/cases/{receipt['case_number']}")
    expect(page.get_by_role("button", name="登录")).to_be_visible()
    assert complaints == []
    assert all(url.startswith(f"{hub.url}/") for url in asked)
    context.close()


def test_reasons_stand_on_a_case_that_needs_a_supplement(
    hub: HubProcess, kiosk: KioskSide, browser: Browser, account: str
) -> None:
    answers = {name: value for name, value in ANSWERS.items() if name != "phone"}
    receipt = kiosk.deliver(kiosk.compose(answers=answers, materials=()))
    page = browser.new_page()
    sign_in(page, hub, account)
    page.goto(f"{hub.url}/desk/cases/{receipt['case_number']}")
    expect(page.locator(".warn li")).to_have_text(["手机号码：未填写", "住址证明：缺少材料"])
    page.close()


def test_damaged_case_is_shown_all_the_same(
    hub: HubProcess, kiosk: KioskSide, browser: Browser, account: str
) -> None:
    receipt = kiosk.deliver(kiosk.seal(kiosk.compose().body, b"no zip"))
    page = browser.new_page()
    sign_in(page, hub, account)
    page.goto(f"{hub.url}/desk/cases/{receipt['case_number']}")
    expect(page.locator(".warn li")).to_have_text(["申请内容损坏"])
    page.close()


class Clerk:
    """A browser's side of the desk, without a browser."""

    def __init__(self, hub: HubProcess, name: str) -> None:
        self.url = hub.url
        self.session = requests.Session()
        self.signed_in = self.post("/desk/sign-in", name=name, password=PASSWORD)

    def get(self, path: str) -> requests.Response:
        return self.session.get(self.url + path, timeout=20, allow_redirects=False)

    def post(self, path: str, **form: str) -> requests.Response:
        return self.session.post(self.url + path, form, timeout=20, allow_redirects=False)


def test_session_cookie_stays_out_of_reach(hub: HubProcess, account: str) -> None:
    cookie = Clerk(hub, account).signed_in.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "path=/desk" in cookie


def test_accept_without_the_forms_token_is_refused(
    hub: HubProcess, kiosk: KioskSide, account: str
) -> None:
    receipt = kiosk.deliver(kiosk.compose())
    clerk = Clerk(hub, account)
    path = f"/desk/cases/{receipt['case_number']}/accept"
    assert clerk.post(path).status_code == 403
    assert clerk.post(path, csrf="x").status_code == 403
    found = re.search('name="csrf" value="([^"]+)"', clerk.get("/desk/cases").text)
    assert found is not None
    assert clerk.post(path, csrf=found[1]).status_code == 303
    assert clerk.post(path, csrf=found[1]).status_code == 409


def test_a_papers_pages_open_as_one_pdf_with_their_very_bytes(
    hub: HubProcess, kiosk: KioskSide, account: str
) -> None:
    case = f"/desk/cases/{kiosk.deliver(kiosk.compose())['case_number']}"
    clerk = Clerk(hub, account)
    (link,) = re.findall(r'href="([^"]+\.pdf)"', clerk.get(case).text)
    reply = clerk.get(link)
    assert reply.headers["content-type"] == "application/pdf"
    assert reply.headers["cache-control"] == "no-store"
    with pikepdf.open(io.BytesIO(reply.content)) as document:
        pictures = [next(iter(sheet.get_images().values())) for sheet in document.pages]
        assert [picture.read_raw_bytes() for picture in pictures] == [jpeg(1), jpeg(2)]
        wide, high = (float(edge) for edge in document.pages[0].mediabox[2:])
        assert (wide, high) == pytest.approx((400 * 72 / 200, 566 * 72 / 200), abs=0.1)
    for none in ("0-1", "2-1", "1-3"):
        assert clerk.get(f"{case}/papers/{none}.pdf").status_code == 404


@pytest.mark.parametrize("pages", [[], [b"no picture"]])
def test_what_is_no_page_becomes_no_pdf(pages: list[bytes]) -> None:
    with pytest.raises(ValueError, match="page"):
        as_pdf(pages)


@pytest.mark.parametrize(
    "path", ["cases", "cases/x", "cases/x/pages/1.jpg", "cases/x/papers/1-2.pdf"]
)
def test_stranger_is_sent_to_the_sign_in(hub: HubProcess, path: str) -> None:
    reply = requests.get(f"{hub.url}/desk/{path}", timeout=20, allow_redirects=False)
    assert reply.status_code == 303
    assert reply.headers["location"] == "/desk/sign-in"


def test_wrong_passwords_have_to_wait(hub: HubProcess) -> None:
    hub.run("account", "--name", "wait", "--password", PASSWORD)
    form = {"name": "wait", "password": "wrong"}
    said = [
        requests.post(f"{hub.url}/desk/sign-in", form, timeout=20).status_code for _ in range(4)
    ]
    assert said == [403, 403, 403, 429]
    assert Clerk(hub, "wait").signed_in.status_code == 429


def test_sign_in_from_another_site_is_refused(hub: HubProcess, account: str) -> None:
    reply = requests.post(
        f"{hub.url}/desk/sign-in",
        {"name": account, "password": PASSWORD},
        headers={"Origin": "http://elsewhere.example"},
        timeout=20,
    )
    assert reply.status_code == 403


def test_pages_forbid_scripts_frames_and_caching(hub: HubProcess) -> None:
    headers = requests.get(f"{hub.url}/desk/sign-in", timeout=20).headers
    assert headers["cache-control"] == "no-store"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
