"""A browser without a window, from Debian; it has no network and asks for no driver."""

import json
import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest

CHROMIUM, DRIVER = "/usr/bin/chromium", "/usr/bin/chromedriver"
WIDE, PHONE = (1280, 900), (360, 740)


def why_not():
    """Return why there is no browser here; empty where there is one."""
    for path in (CHROMIUM, DRIVER):
        if shutil.which(path) is None:
            return f"no {path} here: apt-get install chromium chromium-driver"
    try:
        import selenium  # noqa: F401
    except ImportError:
        return "selenium is not installed: pip install '.[test]'"
    return ""


@contextmanager
def started():
    """Start the browser, and end it."""
    if why_not():
        pytest.skip(why_not())
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in ("headless=new", "no-sandbox", "disable-gpu", "disable-dev-shm-usage"):
        options.add_argument(f"--{flag}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options, webdriver.ChromeService(DRIVER))
    try:
        yield driver
    finally:
        driver.quit()


class Opened:
    """A page in the browser, opened from disk."""

    def __init__(self, driver, path: Path, size=WIDE, dark=False, calm=False):
        self.driver, self.url = driver, path.resolve().as_uri()
        self.command(
            "Emulation.setDeviceMetricsOverride",
            width=size[0], height=size[1], deviceScaleFactor=1, mobile=size == PHONE,
        )  # fmt: skip
        features = {
            "prefers-color-scheme": "dark" if dark else "light",
            "prefers-reduced-motion": "reduce" if calm else "no-preference",
        }
        told = [{"name": name, "value": value} for name, value in features.items()]
        self.command("Emulation.setEmulatedMedia", features=told)
        for kind in ("browser", "performance"):
            driver.get_log(kind)  # of the page before
        driver.get(self.url)
        self.wait("return document.getElementById('rp-replay').dataset.state === 'ready'")
        self.run("document.documentElement.style.scrollBehavior = 'auto'")  # clicks do not wait

    def command(self, name, **arguments):
        return self.driver.execute_cdp_cmd(name, arguments)

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def replay(self, script, *arguments):
        """Run a script with the replay as ``r`` and return what it returns."""
        return self.run(
            f"const r = document.getElementById('rp-replay').replay; {script}", *arguments
        )

    def wait(self, script, seconds=8):
        from selenium.webdriver.support.ui import WebDriverWait

        return WebDriverWait(self.driver, seconds, 0.05).until(lambda driver: self.run(script))

    def speak(self, language):
        """Choose a language as a reader does."""
        self.find(f"[data-language-choice={language}]").click()

    def find(self, selector):
        return self.driver.find_element("css selector", selector)

    def text(self, selector):
        return self.find(selector).text

    def press(self, *keys):
        from selenium.webdriver import ActionChains

        ActionChains(self.driver).send_keys(*keys).perform()

    def click_at(self, selector, x, y):
        """Click on an element so many pixels from its upper left corner."""
        from selenium.webdriver import ActionChains

        element = self.find(selector)
        self.run("arguments[0].scrollIntoView({block: 'center'})", element)
        size = element.size
        chain = ActionChains(self.driver)
        chain.move_to_element_with_offset(element, x - size["width"] // 2, y - size["height"] // 2)
        chain.click().perform()

    def requested(self):
        """Return every address that was asked for since the page was opened, bar its own images."""
        messages = [json.loads(row["message"])["message"] for row in self.log("performance")]
        found = [
            message["params"]["request"]["url"]
            for message in messages
            if message["method"] == "Network.requestWillBeSent"
        ]
        return [url for url in found if not url.startswith("data:image/")]

    def complaints(self):
        """Return what the console says is wrong."""
        return [row["message"] for row in self.log("browser") if row["level"] != "INFO"]

    def log(self, kind):
        return self.driver.get_log(kind)

    def faults(self):
        """Return serious faults of accessibility that axe-core finds in the page."""
        import axe_core_python

        axe = Path(axe_core_python.__file__).with_name("axe.min.js")
        self.run(axe.read_text(encoding="utf-8"))
        found = self.driver.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            "axe.run(document, {resultTypes: ['violations']}).then(done)"
        )
        return [
            (one["id"], [node["html"][:120] for node in one["nodes"][:3]])
            for one in found["violations"]
            if one["impact"] in ("serious", "critical")
        ]
