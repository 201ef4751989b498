"""Headless Chromium over its debugging pipe: descriptors 3 and 4, JSON with a zero byte after each message. Only the standard library.

    with Browser.start() as browser:
        page = browser.open(path)
        page.evaluate("document.title")

Everything has a deadline; the browser has a process group and a profile of its own, and both go with it.
"""

import base64
import contextlib
import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
BOUND = 20.0  # for one answer


def find():
    """The path of a browser, or None."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


class BrowserError(Exception):
    pass


class Browser:
    def __init__(self, process, to_browser, from_browser):
        self.process = process
        self._to, self._from = to_browser, from_browser
        self._buffer = b""
        self._number = 0
        self.events = []  # (session, method, parameters)

    @classmethod
    @contextlib.contextmanager
    def start(cls):
        to_read, to_write = os.pipe()
        from_read, from_write = os.pipe()
        with tempfile.TemporaryDirectory(prefix="gordian-browser-", ignore_cleanup_errors=True) as profile:

            def descriptors():
                # Out of the way first: either may be 3 or 4.
                reading, writing = os.dup(to_read), os.dup(from_write)
                while reading <= 4:
                    reading = os.dup(reading)
                while writing <= 4:
                    writing = os.dup(writing)
                os.dup2(reading, 3)
                os.dup2(writing, 4)

            command = [find(), "--headless", "--remote-debugging-pipe", f"--user-data-dir={profile}", "--disable-gpu", "--no-first-run",
                       "--disable-extensions", "--disable-background-networking", "--disable-dev-shm-usage", "--hide-scrollbars"]
            if os.getuid() == 0:
                command.append("--no-sandbox")
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, close_fds=False,
                                       preexec_fn=descriptors, start_new_session=True)
            os.close(to_read)
            os.close(from_write)
            try:
                yield cls(process, to_write, from_read)
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                os.close(to_write)
                os.close(from_read)

    def call(self, method, session=None, **parameters):
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._to, data):]
        deadline = time.monotonic() + BOUND
        number = self._number
        while True:
            answer = self._receive(deadline)
            if answer is None:
                raise BrowserError(f"{method}: no answer within {BOUND:.0f} s")
            if answer.get("id") == number:
                if "error" in answer:
                    raise BrowserError(f"{method}: {answer['error']}")
                return answer["result"]

    def wait_for_event(self, session, method):
        deadline = time.monotonic() + BOUND
        while not any(event[:2] == (session, method) for event in self.events):
            if self._receive(deadline) is None:
                raise BrowserError(f"{method} did not come within {BOUND:.0f} s")

    def _receive(self, deadline):
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._from], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                return None
            data = os.read(self._from, 1 << 20)
            if not data:
                raise BrowserError("the browser has ended")
            self._buffer += data
        text, self._buffer = self._buffer.split(b"\0", 1)
        message = json.loads(text)
        if "method" in message:
            self.events.append((message.get("sessionId"), message["method"], message["params"]))
        return message

    def open(self, path, width=1440, height=900, fragment=""):
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        return Page(self, target, session, "file://" + os.path.abspath(path) + fragment, width, height)


class Page:
    def __init__(self, browser, target, session, url, width, height):
        self._browser, self._target, self._session, self.url = browser, target, session, url
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self.resize(width, height)
        self.call("Page.navigate", url=url)
        browser.wait_for_event(session, "Page.loadEventFired")

    def call(self, method, **parameters):
        return self._browser.call(method, session=self._session, **parameters)

    def resize(self, width, height):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def prefer(self, scheme):
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def evaluate(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise BrowserError(f"{expression}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def reload(self):
        self._browser.events.clear()
        self.call("Page.reload")
        self._browser.wait_for_event(self._session, "Page.loadEventFired")

    def click(self, selector):
        """With the mouse, in the middle of what is shown of the element."""
        box = self.evaluate(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)}); e.scrollIntoView({{block: 'center', inline: 'center'}});"
            " const b = e.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]; })()")
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=box[0], y=box[1], button="left", clickCount=1)

    def press(self, key, text=""):
        codes = {"Tab": 9, "Enter": 13, "Escape": 27}
        parameters = {"key": key, "code": key, "windowsVirtualKeyCode": codes.get(key, ord(key[0].upper()))}
        if text:
            parameters["text"] = text
        self.call("Input.dispatchKeyEvent", type="keyDown", **parameters)
        self.call("Input.dispatchKeyEvent", type="keyUp", **parameters)

    def type(self, text):
        self.call("Input.insertText", text=text)

    def events(self, method):
        return [event[2] for event in self._browser.events if event[0] == self._session and event[1] == method]

    def complaints(self):
        """What the console and the browser had to say that is an error."""
        result = [e["exceptionDetails"].get("text", "") for e in self.events("Runtime.exceptionThrown")]
        result += [str(e["args"]) for e in self.events("Runtime.consoleAPICalled") if e["type"] in ("error", "assert")]
        result += [e["entry"]["text"] for e in self.events("Log.entryAdded") if e["entry"]["level"] == "error"]
        return result

    def requests(self):
        return [event["request"]["url"] for event in self.events("Network.requestWillBeSent")]

    def screenshot(self, path, whole=False):
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def close(self):
        self._browser.call("Target.closeTarget", targetId=self._target)
