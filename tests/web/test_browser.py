"""The pages in a real browser: usable by keyboard, by touch, without JavaScript, by everyone."""

from __future__ import annotations

import json
import os
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect, sync_playwright
from werkzeug.serving import make_server

from index.building import rebuild
from web import create_app
from web.config import Config

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

pytestmark = [
    pytest.mark.skipif(
        CHROMIUM is None and not os.environ.get("CI"),
        reason="no Chromium or Chrome on the PATH (with CI set, this fails instead)",
    ),
    # axe-playwright-python opens its script without closing it.
    pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning"),
]

PAGES = {
    "home": "/",
    "results": "/?q=souverainete+kazakhstan",
    "filtered results": "/?q=kazakhstan&source=Euronews&from=&to=",
    "corrected words": "/?q=blinkne+kazakstan",
    "other spellings": "/?q=tokayev",
    "another query": "/?q=relu",
    "no result": "/?q=xyzxyz&from=2031",
    "a wrong date": "/?q=kazakhstan&from=hier",
    "an article": "/articles/001_5340395a9b0d3750?q=souverainete+kazakhstan",
    "a passage": "/articles/001_5340395a9b0d3750?q=souverainete+kazakhstan#p3",
    "help": "/aide",
    "help on the API": "/aide/api",
    "not found": "/nulle-part",
}
LOOKS = [("light", 1200), ("dark", 1200), ("light", 320)]


