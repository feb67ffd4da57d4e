// The keyboard and the clocks. Every page works without this file; with it, a queue is cleared without a mouse.
// Nothing here keeps a session alive: clocks are drawn from figures the page already holds.
"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (selector, root = document) => root.querySelector(selector);
  const french = document.documentElement.lang === "fr";
  const GAP = "\u202f", DAY = french ? "j" : "d";

  // --- Clocks -------------------------------------------------------------------------------------------------

  // What the server's clock is ahead of this browser's, so that a wrong one here does not matter.
  let ahead = 0;
  const now = () => Date.now() + ahead;
  function settle(root) {
    const stamp = one("[data-now]", root);
    if (stamp) ahead = Number(stamp.dataset.now) - Date.now();
  }

  function span(seconds) {
    if (seconds < 60) return `${seconds}${GAP}s`;
    if (seconds < 3600) {
      const rest = seconds % 60;
      return `${Math.floor(seconds / 60)}${GAP}min` + (rest ? ` ${rest}${GAP}s` : "");
    }
    if (seconds < 172800) {
      const rest = Math.floor((seconds % 3600) / 60);
      return `${Math.floor(seconds / 3600)}${GAP}h` + (rest ? ` ${rest}${GAP}min` : "");
    }
    return `${Math.floor(seconds / 86400)}${GAP}${DAY}`;
  }

  function label(seconds) {
    if (seconds <= 0) return "!";
    if (seconds < 60) return `${seconds}${GAP}s`;
    if (seconds < 3600) return String(Math.floor(seconds / 60));
    if (seconds < 172800) return `${Math.floor(seconds / 3600)}${GAP}h`;
    return `${Math.floor(seconds / 86400)}${GAP}${DAY}`;
  }

  const LOOKS = ["", "clock--risk", "clock--crit", "clock--over"];
  function look(seconds, data) {
    if (seconds <= 0) return 3;
    if (seconds <= Number(data.crit)) return 2;
    return seconds <= Number(data.risk) ? 1 : 0;
  }

  function put(node, text) {
    if (node && node.textContent !== text) node.textContent = text;
  }

  function tick() {
    const at = now();
    const left = (node) => Math.ceil((Number(node.dataset.due) - at) / 1000);
    for (const clock of all("[data-clock]")) {
      const seconds = left(clock), total = Number(clock.dataset.total) || 1;
      put(one("b", clock), label(seconds));
      const arc = Math.max(0, Math.min(100, Math.floor((100 * seconds) / total)));
      one(".clock__left", clock)?.setAttribute("stroke-dasharray", `${arc} 100`);
      const wanted = LOOKS[look(seconds, clock.dataset)];
      if (wanted && !clock.classList.contains(wanted)) {
        clock.classList.remove(...LOOKS.filter(Boolean));
        clock.classList.add(wanted);
      }
    }
    for (const text of all("[data-left]")) {
      const seconds = Math.ceil((Number(text.dataset.left) - at) / 1000);
      const over = span(-seconds);
      put(text, seconds > 0 ? span(seconds) : french ? `échu depuis ${over}` : `overdue by ${over}`);
    }
    for (const text of all("[data-session]")) {
      const seconds = Math.floor((Number(text.dataset.session) - at) / 1000);
      put(text, seconds > 0 ? span(seconds < 120 ? seconds : seconds - (seconds % 60)) : text.dataset.over);
    }
    say(left);
    near();
  }

  // A moving clock is silent for those who listen, except when its look changes.
  let heard = null;
  function say(left) {
    const words = one("[data-say-risk]");
    if (!words) return void (heard = null);
    const key = words.dataset.due, state = look(left(words), words.dataset);
    if (heard && heard.key === key && state > heard.state) {
      put(one("#heard"), [null, words.dataset.sayRisk, words.dataset.sayCrit, words.dataset.sayOver][state]);
    }
    heard = { key, state };
  }

  // --- The queue ------------------------------------------------------------------------------------------------

  const narrow = matchMedia("(max-width: 60rem)");
  const links = () => all("#queue a");

  function mark() {
    const hold = one("#message")?.dataset.hold;
    for (const link of links()) {
      if (!link.id) continue;
      if (hold && link.id === `r-${hold}`) link.parentElement.setAttribute("aria-current", "true");
      else link.parentElement.removeAttribute("aria-current");
    }
  }

  function move(step) {
    const list = links();
    const here = list.findIndex((link) => link === document.activeElement);
    const open = list.findIndex((link) => link.parentElement.getAttribute("aria-current") === "true");
    const from = here >= 0 ? here : open;
    const next = list[from < 0 ? 0 : Math.max(0, Math.min(list.length - 1, from + step))];
    if (!next) return;
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
    next.click();
  }

  // On a narrow screen list and message are two pages: a link goes there, nothing is swapped.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt, boosted } = event.detail;
    if (narrow.matches && boosted && elt.closest("#queue")) {
      event.preventDefault();
      location.assign(elt.href);
    }
  });
  // A session that ended answers with another page: show it whole instead of dropping it.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, target } = event.detail;
    const known = { message: 'id="message"', dialog: 'id="decide"', list: 'id="list"' }[target?.id];
    if (known && !xhr.responseText.includes(known)) {
      event.detail.shouldSwap = false;
      if (target.id !== "list") location.assign(xhr.responseURL);
    }
    if (target?.id === "list") scroll = one("#queue")?.scrollTop ?? 0;
  });
  let scroll = 0;
  document.addEventListener("htmx:afterSettle", (event) => {
    const id = event.detail.target?.id ?? event.target.id;
    settle(document);
    if (id === "dialog") return openDialog();
    const queue = one("#queue");
    if (id === "list" && queue) queue.scrollTop = scroll;
    if (id === "message") {
      const main = one("#main");
      main?.classList.replace("split--list", "split--detail");
      put(one("#toasts"), "");
    }
    mark();
    tick();
  });

  // --- The dialog of a decision -----------------------------------------------------------------------------------

  function openDialog() {
    const dialog = one("#dialog");
    if (!dialog || !one("form", dialog)) return;
    if (!dialog.open) dialog.showModal();
    tick();
    (one("input[type=radio]", dialog) ?? one("textarea", dialog))?.focus();
    // A focused choice is not a chosen one: arrows would pick, so the ring waits on the group until a key does.
    for (const radio of all("input[type=radio]", dialog)) radio.checked = false;
  }
  document.addEventListener("click", (event) => {
    const cancel = event.target.closest("[data-cancel]"), dialog = one("#dialog");
    if (cancel && dialog?.open) {
      event.preventDefault();
      dialog.close();
    }
    const dismiss = event.target.closest("[data-dismiss]");
    if (dismiss) {
      event.preventDefault();
      dismiss.closest(".toast").remove();
    }
    if (event.target === dialog || event.target === one("#help")) event.target.close();
  });
  document.addEventListener("close", (event) => event.target.id === "dialog" && event.target.replaceChildren(), true);
  document.addEventListener("submit", (event) => {
    const button = one("button:not([type=button])", event.target);
    // Sent once: a second press of Enter must not decide twice.
    if (event.target.method === "post" && button) {
      if (event.target.dataset.sent) return event.preventDefault();
      event.target.dataset.sent = "yes";
      button.setAttribute("aria-disabled", "true");
    }
  });
  addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    one("[aria-disabled]", form)?.removeAttribute("aria-disabled");
  }));

  // --- The end of the session ----------------------------------------------------------------------------------------

  // Two minutes before, what the page holds is compared with what the server knows: another page may have been used.
  // Asking moves nothing. Staying is a click, and leaves what was typed where it is.
  const WARN = 120;
  let asking = false;
  function renew(until) {
    if (!/^\d+$/.test(until)) return false;
    for (const node of all("[data-session]")) node.dataset.session = until;
    for (const node of all("#stay [data-left]")) node.dataset.left = until;
    return true;
  }
  async function near() {
    const stay = one("#stay"), shown = one("[data-session]");
    if (!stay || !shown || asking) return;
    const rest = (Number(shown.dataset.session) - now()) / 1000;
    if (stay.open && (rest <= 0 || rest > WARN)) return void stay.close();
    if (stay.open || rest > WARN || rest <= 0 || one("dialog[open]")) return;
    asking = true;
    try {
      const answer = await fetch("/session", { redirect: "manual", headers: { accept: "text/plain" } });
      if (answer.ok) renew(await answer.text());
      if ((Number(shown.dataset.session) - now()) / 1000 <= WARN) stay.showModal();
    } catch { /* No network: the page says how much is left, as before. */ }
    asking = false;
  }
  document.addEventListener("submit", async (event) => {
    if (event.target.parentElement?.id !== "stay") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const body = new URLSearchParams(new FormData(event.target));
    try {
      const answer = await fetch("/session/stay", { method: "POST", body, redirect: "manual" });
      if (answer.ok && renew(await answer.text())) one("#stay").close();
    } catch { /* It stays open: the click can be made again. */ }
    tick();
  }, true);

  // --- Keys -------------------------------------------------------------------------------------------------------

  const OFF = "cerebro.keys-off";
  const kept = {
    get: () => { try { return localStorage.getItem(OFF) === "yes"; } catch { return false; } },
    set: (off) => { try { off ? localStorage.setItem(OFF, "yes") : localStorage.removeItem(OFF); } catch { /* private browsing */ } },
  };

  function press(key, root) {
    const target = one(`[data-key="${CSS.escape(key)}"]`, root);
    if (!target) return false;
    target.focus();
    target.click();
    return true;
  }

  document.addEventListener("keydown", (event) => {
    const dialog = one("dialog[open]");
    const scope = dialog ?? document;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = one("form[data-confirm]", scope);
      if (form) { event.preventDefault(); form.requestSubmit(); }
      return;
    }
    if (event.key === "Escape" && !dialog) {
      const cancel = one("[data-cancel]");
      if (cancel) { event.preventDefault(); cancel.click(); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || kept.get()) return;
    const field = event.target.closest?.("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");
    if (field) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    let done = false;
    if (dialog) done = /^[1-9]$/.test(key) && press(key, dialog);
    else if (key === "j" || key === "k") { move(key === "j" ? 1 : -1); done = links().length > 0; }
    else if (key === "/") { const search = one("#search"); search?.focus(); search?.select(); done = Boolean(search); }
    else if (key === "?") { const help = one("#help"); help?.showModal(); done = Boolean(help); }
    else if (/^[a-z1-9]$/.test(key)) done = press(key, document);
    if (done) event.preventDefault();
  });

  const off = one("#keys-off");
  if (off) {
    off.checked = kept.get();
    off.addEventListener("change", () => kept.set(off.checked));
  }

  // Files chosen are put, one after the other, into the field that is posted: without script they are pasted there.
  for (const input of all("[data-files-into]")) {
    input.closest("[data-script-only]").hidden = false;
    input.addEventListener("change", async () => {
      const texts = await Promise.all([...input.files].map((file) => file.text()));
      one(`#${input.dataset.filesInto}`).value = texts.map((text) => text.trimEnd()).join("\n+++\n") + "\n";
    });
  }

  one(".errsum[tabindex]")?.focus();
  // What was just recorded is told once: a page loaded again is silent about it.
  const told = new URL(location.href);
  if (told.searchParams.has("recorded")) {
    told.searchParams.delete("recorded");
    history.replaceState(history.state, "", told);
  }
  settle(document);
  mark();
  one('#queue [aria-current="true"]')?.scrollIntoView({ block: "nearest" });
  tick();
  setInterval(tick, 1000);
})();
