"""A real browser, driven over the DevTools protocol through a pair of pipes; no port is opened."""

import base64
import json
import os
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PATIENCE = 60.0
"""Seconds that a page may take; a busy machine is slow."""
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


class Chromium:
    """One page of one browser."""

    def __init__(self, process: subprocess.Popen[bytes], reading: int, writing: int) -> None:
        self._process = process
        self._reading, self._writing = reading, writing
        self._left = b""
        self._number = 0
        self._session: str | None = None
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        attached = self._call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        self._call("Page.enable")

    def forget(self) -> None:
        """Drop every cookie: from here on it is another person's browser."""
        self._call("Network.clearBrowserCookies")

    def bring(self, url: str, name: str, value: str) -> None:
        """Give the browser a cookie."""
        self._call("Network.setCookie", url=url, name=name, value=value, httpOnly=True)

    def open(self, url: str) -> None:
        """Go to a page and wait until it is there."""
        self._mark()
        self._call("Page.navigate", url=url)
        self._wait()

    def press(self, selector: str) -> None:
        """Press a link or a button, and wait for the page that comes of it."""
        self._mark()
        self.run(f"document.querySelector({json.dumps(selector)}).click()")
        self._wait()

    def fill(self, selector: str, text: str) -> None:
        """Write into a field, in place of what stands there."""
        found, value = json.dumps(selector), json.dumps(text)
        self.run(f"document.querySelector({found}).value = {value}")

    def choose(self, selector: str) -> None:
        """Choose one of several, or open what is folded."""
        self.run(f"document.querySelector({json.dumps(selector)}).click()")

    @property
    def text(self) -> str:
        """What a person reads on the page."""
        return str(self.run("document.body.innerText"))

    def run(self, script: str) -> Any:  # noqa: ANN401  (JSON has no narrower type)
        """Evaluate a script, as the tools for developers do; pages themselves have none."""
        reply = self._call("Runtime.evaluate", expression=script, returnByValue=True)
        if "exceptionDetails" in reply:
            raise AssertionError(reply["exceptionDetails"])
        return reply["result"].get("value")

    def size(self, width: int, height: int) -> None:
        """Look through a window of this size."""
        self._call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def picture(self, file: Path) -> None:
        """Keep what the whole page looks like."""
        shot = self._call("Page.captureScreenshot", captureBeyondViewport=True)
        file.write_bytes(base64.b64decode(shot["data"]))

    def _mark(self) -> None:
        self.run("window.leaving = true")

    def _wait(self) -> None:
        """Wait until another page stands where the marked one stood."""
        until = time.monotonic() + PATIENCE
        ready = "!window.leaving && document.readyState === 'complete'"
        while time.monotonic() < until:
            try:
                if self.run(ready) is True:
                    return
            except ProtocolError:
                pass  # between two pages there is nothing to ask
            time.sleep(0.02)
        raise AssertionError("the page never came")

    def _call(self, method: str, **values: object) -> dict[str, Any]:
        self._number += 1
        message: dict[str, object] = {"id": self._number, "method": method, "params": values}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self._writing, json.dumps(message).encode() + b"\0")
        while True:
            reply = self._next()
            if reply.get("id") != self._number:
                continue
            if "error" in reply:
                raise ProtocolError(reply["error"])
            return dict(reply["result"])

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._left:
            block = os.read(self._reading, 65536)
            if not block:
                raise AssertionError("the browser is gone")
            self._left += block
        raw, _, self._left = self._left.partition(b"\0")
        return dict(json.loads(raw))


class ProtocolError(Exception):
    """The browser could not do what it was asked."""


@contextmanager
def chromium(profile: Path, language: str) -> Iterator[Chromium]:
    """Start a browser with an empty profile that prefers a language."""
    assert CHROMIUM is not None
    (to_read, written), (read, to_write) = os.pipe(), os.pipe()
    options = [
        *("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"),
        *("--no-first-run", "--disable-extensions", "--disable-background-networking"),
        *("--remote-debugging-pipe", f"--user-data-dir={profile}", f"--accept-lang={language}"),
    ]
    # The protocol's pipes are the descriptors 3 and 4.
    script = f"exec {shlex.join([CHROMIUM, *options])} 3<&{read} 4>&{written}"
    process = subprocess.Popen(  # noqa: S603
        ["/bin/bash", "-c", script],
        pass_fds=(read, written),
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(read)
    os.close(written)
    try:
        yield Chromium(process, to_read, to_write)
    finally:
        os.close(to_write)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        os.close(to_read)
