// Small behaviours only. No inline handlers, no dependencies; every page works without this file.
(function () {
  "use strict";
  const root = document.documentElement;

  // What only a script can do is hidden until there is one; it may come later, with a part of a page.
  const reveal = (area) => area.querySelectorAll("[data-needs-script]").forEach((el) => { el.hidden = false; });
  // Where the drawn plan has to scroll, it begins a little before today.
  const toToday = (area) => area.querySelectorAll(".gantt-scroll[data-today]").forEach((el) => { el.scrollLeft = el.dataset.today - 60; });
  const begin = (area) => { reveal(area); toToday(area); };
  begin(document);
  document.addEventListener("htmx:load", (e) => begin(e.target));

  document.addEventListener("click", (e) => {
    const el = e.target.closest("[data-action]");
    if (!el) return;
    if (el.dataset.action === "theme") {
      const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
      root.dataset.theme = dark ? "light" : "dark";
      const secure = location.protocol === "https:" ? "; secure" : "";
      document.cookie = `theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax${secure}`;
    } else if (el.dataset.action === "back") {
      history.back();
    } else if (el.dataset.action === "print") {
      window.print();
    } else if (el.dataset.action === "dialog") {
      // A link that opens a dialog leads to a page without a script, and in another tab.
      const dialog = document.getElementById(el.dataset.target);
      if (!dialog || e.ctrlKey || e.metaKey || e.shiftKey) return;
      e.preventDefault();
      if (!dialog.open) dialog.showModal();
    } else if (el.dataset.action === "close") {
      el.closest("dialog")?.close();
    }
  });

  // A click beside a dialog closes it, as Escape does.
  document.addEventListener("click", (e) => {
    if (!(e.target instanceof HTMLDialogElement) || e.target.hasAttribute("data-stays")) return;
    const box = e.target.getBoundingClientRect();
    const beside = e.clientX < box.left || e.clientX > box.right || e.clientY < box.top || e.clientY > box.bottom;
    if (beside && e.detail > 0) e.target.close();
  });

  // The links to the parts of a page follow the part that is in sight.
  const parts = new Map([...document.querySelectorAll('.tabs--sticky a[href^="#"]')]
    .map((link) => [document.getElementById(link.hash.slice(1)), link]).filter(([part]) => part));
  if (parts.size) {
    const follow = () => {
      let here = null;
      parts.forEach((link, part) => { if (part.getBoundingClientRect().top < 200) here = part; });
      here = here || parts.keys().next().value;
      parts.forEach((link, part) => { if (part === here) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current"); });
    };
    let waits = false;
    document.addEventListener("scroll", () => {
      if (waits) return;
      waits = true;
      requestAnimationFrame(() => { waits = false; follow(); });
    }, { passive: true });
    follow();
  }

  // Tabs: a <tab-set> holds [role=tab] and their panels; the arrow keys move. Without a script all panels stand below each other.
  customElements.define("tab-set", class extends HTMLElement {
    connectedCallback() {
      const tabs = [...this.querySelectorAll('[role="tab"]')];
      const panel = (tab) => document.getElementById(tab.getAttribute("aria-controls"));
      const show = (tab) => tabs.forEach((one) => {
        one.setAttribute("aria-selected", String(one === tab));
        one.tabIndex = one === tab ? 0 : -1;
        panel(one).hidden = one !== tab;
      });
      tabs.forEach((tab, i) => {
        panel(tab).setAttribute("role", "tabpanel");
        tab.addEventListener("click", () => show(tab));
        tab.addEventListener("keydown", (e) => {
          const to = { ArrowRight: i + 1, ArrowLeft: i - 1, Home: 0, End: tabs.length - 1 }[e.key];
          if (to === undefined) return;
          e.preventDefault();
          const next = tabs[(to + tabs.length) % tabs.length];
          next.focus(); show(next);
        });
      });
      if (tabs.length) show(tabs.find((tab) => tab.getAttribute("aria-selected") === "true") || tabs[0]);
    }
  });

  // Chosen rows drive the bar above their table.
  document.addEventListener("change", (e) => {
    if (!e.target.matches("[data-select]")) return;
    const box = e.target, area = box.closest("section, form") || document, all = [...area.querySelectorAll('[data-select="row"]')];
    if (box.dataset.select === "all") all.forEach((one) => { one.checked = box.checked; });
    all.forEach((one) => one.closest("tr").setAttribute("aria-selected", String(one.checked)));
    const count = all.filter((one) => one.checked).length;
    const head = area.querySelector('[data-select="all"]');
    if (head) { head.checked = count === all.length; head.indeterminate = count > 0 && count < all.length; }
    const bar = area.querySelector(".bulkbar");
    if (bar) { bar.hidden = count === 0; bar.querySelector("[data-count]").textContent = String(count); }
  });

  // After a refused form the summary of errors is read first.
  document.getElementById("errors")?.focus();

  // A second click must not send a form twice.
  document.addEventListener("submit", (e) => {
    if (e.target.method !== "post") return;
    if (e.target.dataset.sent) { e.preventDefault(); return; }
    e.target.dataset.sent = "yes";
    setTimeout(() => { delete e.target.dataset.sent; }, 10000);
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; });
  });
})();
