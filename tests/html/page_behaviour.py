"""The HTML page in a browser: what a click shows, what the keyboard reaches, what hostile names cannot do, how it fits.

    page_behaviour.py GORDIAN DIRECTORY    (the reports, pages and screenshots go there)

Exits with 77, which ctest takes for skipped, where there is no headless Chromium.
"""

import os
import re
import subprocess
import sys
import time
import traceback

import browser
import reports

WIDTHS = {390: 844, 820: 1180, 1440: 900}
PANEL = "document.getElementById('panel').hidden ? null : document.getElementById('panel').textContent"
SHOWN = "[...document.querySelectorAll('.finding')].filter((each) => !each.hidden).map((each) => each.dataset.rule + ' ' + each.dataset.grade)"


def expect(condition, sentence):
    if not condition:
        raise AssertionError(sentence)


def is_quiet(page):
    """Nothing went wrong, and nothing was asked for but the page."""
    expect(page.complaints() == [], f"the browser complains: {page.complaints()}")
    expect(page.requests() == [page.url.split('#')[0]], f"it asked for {page.requests()}")


def case_a_click_shows_the_stacks_of_a_thread(test):
    page = test.open("two")
    expect(page.evaluate(PANEL) is None, "the panel is open before anything was chosen")
    page.click("#node-thread-2 a")
    text = page.evaluate(PANEL)
    for part in ('"bob" (tid 1002)', "accounts[1].lock", "transfer(int, int)", "bank.cpp:32", "line 32 of the source", "held by", '"alice" (tid 1001)'):
        expect(part in text, f"the panel does not say {part!r}: {text}")
    expect("line 32 of" in page.evaluate("document.querySelector('#panel mark').textContent"), "the line is not marked")
    expect(page.evaluate("document.querySelector('.selected').id") == "node-thread-2", "its node is not marked")
    near = page.evaluate("[...document.querySelectorAll('.node.near')].map((each) => each.id).sort()")
    expect({"node-lock-1", "node-lock-2"} <= set(near), f"the locks at its arrows are not lit: {near}")
    expect(page.evaluate("location.hash") == "#thread-2", "the address does not name it")
    is_quiet(page)


def case_a_click_shows_who_holds_a_lock(test):
    page = test.open("many")
    page.click("#" + page.evaluate("[...document.querySelectorAll('.node.lock')].find((each) => each.textContent.includes('dispatch_queue')).id") + " a")
    text = page.evaluate(PANEL)
    for part in ("dispatch_queue.lock", "dispatcher", "line 25 of the source", "121 threads", "worker-125"):
        expect(part in text, f"the panel does not say {part!r}: {text[:600]}")
    page.click("#panel .waiters li:nth-child(3) a")
    expect("worker-8" in page.evaluate("document.getElementById('panel-title').textContent"), "a name in the panel does not lead to its thread")
    is_quiet(page)


def case_the_keyboard_reaches_what_the_mouse_does(test):
    page = test.open("two")
    for _ in range(40):
        page.press("Tab")
        if page.evaluate("document.activeElement.closest('.node')?.id") == "node-thread-1":
            break
    else:
        raise AssertionError("40 tabs do not reach the first thread")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle + getComputedStyle(document.activeElement).outlineWidth")
    expect(outline == "solid3px", f"the focus is not seen: {outline}")
    page.press("Enter", "\r")
    expect('"alice" (tid 1001)' in (page.evaluate(PANEL) or ""), "Enter does not open the panel")
    expect(page.evaluate("document.activeElement.id") == "panel", "the focus does not follow")
    page.press("Escape")
    expect(page.evaluate(PANEL) is None, "Escape does not close the panel")
    expect(page.evaluate("document.activeElement.closest('.node')?.id") == "node-thread-1", "the focus does not come back")
    page.evaluate("document.body.focus(); document.activeElement.blur()")
    is_quiet(page)


