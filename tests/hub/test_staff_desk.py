"""The desk's page of staff, in a browser and by the command line."""

import re
from collections.abc import Iterator

import pytest
import requests
from playwright.sync_api import Browser, expect, sync_playwright

from kiosk.contract.staff import BindRequest, ShiftRequest
from tests.hub.rig import HubProcess
from tests.hub.staff_corner import CARD, PIN, Corner

PASSWORD = "a long enough one"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield running
        running.close()


def test_administrator_unlocks_renews_and_revokes_in_a_browser(
    hub: HubProcess, corner: Corner, browser: Browser
) -> None:
    hub.run("account", "--name", "管理员", "--password", PASSWORD, "--role", "admin")
    staff_id, _, code = hub.run("staff", "add", "--name", "孙莉", "--hall",
                                "桃源街道").strip().partition(" ")  # fmt: skip
    card = CARD.model_copy(update={"number": "220103195001010011"})
    corner.token("bindings", BindRequest(card=card, pin=PIN, code=code.replace(" ", "")))
    for _ in range(5):
        refused, _ = corner.post("shifts", ShiftRequest(card=card, pin="111119"))
    assert refused.json()["code"] == "staff.locked"

    page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="zh-CN")
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))
    page.goto(hub.url)
    page.get_by_label("账号").fill("管理员")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("link", name="终端人员").click()
    row = page.get_by_role("row").filter(has_text=staff_id)
    expect(row).to_contain_text("孙莉")
    expect(row).to_contain_text("大厅助理")
    expect(row).to_contain_text("已锁定")
    expect(row).to_contain_text(corner.kiosk.kiosk_id)
    row.get_by_role("button", name=f"解锁 {staff_id}").click()
    expect(row).to_contain_text("已绑定")
    corner.token("shifts", ShiftRequest(card=card, pin=PIN))

    row.locator("summary", has_text="重置密码").click()
    row.get_by_role("button", name="确认重置").click()
    expect(row).to_contain_text("待绑定")
    shown = (page.locator("#code").text_content() or "").replace(" ", "")
    assert corner.post("shifts", ShiftRequest(card=card, pin=PIN))[0].status_code == 403
    corner.token("bindings", BindRequest(card=card, pin="590213", code=shown))
    page.goto(f"{hub.url}/desk/staff")
    expect(page.locator("#code")).to_have_count(0)

    row.locator("summary", has_text="停用").click()
    row.get_by_role("button", name="确认停用").click()
    expect(row).to_contain_text("已停用")
    expect(row.get_by_role("button")).to_have_count(0)
    assert corner.post("shifts", ShiftRequest(card=card, pin="590213"))[0].status_code == 403
    assert complaints == []
    page.close()


def test_only_administrators_with_their_forms_token_touch_records(hub: HubProcess) -> None:
    hub.run("account", "--name", "窗口", "--password", PASSWORD, "--role", "intake")
    hub.run("account", "--name", "主任", "--password", PASSWORD, "--role", "admin")
    staff_id = hub.run("staff", "add", "--name", "周强").split()[0]
    for name, seen in (("窗口", 403), ("主任", 200)):
        with requests.Session() as session:
            form = {"name": name, "password": PASSWORD}
            session.post(f"{hub.url}/desk/sign-in", form, timeout=20)
            assert session.get(f"{hub.url}/desk/staff", timeout=20).status_code == seen
            for verb in ("unlock", "revoke", "code"):
                done = session.post(f"{hub.url}/desk/staff/{staff_id}/{verb}", timeout=20)
                assert done.status_code == 403
    assert f'"id": "{staff_id}", "name": "周强"' in hub.run("staff", "list")
    listed = hub.run("staff", "list").splitlines()
    assert '"state": "invited"' in next(line for line in listed if staff_id in line)


def test_command_line_unlocks_renews_and_revokes(hub: HubProcess) -> None:
    staff_id = hub.run("staff", "add", "--name", "冯军").split()[0]
    code = hub.run("staff", "new-code", "--id", staff_id).strip()
    assert re.fullmatch(r"\d{4} \d{3} \d{3}", code)
    hub.run("staff", "unlock", "--id", staff_id)
    hub.run("staff", "revoke", "--id", staff_id)
    line = next(row for row in hub.run("staff", "list").splitlines() if staff_id in row)
    assert '"state": "revoked"' in line
