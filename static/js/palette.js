// The palette: opens by Ctrl K or "/", walks by arrow keys. Without this file the trigger is a link to the search page.
// And menus of filters close when one turns away from them.
(function () {
  "use strict";
  const palette = document.getElementById("palette");
  if (palette) {
    const field = palette.querySelector("input"), found = palette.querySelector("#palette-found"), pages = palette.querySelector("#palette-pages");

    // The pages that one may open are those of the sidebar.
    document.querySelectorAll("#nav .nav a[href]").forEach((link) => {
      const line = document.createElement("li"), copy = link.cloneNode(true);
      copy.removeAttribute("aria-current");
      [...copy.children].forEach((part) => { if (part.localName !== "svg") part.remove(); });  // counts
      line.append(copy);
      pages.querySelector("[data-pages]").append(line);
    });

    const open = () => {
      if (palette.open) { field.select(); return; }
      document.querySelectorAll("[popover]").forEach((one) => { if (one.matches(":popover-open")) one.hidePopover(); });
      palette.showModal();
      field.focus();
      field.select();
    };
    const links = () => [...palette.querySelectorAll("a[href]")].filter((link) => link.offsetParent !== null);

    // Pages that match what was typed stay; the groups that have none go.
    const narrow = () => {
      const typed = field.value.trim().toLowerCase();
      pages.querySelectorAll("li").forEach((line) => { line.hidden = !line.textContent.toLowerCase().includes(typed); });
      pages.querySelectorAll("ul").forEach((list) => {
        list.hidden = list.previousElementSibling.hidden = ![...list.children].some((line) => !line.hidden);
      });
      if (!typed) found.replaceChildren();
    };

    document.addEventListener("keydown", (e) => {
      const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName || "") || document.activeElement?.isContentEditable;
      const ctrlK = e.key.toLowerCase() === "k" && (e.ctrlKey || e.metaKey) && !e.shiftKey && !e.altKey;
      if (ctrlK || (e.key === "/" && !typing && !e.ctrlKey && !e.metaKey && !document.querySelector("dialog[open]"))) {
        e.preventDefault();
        open();
      }
    });

    document.addEventListener("click", (e) => {
      const trigger = e.target.closest('[data-action="palette"]');
      if (trigger && !e.ctrlKey && !e.metaKey && !e.shiftKey) { e.preventDefault(); open(); }
      if (e.target.closest('[data-action="close-palette"]') || e.target === palette) palette.close();
    });

    palette.addEventListener("keydown", (e) => {
      if (e.key !== "ArrowDown" && e.key !== "ArrowUp") return;
      e.preventDefault();
      const all = [field, ...links()], at = all.indexOf(document.activeElement);
      all[(at + (e.key === "ArrowDown" ? 1 : -1) + all.length) % all.length].focus();
    });

    field.addEventListener("input", narrow);
    palette.addEventListener("close", () => { field.value = ""; found.replaceChildren(); narrow(); });

    palette.addEventListener("htmx:beforeOnLoad", (e) => {
      const answer = e.detail.xhr;
      if (answer.status === 200 && new URL(answer.responseURL).pathname === new URL(field.form.action).pathname) {
        if (!field.value.trim()) e.preventDefault();
        return;
      }
      // Signed out meanwhile, or refused: the page itself says so, not a corner of this one.
      e.preventDefault();
      location.assign(field.form.action + "?q=" + encodeURIComponent(field.value));
    });
    found.addEventListener("htmx:afterSwap", () => {
      found.querySelectorAll("a[data-all]").forEach((link) => { link.href = field.form.action + link.getAttribute("href"); });
    });
  }

  const menus = () => document.querySelectorAll("details.filter[open]");
  document.addEventListener("click", (e) => { menus().forEach((menu) => { if (!menu.contains(e.target)) menu.open = false; }); });
  document.addEventListener("keydown", (e) => {
    if (e.key !== "Escape") return;
    menus().forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
  });
})();