def case_an_address_with_a_thread_opens_it(test):
    page = test.open("twelve", fragment="#thread-3")
    expect("philosopher-3" in (page.evaluate(PANEL) or ""), "the panel is not open")
    page.evaluate("history.pushState(null, '', '#thread-4'); dispatchEvent(new PopStateEvent('popstate'))")
    expect("philosopher-4" in page.evaluate(PANEL), "going to another address does not lead to it")
    is_quiet(page)


def case_filters_hide_findings_and_say_so(test):
    page = test.open("two")
    expect(len(page.evaluate(SHOWN)) == 4, f"not all are shown: {page.evaluate(SHOWN)}")
    page.click(".filter[data-value='lock-order-inversion']")
    expect(page.evaluate(SHOWN) == ["deadlock proven", "unlock-not-owner proven"], f"by rule: {page.evaluate(SHOWN)}")
    status = "[document.getElementById('finding-count').getAttribute('role'), document.getElementById('finding-count').textContent]"
    expect(page.evaluate(status) == ["status", "2 of 4 findings"], f"it says {page.evaluate(status)}")
    page.click(".filter[data-value='proven']")
    expect(page.evaluate(SHOWN) == [], "by grade")
    page.click(".filter[data-value='lock-order-inversion']")
    expect(page.evaluate(SHOWN) == ["lock-order-inversion possible", "lock-order-inversion unlikely"], f"by both: {page.evaluate(SHOWN)}")
    expect(page.evaluate("document.querySelector(\".filter[data-value='proven']\").getAttribute('aria-pressed')") == "false", "aria-pressed")
    is_quiet(page)


def case_threads_are_searched(test):
    page = test.open("many")
    page.click("#thread-search")
    page.type("DISPATCH")
    expect(page.evaluate("document.getElementById('thread-count').textContent") == "122 of 300 threads", page.evaluate("document.getElementById('thread-count').textContent"))
    is_quiet(page)


def case_light_and_dark(test):
    page = test.open("two")
    background = "getComputedStyle(document.body).backgroundColor"
    page.prefer("light")
    light = page.evaluate(background)
    page.prefer("dark")
    dark = page.evaluate(background)
    expect(light != dark, "it does not follow the preference")
    page.prefer("light")
    page.click("#theme")
    expect(page.evaluate(background) == dark, "the button does not make it dark")
    expect(page.evaluate("document.getElementById('theme').getAttribute('aria-pressed')") == "true", "aria-pressed")
    for scheme in ("light", "dark"):
        page.evaluate(f"document.documentElement.dataset.theme = '{scheme}'")
        poor = page.evaluate(CONTRAST)
        expect(poor == [], f"{scheme}: too little contrast: {poor}")
    is_quiet(page)


# Text against what is behind it, as WCAG 2 reckons; AA wants 4.5.
CONTRAST = """(() => {
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (e) => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0) return c; } };
  const poor = new Set();
  for (const e of document.querySelectorAll("body *")) {
    if (![...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim() !== "") || ["SCRIPT", "STYLE"].includes(e.tagName)) continue;
    const inSvg = e.closest("svg");
    const shape = inSvg && e.closest(".node")?.querySelector("path, ellipse, polygon");
    const back = shape ? parse(getComputedStyle(shape).fill) : behind(e);
    const [a, b] = [luminance(parse(inSvg ? getComputedStyle(e).fill : getComputedStyle(e).color)), luminance(back)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) poor.add(`${e.tagName}.${e.getAttribute("class")} ${ratio.toFixed(2)}`);
  }
  return [...poor];
})()"""