@contextmanager
def listening(app: Flask) -> Iterator[str]:
    """Serve an application on a free port of this machine."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def address(seeds_app: Flask) -> Iterator[str]:
    """Serve the sample articles."""
    with listening(seeds_app) as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    assert CHROMIUM, "no Chromium or Chrome on the PATH, and CI is set: install one"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Any]:
    """Open pages, and fail at the end if any logged an error or asked another host for something."""
    contexts, complaints = [], []

    def opened(**options: Any) -> Page:
        context = browser.new_context(base_url=address, reduced_motion="reduce", **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console", lambda message: complaints.append(message.text) if message.type == "error" else None
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "request",
            lambda request: complaints.append(request.url) if not request.url.startswith(address) else None,
        )
        return page

    yield opened
    for context in contexts:
        context.close()
    # Chromium logs every page answered 400 or 404; those are what some tests ask for.
    assert [
        complaint for complaint in complaints if "the server responded with a status" not in complaint
    ] == []


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_axe_finds_nothing_and_nothing_overflows(open_page: Any, scheme: str, width: int) -> None:
    page = open_page(color_scheme=scheme, viewport={"width": width, "height": 800})
    axe = Axe()
    for name, path in PAGES.items():
        page.goto(path)
        results = axe.run(page)
        assert results.violations_count == 0, f"{name}, {scheme}, {width} px\n{results.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name


@pytest.mark.parametrize("width", [320, 768, 1200])
def test_many_facets_make_no_page_wider(browser: Browser, width: int, tmp_path: Path) -> None:
    articles = (
        {"text": "Le marché rouvre.", "source": f"Le Courrier de la vallée {n}", "date": f"{1990 + n}"}
        for n in range(30)
    )
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, articles)), encoding="utf-8")
    rebuild(tmp_path / "index", [tmp_path])
    with listening(create_app(Config(tmp_path / "index"))) as url, closing(browser.new_context()) as context:
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(f"{url}/?q=marche")
        expect(page.get_by_role("heading", name="Année")).to_be_visible()
        for more in page.locator(".facets summary").all():
            more.click()
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("javascript", [True, False])
def test_from_the_keyboard_to_an_article_and_back(open_page: Any, javascript: bool) -> None:
    page = open_page(java_script_enabled=javascript)
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.locator("#q:focus").count():
            break
    page.keyboard.type("reelu")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("2\u00a0articles trouvés")
    results = page.url
    assert urlsplit(results).query == "q=reelu"
    first = page.locator("ol.hits h2 a").first
    title = first.inner_text()
    for _ in range(40):
        page.keyboard.press("Tab")
        if first.evaluate("link => link === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.locator("article mark").first).to_have_text("réélu")
    page.go_back()
    expect(page).to_have_url(results)
    expect(page.get_by_role("status")).to_have_text("2\u00a0articles trouvés")


@pytest.mark.parametrize("javascript", [True, False])
def test_from_mark_to_mark(open_page: Any, javascript: bool) -> None:
    page = open_page(java_script_enabled=javascript, viewport={"width": 900, "height": 500})
    page.goto("/articles/001_5340395a9b0d3750?q=kazakhstan")
    expect(page.locator(".hop:visible")).to_have_count(0)
    page.get_by_role("link", name="Premier passage").click()
    expect(page.locator("#p1 .hop")).to_be_visible()
    for number in (2, 3, 4):
        page.locator(".hop:visible").get_by_role("link", name="Suivant").click()
        expect(page.locator(f"#p{number} .hop")).to_be_visible()
        expect(page.locator(".hop:visible")).to_have_count(1)
        expect(page.locator(f"#p{number} mark")).to_be_in_viewport()
    page.locator(".hop:visible").get_by_role("link", name="Précédent").click()
    expect(page.locator("#p3 mark")).to_be_in_viewport()


def test_the_bar_between_marks_is_reached_by_tab(open_page: Any) -> None:
    page = open_page()
    page.goto("/articles/001_5340395a9b0d3750?q=kazakhstan#p2")
    page.keyboard.press("Tab")
    expect(page.locator("#p2 .hop").get_by_role("link", name="Précédent")).to_be_focused()


def test_keys_go_to_the_field_and_between_marks_until_they_are_turned_off(open_page: Any) -> None:
    page = open_page()
    page.goto("/articles/001_5340395a9b0d3750?q=kazakhstan")
    for key, anchor in (("n", "#p1"), ("n", "#p2"), ("n", "#p3"), ("p", "#p2")):
        page.keyboard.press(key)
        expect(page).to_have_url(re.compile(f"{anchor}$"))
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("n/p")
    assert page.locator("#q").input_value() == "n/p"
    page.get_by_role("button", name="Couper les raccourcis clavier").click()
    page.reload()
    page.keyboard.press("n")
    page.keyboard.press("/")
    expect(page.locator("#q")).not_to_be_focused()
    assert urlsplit(page.url).fragment == "p2"
    expect(page.get_by_role("button", name="Rétablir les raccourcis clavier")).to_be_visible()


def test_completions_are_offered_chosen_and_left(open_page: Any) -> None:
    page = open_page()
    page.goto("/")
    field = page.get_by_role("combobox", name="Chercher dans les articles")
    field.press_sequentially("souve")
    option = page.get_by_role("option", name="souveraineté")
    expect(option).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    assert Axe().run(page).violations_count == 0
    field.press("ArrowDown")
    expect(field).to_have_value("souveraineté")
    expect(field).to_have_attribute("aria-activedescendant", "choice-0")
    field.press("Escape")
    expect(field).to_have_value("souve")
    expect(page.get_by_role("listbox")).to_have_count(0)
    field.press_sequentially("r")
    option.click()
    expect(page).to_have_url(f"{page.evaluate('location.origin')}/?q=souverainet%C3%A9")


def test_filters_are_set_and_undone(open_page: Any) -> None:
    page = open_page()
    page.goto("/?q=kazakhstan")
    before = page.get_by_role("status").inner_text()
    page.get_by_label("Affiner la recherche").get_by_role("link", name="Euronews").click()
    expect(page.get_by_role("status")).to_have_text("1\u00a0article trouvé")
    page.get_by_role("link", name="Retirer le filtre Source").click()
    expect(page.get_by_role("status")).to_have_text(before)


def test_touch_targets_are_large_enough(open_page: Any) -> None:
    page = open_page(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    for path in ("/", "/?q=kazakhstan&source=Euronews", "/articles/001_5340395a9b0d3750?q=kazakhstan#p2"):
        page.goto(path)
        small = page.evaluate(
            """() => [...document.querySelectorAll(
                 'button, input:not([type=hidden]), summary, nav a, '
                 + '.chips a, .facets a, .hop a, .marks a, .back a'
               )].map(target => [target.textContent.trim() || target.name, target.getBoundingClientRect()])
                .filter(([, box]) => box.height && (box.height < 43.9 || box.width < 43.9))
                .map(([name, box]) => `${name}: ${box.width} × ${box.height}`)"""
        )
        assert small == [], path


def test_marks_are_seen_in_forced_colours_and_in_print(open_page: Any, tmp_path: Path) -> None:
    page = open_page(forced_colors="active")
    page.goto("/?q=reelu")
    colours = page.locator("mark").first.evaluate(
        "mark => [getComputedStyle(mark).backgroundColor, getComputedStyle(document.body).backgroundColor]"
    )
    assert colours[0] != colours[1]
    page = open_page()
    page.goto("/articles/001_5340395a9b0d3750?q=reelu#p1")
    page.emulate_media(media="print")
    expect(page.locator("form.search")).to_be_hidden()
    expect(page.locator(".hop").first).to_be_hidden()
    expect(page.locator("article mark").first).to_have_css("text-decoration-line", "underline")
