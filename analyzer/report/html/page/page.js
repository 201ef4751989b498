"use strict";

// Adds to a page that is whole without it: choosing threads and locks, filtering, searching.
(() => {
  const root = document.documentElement;
  root.classList.add("script");
  const byId = (id) => document.getElementById(id);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  const panel = byId("panel");
  const panelBody = byId("panel-body");
  let opener = null;

  const entryOf = (id) => {
    const entry = id === "" ? null : byId(id);
    return entry !== null && entry.classList.contains("entry-body") ? entry : null;
  };

  // Lights the node and what it is tied to; the rest steps back.
  function light(id) {
    for (const element of all(".selected, .near")) element.classList.remove("selected", "near");
    for (const picture of all(".picture svg")) {
      const node = id === "" ? null : picture.querySelector(`[id="node-${id}"]`);
      picture.classList.toggle("has-selection", node !== null);
      if (node === null) continue;
      node.classList.add("selected");
      for (const edge of all(`.edge[class~="from-${id}"], .edge[class~="to-${id}"]`, picture)) {
        edge.classList.add("near");
        for (const name of edge.classList) {
          const end = /^(?:from|to)-(.+)$/.exec(name);
          if (end !== null) picture.querySelector(`[id="node-${end[1]}"]`)?.classList.add("near");
        }
      }
    }
  }

  function open(id, takeFocus) {
    const entry = entryOf(id);
    if (entry === null) return;
    const name = entry.parentElement.querySelector("summary .name");
    byId("panel-title").replaceChildren(name.cloneNode(true));
    panelBody.replaceChildren(...[...entry.cloneNode(true).childNodes]);
    panel.hidden = false;
    panel.scrollTop = 0;
    document.body.classList.add("has-panel");
    light(id);
    // On a narrow screen the panel lies over the lower part of the page.
    const node = document.querySelector(".selected");
    const hidden = node === null || panel.offsetTop === 0 ? 0 : node.getBoundingClientRect().bottom + 24 - panel.offsetTop;
    if (takeFocus && hidden > 0) window.scrollBy(0, hidden);
    if (takeFocus) panel.focus({ preventScroll: true });
  }

  function close() {
    if (panel.hidden) return;
    panel.hidden = true;
    document.body.classList.remove("has-panel");
    light("");
    if (entryOf(location.hash.slice(1)) !== null) history.replaceState(null, "", location.pathname + location.search);
    if (opener !== null && opener.isConnected) opener.focus({ preventScroll: true });
    opener = null;
  }

  function followHash() {
    const id = decodeURIComponent(location.hash.slice(1));
    if (entryOf(id) !== null) {
      open(id, false);
    } else {
      close();
      byId(id)?.closest(".finding[hidden]") && showAllFindings();
    }
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (link === null || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const target = link.getAttribute("href") ?? link.getAttribute("xlink:href") ?? "";
    if (!target.startsWith("#") || entryOf(target.slice(1)) === null) return;
    event.preventDefault();
    if (!panel.contains(link)) opener = link;
    history.pushState(null, "", target);
    open(target.slice(1), true);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
  byId("close").addEventListener("click", close);
  window.addEventListener("popstate", followHash);

  // Findings by grade and rule.
  const findings = all(".finding");
  const filters = all(".filter");
  function applyFilters() {
    const isOn = (kind, value) =>
      filters.some((each) => each.dataset.kind === kind && each.dataset.value === value && each.getAttribute("aria-pressed") === "true");
    let shown = 0;
    for (const finding of findings) {
      finding.hidden = !(isOn("grade", finding.dataset.grade) && isOn("rule", finding.dataset.rule));
      if (!finding.hidden) ++shown;
    }
    byId("finding-count").textContent = `${shown} of ${findings.length} findings`;
  }
  function showAllFindings() {
    for (const each of filters) each.setAttribute("aria-pressed", "true");
    applyFilters();
  }
  for (const each of filters) {
    each.addEventListener("click", () => {
      each.setAttribute("aria-pressed", String(each.getAttribute("aria-pressed") !== "true"));
      applyFilters();
    });
  }

  // Threads by what their line says.
  const threads = all("#thread-list > .entry").map((entry) => ({
    entry,
    text: entry.querySelector("summary").textContent.toLowerCase(),
  }));
  byId("thread-search")?.addEventListener("input", (event) => {
    const wanted = event.target.value.trim().toLowerCase();
    let shown = 0;
    for (const { entry, text } of threads) {
      entry.hidden = !text.includes(wanted);
      if (!entry.hidden) ++shown;
    }
    byId("thread-count").textContent = `${shown} of ${threads.length} threads`;
  });

  for (const button of all(".copy")) {
    button.addEventListener("click", async () => {
      const code = button.previousElementSibling;
      try {
        await navigator.clipboard.writeText(code.textContent);
        button.textContent = "Copied";
      } catch {
        getSelection().selectAllChildren(code); // no leave to write: one key is left to press
      }
    });
  }

  const theme = byId("theme");
  const setTheme = (dark) => {
    root.dataset.theme = dark ? "dark" : "light";
    theme.setAttribute("aria-pressed", String(dark));
  };
  theme.setAttribute("aria-pressed", String(matchMedia("(prefers-color-scheme: dark)").matches));
  theme.addEventListener("click", () => setTheme(theme.getAttribute("aria-pressed") !== "true"));

  // Pictures that stay readable when they are made to fit begin so; the others begin where something is lit.
  const kSmallestScale = 0.7;
  for (const button of all(".fit")) {
    const picture = byId(button.getAttribute("aria-controls"));
    const widest = Math.max(...all("svg", picture).map((svg) => svg.width.baseVal.value));
    const setFit = (fits) => {
      picture.classList.toggle("fitted", fits);
      button.setAttribute("aria-pressed", String(fits));
    };
    button.hidden = picture.clientWidth >= widest;
    setFit(picture.clientWidth >= widest * kSmallestScale);
    button.addEventListener("click", () => setFit(button.getAttribute("aria-pressed") !== "true"));
    const lit = picture.querySelector(".node.lit");
    if (lit === null) continue;
    const frame = picture.getBoundingClientRect();
    const box = lit.getBoundingClientRect();
    picture.scrollLeft = box.left + box.width / 2 - frame.left - frame.width / 2;
    picture.scrollTop = box.top - frame.top - 24;
  }

  if (location.hash !== "") followHash();
})();