def case_hostile_names_stay_names(test):
    page = test.open("hostile")
    expect(page.evaluate("document.title").endswith(": gordian"), f"a script ran: {page.evaluate('document.title')}")
    odd = page.evaluate("[...document.querySelectorAll('img, iframe, object, embed, base, form, [onload], [onerror], [onfocus], [onmouseover]')].length")
    expect(odd == 0, f"{odd} elements came out of names")
    expect(page.evaluate("document.scripts.length") == 1 and page.evaluate("document.querySelectorAll('style').length") == 1, "a script or style came out of a name")
    links = page.evaluate("[...document.querySelectorAll('a')].map((a) => a.getAttribute('href') ?? a.getAttribute('xlink:href')).filter((l) => !/^#[a-z]+(-[a-z0-9]+)*$/.test(l))")
    expect(links == [], f"links that lead elsewhere: {links}")
    for name in reports.HOSTILE[:5]:
        shown = page.evaluate("[...document.querySelectorAll('#threads .name')].map((each) => each.title + each.textContent).join('\\n')")
        expect(name in shown, f"{name!r} is not shown as it is")
    whole = page.evaluate("document.documentElement.innerHTML")
    for bad in ("\u202e", "\u2028", "\u2029", "\x1b"):
        expect(bad not in whole, f"{bad!r} reached the page")
    tips = page.evaluate("[...document.querySelectorAll('svg a')].map((a) => a.getAttribute('xlink:title'))")
    expect(any(reports.HOSTILE[4] in tip for tip in tips), f"a tooltip differs from the name: {[tip[:80] for tip in tips]}")
    page.click("#node-thread-1 a")
    expect(reports.HOSTILE[0] in page.evaluate(PANEL), "the panel does not show the name")
    expect(page.evaluate("document.scripts.length") == 1, "a script came out of the panel")
    for width, height in WIDTHS.items():
        page.resize(width, height)
        fits(page, f"hostile at {width}")
    is_quiet(page)


def case_the_policy_holds(test):
    """A page into which something got through all the same runs none of it."""
    path = test.page("two")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    hurt = os.path.join(test.directory, "hurt.html")
    with open(hurt, "w", encoding="utf-8") as file:
        file.write(text.replace("</main>", "<img src='http://127.0.0.1:9/x'><script>document.title = 'hurt'</script><b onclick='document.title = 1'>b</b></main>"))
    page = test.browser.open(hurt)
    expect(page.evaluate("document.title") != "hurt", "a script ran")
    expect(any("Content Security Policy" in each for each in page.complaints()), "the policy was not asked")
    failed = [each.get("blockedReason") for each in page.events("Network.loadingFailed")]
    expect(all(reason == "csp" for reason in failed), f"a request was not stopped by the policy: {failed}")
    page.click("#node-thread-1 a")
    expect("alice" in (page.evaluate(PANEL) or ""), "the page's own script does not run")
    page.close()


def case_it_can_be_read_without_a_script(test):
    page = test.open("twelve")
    problems = page.evaluate("""(() => {
      const problems = [];
      let last = 0;
      for (const h of document.querySelectorAll("main h2, main h3, main h4, main h5")) {
        const level = Number(h.tagName[1]);
        if (level > last + 1 && last !== 0) problems.push(h.textContent);
        last = level;
      }
      for (const each of document.querySelectorAll("button")) if ((each.ariaLabel ?? each.textContent).trim() === "" && each.id !== "close") problems.push(each.outerHTML);
      for (const each of document.querySelectorAll("svg, section, nav, aside, [role=region]")) {
        const by = each.getAttribute("aria-labelledby");
        if (!each.ariaLabel && !(by && document.getElementById(by))) problems.push(each.tagName + " has no name");
      }
      const ids = [...document.querySelectorAll("[id]")].map((each) => each.id);
      for (const id of new Set(ids)) if (ids.indexOf(id) !== ids.lastIndexOf(id)) problems.push("twice: " + id);
      for (const a of document.querySelectorAll("a")) {
        const target = a.getAttribute("href") ?? a.getAttribute("xlink:href");
        if (document.getElementById(target.slice(1)) === null) problems.push("leads nowhere: " + target);
      }
      return problems;
    })()""")
    expect(problems == [], f"{problems}")
    is_quiet(page)
    page.call("Emulation.setScriptExecutionDisabled", value=True)
    page.reload()
    expect(page.evaluate("document.querySelectorAll('.script-only').length > 0 && [...document.querySelectorAll('.script-only')].every((each) => each.offsetParent === null)"),
           "buttons are shown that do nothing")
    expect(page.evaluate("document.querySelectorAll('.finding h3, .conditions td.holds, .stack mark, .node.lit').length") > 10, "the findings are not there")


