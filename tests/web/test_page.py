"""The chat page in a real Chromium, against the real server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.live_server import Server

CHROMIUM = next((path for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(path).exists()), None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    assert CHROMIUM, "install Debian's chromium package"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update"],
        )
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 390, "height": 800})
    # The neutral page one leaves to is on the Internet; a blank one stands in for it.
    page.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="<title>Weather</title>sunny"))
    page.goto(f"{server.address}/")
    yield page
    page.close()


def say(page: Page, text: str) -> None:
    page.get_by_label("Your message").fill(text)
    page.keyboard.press("Enter")


def test_the_first_notice_says_what_this_is_and_how_to_leave(page: Page) -> None:
    log = page.get_by_role("log")
    expect(log).to_contain_text("not a person")
    expect(log).to_contain_text("not an emergency service")
    expect(page.get_by_role("link", name="Leave this page")).to_be_visible()
    assert page.title() == "Chat"


def test_a_question_is_answered_with_its_source_to_open(page: Page) -> None:
    say(page, "what is sympathy sex?")
    expect(page.get_by_role("log")).to_contain_text("feels sorry", timeout=15_000)
    expect(page.get_by_role("log")).to_contain_text("Psychology Today")


def test_a_disclosure_shows_cards_one_can_call(page: Page) -> None:
    say(page, "I'm in Australia")
    expect(page.get_by_role("log")).to_contain_text("Australia", timeout=15_000)
    say(page, "he keeps pressuring me into sex until i give in")
    call = page.locator('a[href^="tel:1800737732"]')
    expect(call.first).to_be_visible(timeout=15_000)


def test_leaving_blanks_the_page_and_back_does_not_show_the_chat(page: Page) -> None:
    say(page, "my secret about pomegranates")
    expect(page.get_by_role("log")).to_contain_text("pomegranates")
    page.get_by_role("link", name="Leave this page").click()
    page.wait_for_url("https://www.bbc.co.uk/**")
    page.go_back()
    assert "pomegranates" not in page.content()


def test_shift_three_times_leaves_too(page: Page) -> None:
    for _ in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url("https://www.bbc.co.uk/**", timeout=15_000)


def test_nothing_is_kept_in_the_browser_and_nothing_is_asked_of_others(browser: Browser, server: Server) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{server.address}/")
    say(page, "hello")
    expect(page.get_by_role("log")).to_contain_text("Hello", timeout=15_000)
    kept = page.evaluate("[localStorage.length, sessionStorage.length, document.cookie.length]")
    assert kept == [0, 0, 0]
    assert [url for url in asked if not url.startswith((server.address, "data:"))] == []
    page.close()


def test_without_javascript_help_is_still_one_tap_away(browser: Browser, server: Server) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{server.address}/")
    page.get_by_role("link", name="Get help now").first.click()
    expect(page.locator("body")).to_contain_text("findahelpline.com")
    page.close()


def test_what_is_typed_is_shown_as_text_and_runs_nothing(page: Page) -> None:
    say(page, "<img src=x onerror=\"document.title='hacked'\"> hi")
    expect(page.get_by_role("log")).to_contain_text("<img src=x")
    assert page.title() == "Chat"
