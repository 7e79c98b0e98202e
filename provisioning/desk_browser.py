"""The desk, worked in a real Chromium: sign in, open a case, accept it, keep pictures."""

from pathlib import Path
from types import TracebackType

from playwright.sync_api import Error, Page, expect, sync_playwright

from provisioning.embedded import DESK_NAME, DESK_PASSWORD
from provisioning.processes import NotReady

CHROMIUM = "/usr/bin/chromium"
# As root and without a network there is nothing to sandbox from, and nothing to phone home to.
SWITCHES = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
    "--disable-component-update", "--disable-sync",
)


class Desk:
    """`with Desk(url) as desk: desk.accept(case_number, folder, "zh")`"""

    def __init__(self, hub_url: str) -> None:
        self._url = hub_url

    def __enter__(self) -> "Desk":
        self._playwright = sync_playwright().start()
        try:
            self._browser = self._playwright.chromium.launch(
                executable_path=CHROMIUM, args=list(SWITCHES)
            )
        except Error as error:
            self._playwright.stop()
            raise NotReady(f"Chromium does not start: {error.message.splitlines()[0]}") from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._browser.close()
        self._playwright.stop()

    def accept(self, case_number: str, folder: Path, language: str) -> None:
        """Sign in, find the case, look at it, accept it. Raises NotReady when that fails."""
        page = self._browser.new_page(viewport={"width": 1280, "height": 900}, locale="zh-CN")
        try:
            self._accept(page, case_number, folder, language)
        except (Error, AssertionError) as error:
            raise NotReady(f"the desk: {' '.join(str(error).split())[:600]}") from error
        finally:
            page.close()

    def _accept(self, page: Page, case_number: str, folder: Path, language: str) -> None:
        page.goto(f"{self._url}/desk")
        page.get_by_label("账号").fill(DESK_NAME)
        page.get_by_label("密码").fill(DESK_PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.screenshot(path=folder / f"{language}-desk-list.png")
        page.goto(f"{self._url}/desk/cases/{case_number}")
        expect(page.locator(".pages img").first).to_be_visible()
        page.screenshot(path=folder / f"{language}-desk-case.png", full_page=True)
        # By the keyboard, as a clerk with many cases does.
        page.locator("details.confirm summary").press("Enter")
        page.get_by_role("button", name="确认受理").press("Enter")
        expect(page.locator("#state")).to_have_text("已受理")
        page.screenshot(path=folder / f"{language}-desk-accepted.png")
