"""The entrance in real Chromium: the camera in its three ways, dropping, pasting, sharing, and no mouse at all.

The camera sees a video that is made here. Wherever a code leads, the page says so first and opens nothing itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.verifier import pictures, situations
from tests.verifier.test_browser import PHONE, serving
from tests.worlds import chromium
from tests.worlds.memory_web import MemoryWeb

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
LINK = "https://employer.example/c/shown"
DESK = {"width": 1280, "height": 900}
LIBRARY = Path(__file__).resolve().parents[2] / "templates" / "static" / "vendor" / "zxing-wasm"
#: A detector as browsers with one have it.
NATIVE = """globalThis.BarcodeDetector = class {
  static async getSupportedFormats() { return ["qr_code"]; }
  async detect() { return [{ rawValue: "%s" }]; }
};"""
ABSENT = "delete globalThis.BarcodeDetector;"


def video(path: Path, text: str) -> Path:
    """A film of a hand that holds a code before the camera, a little to the left, a little to the right."""
    frames = []
    for number in range(12):
        frame = Image.new("L", (640, 480), 120)
        frame.paste(pictures.code(text, 5).resize((300, 300)), (150 + 3 * number, 90))
        frames.append(pictures.saved(frame.convert("RGB"), "JPEG", quality=80))
    path.write_bytes(b"".join(frames))
    return path


@contextmanager
def camera_on(browser: Any, film: Path | None) -> Iterator[Any]:
    """A browser of its own whose camera shows `film`; None: there is no camera."""
    seeing = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    flags = [*seeing, f"--use-file-for-fake-video-capture={film}"] if film else []
    own = browser.browser_type.launch(executable_path=chromium.program(), headless=True, args=[*chromium.FLAGS, *flags])
    try:
        yield own
    finally:
        own.close()


@contextmanager
def opened(browser: Any, origin: str, *, script: str = "", size: Any = PHONE, without: str = "") -> Iterator[Any]:
    """The entrance; yields page, asked addresses and complaints. `without` are addresses that cannot be had."""
    context = browser.new_context(viewport=size)
    page = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    if script:
        page.add_init_script(script)
    if without:
        page.route(without, lambda route: route.abort())
    page.goto(f"{origin}/verify")
    page.locator("#drop-word:not([hidden])").wait_for(state="attached")
    yield page, asked, complaints
    assert all(address.startswith((origin, "data:", "blob:")) for address in asked), asked
    assert context.cookies() == []
    context.close()


@pytest.fixture
def world() -> Iterator[tuple[str, MemoryWeb]]:
    situation = situations.make("valid")
    situation.web.put(LINK, situation.credential)
    with serving(situation.web) as origin:
        yield origin, situation.web


@pytest.fixture
def library() -> None:
    if not (LIBRARY / "zxing_reader.wasm").is_file():
        pytest.skip("zxing-wasm is not on this machine: `make setup` brings it where there is npm")


def scan(page: Any) -> None:
    page.get_by_role("button", name="Scan the QR code").click()


def is_valid(page: Any) -> bool:
    page.locator("h1", has_text="confirms that").wait_for()
    return "Valid" in page.get_by_role("status").first.inner_text()


def camera_is_off(page: Any) -> bool:
    return bool(page.evaluate("() => document.getElementById('scanner-video').srcObject === null"))


# --- the camera -----------------------------------------------------------------------------------------------------


@pytest.mark.case("QRC-01")
@pytest.mark.usefixtures("library")
def test_the_library_reads_where_the_browser_cannot(browser: Any, world: Any, tmp_path: Path) -> None:
    origin, web = world
    film = video(tmp_path / "code.mjpeg", LINK + "#9123")
    with camera_on(browser, film) as own, opened(own, origin, script=ABSENT) as (page, asked, complaints):
        assert not any("zxing" in address for address in asked), "it is loaded when somebody scans"
        scan(page)
        page.get_by_text("The code leads to").wait_for()
        assert page.locator("#scanner-host").inner_text() == "employer.example"
        assert page.locator("#scanner-address").inner_text() == LINK
        assert sum("zxing" in address for address in asked) == 3
        assert web.asked == []
        assert page.url == f"{origin}/verify"
        assert camera_is_off(page)
        page.get_by_role("dialog").get_by_role("button", name="Check it").click()
        assert is_valid(page)
        assert web.asked[0] == LINK
        assert complaints == []


@pytest.mark.case("QRC-01")
def test_the_browser_s_own_detector_comes_first(browser: Any, world: Any, tmp_path: Path) -> None:
    origin, _ = world
    film = video(tmp_path / "code.mjpeg", "https://never.example/read")
    with camera_on(browser, film) as own, opened(own, origin, script=NATIVE % LINK) as (page, asked, complaints):
        scan(page)
        page.get_by_role("dialog").get_by_role("button", name="Check it").click()
        assert is_valid(page)
        assert not any("zxing" in address for address in asked)
        assert complaints == []


def test_without_either_a_picture_is_taken(browser: Any, world: Any, tmp_path: Path) -> None:
    origin, _ = world
    film = video(tmp_path / "code.mjpeg", LINK)
    with camera_on(browser, film) as own, opened(own, origin, script=ABSENT, without="**/vendor/**") as (page, _, _c):
        scan(page)
        page.get_by_text("Take a picture, and it is read here").wait_for()
        page.wait_for_function("() => document.getElementById('scanner-video').videoWidth > 0")
        page.get_by_role("button", name="Take the picture").click()
        assert is_valid(page)
        assert page.locator(".led-to").inner_text().endswith(LINK)


@pytest.mark.case("QRC-01")
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("https://evil.example/?next=https://employer.example", "evil.example"),
        ("https://employer.example@evil.example/c", "evil.example"),
        ("https://xn--mployer-rze.example/c", "xn--mployer-rze.example"),
    ],
)
def test_every_host_is_shown_and_none_is_opened(text: str, told: str, browser: Any, world: Any, tmp_path: Path) -> None:
    origin, web = world
    film = video(tmp_path / "code.mjpeg", "x")
    with camera_on(browser, film) as own, opened(own, origin, script=NATIVE % text) as (page, _, _c):
        scan(page)
        page.get_by_text("The code leads to").wait_for()
        assert page.locator("#scanner-host").inner_text() == told
        page.get_by_role("button", name="Scan again").wait_for()
        page.get_by_role("button", name="Cancel").click()
        assert page.url == f"{origin}/verify"
        assert web.asked == []


@pytest.mark.parametrize("text", ["WIFI:S:home;P:secret;;", "javascript:alert(1)", "hello"])
def test_a_code_that_holds_no_link_is_not_shown_and_not_sent(
    text: str, browser: Any, world: Any, tmp_path: Path
) -> None:
    origin, _ = world
    film = video(tmp_path / "code.mjpeg", "x")
    with camera_on(browser, film) as own, opened(own, origin, script=NATIVE % text) as (page, _, _c):
        scan(page)
        page.get_by_text("This code holds no link and no credential.").wait_for()
        assert text not in page.content()
        assert page.get_by_role("dialog").get_by_role("button", name="Check it").count() == 0


def test_without_a_camera_a_photo_is_offered(browser: Any, world: Any, tmp_path: Path) -> None:
    origin, _ = world
    picture = tmp_path / "photo.jpg"
    picture.write_bytes(pictures.jpeg(LINK))
    with opened(browser, origin) as (page, _, complaints):
        scan(page)
        page.get_by_text("The camera can’t be used.").wait_for()
        page.keyboard.press("Escape")
        page.get_by_label("Photograph the QR code").set_input_files(picture)
        assert is_valid(page)
        assert complaints == []


# --- dropping and pasting -------------------------------------------------------------------------------------------

HELD = """([kind, text, bytes]) => {
  const held = new DataTransfer();
  if (bytes) held.items.add(new File([new Uint8Array(bytes)], "x", { type: kind }));
  else held.setData(kind, text);
  return held;
}"""


def held(page: Any, kind: str, text: str = "", data: bytes | None = None) -> Any:
    return page.evaluate_handle(HELD, [kind, text, list(data) if data else None])


def test_a_file_is_dropped_anywhere(browser: Any, world: Any) -> None:
    origin, _ = world
    with opened(browser, origin, size=DESK) as (page, _, complaints):
        carried = held(page, "image/jpeg", data=pictures.jpeg(LINK))
        page.dispatch_event("footer", "dragenter", {"dataTransfer": carried})
        assert "dropping" in (page.locator("body").get_attribute("class") or "")
        page.dispatch_event("footer", "dragleave", {"dataTransfer": carried})
        assert "dropping" not in (page.locator("body").get_attribute("class") or "")
        page.dispatch_event("footer", "drop", {"dataTransfer": carried})
        assert is_valid(page)
        assert complaints == []


@pytest.mark.parametrize("kind", ["text/uri-list", "text/plain"])
def test_a_link_is_dropped(kind: str, browser: Any, world: Any) -> None:
    origin, _ = world
    with opened(browser, origin, size=DESK) as (page, _, complaints):
        page.dispatch_event("h1", "drop", {"dataTransfer": held(page, kind, LINK)})
        assert is_valid(page)
        assert complaints == []


def test_several_files_are_not_guessed_about(browser: Any, world: Any) -> None:
    origin, _ = world
    both = """() => { const held = new DataTransfer();
      for (const name of ["a", "b"]) held.items.add(new File(["{}"], name)); return held; }"""
    with opened(browser, origin, size=DESK) as (page, _, _c):
        page.dispatch_event("body", "drop", {"dataTransfer": page.evaluate_handle(both)})
        page.get_by_text("One file at a time here.").wait_for()
        assert page.url == f"{origin}/verify"


PASTE = """(data) => document.body.dispatchEvent(
  new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }))"""


@pytest.mark.parametrize("what", ["a picture", "a link"])
def test_what_is_on_the_clipboard_is_pasted_anywhere(what: str, browser: Any, world: Any) -> None:
    origin, _ = world
    with opened(browser, origin, size=DESK) as (page, _, complaints):
        screenshot = pictures.saved(pictures.code(LINK))
        carried = held(page, "text/plain", LINK) if what == "a link" else held(page, "image/png", data=screenshot)
        page.evaluate(PASTE, carried)
        assert is_valid(page)
        assert complaints == []


def test_other_text_is_only_put_into_the_field(browser: Any, world: Any) -> None:
    """Nobody who pastes by mistake has sent anything."""
    origin, _ = world
    with opened(browser, origin, size=DESK) as (page, asked, _c):
        before = len(asked)
        page.evaluate(PASTE, held(page, "text/plain", "my secret diary"))
        assert page.get_by_label("Link, short code").input_value() == "my secret diary"
        assert len(asked) == before


# --- sharing, and no mouse ------------------------------------------------------------------------------------------

SHARE = """([target, values, picture]) => {
  const form = document.createElement("form");
  Object.assign(form, { method: target.method, action: target.action, enctype: target.enctype });
  for (const [name, value] of Object.entries(values)) {
    const field = document.createElement("input");
    Object.assign(field, { name: target.params[name], value });
    form.append(field);
  }
  if (picture) {
    const field = document.createElement("input");
    Object.assign(field, { type: "file", name: target.params.files[0].name });
    const held = new DataTransfer();
    held.items.add(new File([new Uint8Array(picture)], "shared.jpg", { type: "image/jpeg" }));
    field.files = held.files;
    form.append(field);
  }
  document.body.append(form);
  form.submit();
}"""


@pytest.mark.parametrize("picture", [False, True], ids=["link", "picture"])
def test_what_an_app_shares_arrives(picture: bool, browser: Any, world: Any) -> None:
    """The same POST that the browser makes for a share, out of the manifest that it would have read."""
    origin, _ = world
    with opened(browser, origin) as (page, _, complaints):
        link = page.locator('link[rel="manifest"]').get_attribute("href")
        target = json.loads(page.request.get(f"{origin}{link}").text())["share_target"]
        values = {"title": "A record"} | ({} if picture else {"text": f"See {LINK}"})
        page.evaluate(SHARE, [target, values, list(pictures.jpeg(LINK)) if picture else None])
        assert is_valid(page)
        assert complaints == []


def test_the_manifest_is_one_that_chromium_reads(browser: Any, world: Any) -> None:
    origin, _ = world
    with opened(browser, origin) as (page, _, complaints):
        told = page.context.new_cdp_session(page).send("Page.getAppManifest")
        assert told["url"] == f"{origin}/verify/manifest.webmanifest"
        assert told["errors"] == []
        assert complaints == []


def focused(page: Any) -> str:
    return str(page.evaluate("() => document.activeElement.id || document.activeElement.textContent.trim()"))


def test_everything_can_be_done_with_the_keyboard(browser: Any, world: Any, tmp_path: Path) -> None:
    origin, _ = world
    film = video(tmp_path / "code.mjpeg", "x")
    with camera_on(browser, film) as own, opened(own, origin, script=NATIVE % LINK) as (page, _, complaints):
        order = []
        for _ in range(16):
            page.keyboard.press("Tab")
            order.append(focused(page))
        assert [one for one in order if one in ("Scan the QR code", "file", "credential", "Check it")] == [
            "Scan the QR code", "file", "credential", "Check it",
        ]  # fmt: skip
        page.get_by_role("button", name="Scan the QR code").focus()
        page.keyboard.press("Enter")
        page.locator("#scanner-check:focus").wait_for()
        page.keyboard.press("Escape")
        page.get_by_role("dialog").wait_for(state="hidden")
        assert focused(page) == "Scan the QR code"
        assert camera_is_off(page)
        page.get_by_label("Link, short code").focus()
        page.keyboard.type(LINK)
        page.keyboard.press("Enter")
        assert is_valid(page)
        assert complaints == []


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_nothing_sticks_out(size: Any, browser: Any, world: Any) -> None:
    origin, _ = world
    with opened(browser, origin, size=size) as (page, _, complaints):
        assert page.locator("html").evaluate("element => element.scrollWidth") <= size["width"]
        first = page.locator(".door__scan .button, .door__drop").first if size is PHONE else page.locator(".door__drop")
        box = first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= size["height"], "the one thing to do is on the first screen"
        assert complaints == []


def test_without_a_script_there_is_no_button_that_does_nothing(browser: Any, world: Any, tmp_path: Path) -> None:
    origin, _ = world
    picture = tmp_path / "photo.jpg"
    picture.write_bytes(pictures.jpeg(LINK))
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{origin}/verify")
    assert [name for name in page.get_by_role("button").all_inner_texts() if name] == ["Check it"]
    assert page.get_by_text("Drop it anywhere").is_hidden()
    page.get_by_label("Photograph the QR code").set_input_files(picture)
    page.get_by_role("button", name="Check it").click()
    assert is_valid(page)
    context.close()
