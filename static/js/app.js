// Small behaviours only. No inline handlers, no dependencies; every page works without this file.
(function () {
  "use strict";
  const root = document.documentElement;

  // What only a script can do is hidden until there is one.
  document.querySelectorAll("[data-needs-script]").forEach((el) => { el.hidden = false; });

  document.addEventListener("click", (e) => {
    if (!e.target.closest('[data-action="theme"]')) return;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    try { localStorage.setItem("theme", root.dataset.theme); } catch { /* private window: it lasts for this page */ }
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