def fits(page, what):
    widths = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    expect(widths[0] <= widths[1], f"{what}: the page is {widths[0]} wide on a screen of {widths[1]}")


def case_it_fits_every_screen(test):
    for name in ("two", "many"):
        for width, height in WIDTHS.items():
            page = test.browser.open(test.page(name), width, height)
            fits(page, f"{name} at {width}")
            page.screenshot(os.path.join(test.directory, f"{name}-{width}.png"))
            page.click(".node.lit.thread a")
            fits(page, f"{name} at {width} with the panel")
            node = page.evaluate("document.querySelector('.selected').getBoundingClientRect().bottom")
            top = page.evaluate("document.getElementById('panel').offsetTop")
            expect(top == 0 or node <= top, f"{name} at {width}: the panel covers what was chosen ({node} and {top})")
            is_quiet(page)
            page.close()
    page = test.open("crowded")
    for width, height in WIDTHS.items():
        page.resize(width, height)
        fits(page, f"crowded at {width}")
    page.click("nav a[href='#threads']")
    top = page.evaluate("new Promise((done) => setTimeout(() => done(document.getElementById('threads-title').getBoundingClientRect().top), 300))")
    expect(0 <= top < 300, f"a link past many findings leads to {top}")


def case_what_has_no_room_is_told(test):
    page = test.open("crowded")
    caption = page.evaluate("document.querySelector('#wait-for figcaption').textContent")
    drawn = page.evaluate("document.querySelectorAll('#wait-for .node.thread').length")
    expect(drawn == 60 and "no room for 190 more threads" in caption, f"{drawn} are drawn: {caption}")
    orders = page.evaluate("document.querySelectorAll('#lock-order .edge').length")
    told = page.evaluate("document.querySelector('#lock-order figcaption').textContent")
    expect(orders == 120 and "120 of 720 orders" in told, f"{orders} are drawn: {told}")
    expect(page.evaluate("document.querySelectorAll('#thread-list > .entry').length") == 250, "the list is not whole")
    page = test.open("many")
    caption = page.evaluate("document.querySelector('#wait-for figcaption').textContent")
    expect("118 threads only wait" in caption and "nobody waiting: 150 threads" in caption, caption)


class Test:
    def __init__(self, gordian, directory, the_browser):
        self.gordian, self.directory, self.browser = gordian, directory, the_browser
        self.reports = reports.Reports(directory)
        self.pages = {}

    def page(self, name):
        if name not in self.pages:
            path = os.path.join(self.directory, name + ".html")
            report = self.reports.write(name, reports.ALL[name](self.reports))
            begun = time.monotonic()
            done = subprocess.run([self.gordian, "report", report, "--format", "html", "-o", path], capture_output=True, text=True, timeout=60, check=False)
            expect(done.returncode == 1 and not done.stderr, f"gordian report: {done.returncode}, {done.stderr}")
            print(f"{time.monotonic() - begun:5.1f} s  rendering {name}, {os.path.getsize(path)} bytes")
            self.pages[name] = path
        return self.pages[name]

    def open(self, name, fragment=""):
        return self.browser.open(self.page(name), fragment=fragment)


def main(gordian, directory):
    if browser.find() is None:
        print("there is no headless Chromium: " + ", ".join(browser.NAMES))
        sys.exit(77)
    os.makedirs(directory, exist_ok=True)
    failed = 0
    with browser.Browser.start() as the_browser:
        test = Test(gordian, directory, the_browser)
        for name, case in list(globals().items()):
            if not name.startswith("case_"):
                continue
            begun = time.monotonic()
            try:
                case(test)
                verdict = "passed"
            except AssertionError as sentence:
                verdict, failed = f"FAILED: {sentence}", failed + 1
            except Exception:  # pylint: disable=broad-except
                verdict, failed = "FAILED: " + traceback.format_exc(), failed + 1
            print(f"{time.monotonic() - begun:5.1f} s  {re.sub('^case_', '', name)}: {verdict}", flush=True)
    sys.exit(1 if failed else 0)


main(*sys.argv[1:])
