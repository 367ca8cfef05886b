// Keeps what is typed into a form as a draft, two seconds after the last key. Without this file, a form that is sent
// after the session ended is kept by the server.
(function () {
  "use strict";
  if (window.draftsAreKept) return;
  window.draftsAreKept = true;
  const PAUSE = 2000;
  const SECRET = ["password", "file"];

  const say = (form, words, href) => {
    const place = form.querySelector("[data-draft-state]");
    if (!place) return;
    place.textContent = words;
    if (!href) return;
    const link = document.createElement("a");
    link.href = href;
    link.textContent = "Sign in to go on.";
    place.append(" ", link);
  };

  // The form now has a draft: when it is sent and taken, the server throws the draft away.
  const flag = (form) => {
    if (form.querySelector('input[name="draft"]')) return;
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name: "draft", value: "1" });
    form.append(input);
  };

  const typed = (form) => {
    const data = new FormData(form);
    form.querySelectorAll("input").forEach((input) => { if (SECRET.includes(input.type)) data.delete(input.name); });
    data.set("draft_of", form.dataset.draftOf);
    return new URLSearchParams([...data].filter(([, value]) => typeof value === "string"));
  };

  const keep = async (form, leaving) => {
    clearTimeout(form.draftTimer);
    form.draftTimer = 0;
    flag(form);
    try {
      const answer = await fetch(form.dataset.draft, {
        method: "POST", body: typed(form), redirect: "manual", credentials: "same-origin", keepalive: Boolean(leaving),
        headers: { Accept: "application/json" },
      });
      if (answer.type === "opaqueredirect") {  // no session is left that could keep anything
        const kept = form.dataset.draftKept || "No draft was saved";
        say(form, `You were signed out. ${kept}; what you typed since is not kept.`, form.dataset.draftOf);
      } else if ((answer.headers.get("Content-Type") || "").startsWith("application/json")) {
        const { words } = await answer.json();
        if (answer.ok) form.dataset.draftKept = words;
        say(form, words, answer.status === 401 ? form.dataset.draftOf : "");
      } else {
        say(form, "No draft could be saved.");
      }
    } catch {
      say(form, "No connection: no draft could be saved.");
    }
  };

  document.querySelectorAll("form[data-draft]").forEach((form) => {
    let saving = null;
    const later = () => {
      clearTimeout(form.draftTimer);
      form.draftTimer = setTimeout(() => { saving = keep(form).finally(() => { saving = null; }); }, PAUSE);
    };
    form.addEventListener("input", later);
    form.addEventListener("change", later);
    // A draft that is on its way must not arrive after the form that it is of.
    form.addEventListener("submit", (e) => {
      clearTimeout(form.draftTimer);
      form.draftTimer = 0;
      if (!saving) return;
      e.preventDefault();
      e.stopImmediatePropagation();
      const by = e.submitter;
      saving.then(() => { form.requestSubmit(by); });
    }, true);
    addEventListener("pagehide", () => { if (form.draftTimer) keep(form, true); });

    // The box for a comment stands on every record: its draft is asked for only by who begins to write.
    const box = form.querySelector("textarea[data-draft-lazy]");
    box?.addEventListener("focus", async () => {
      if (box.value) return;
      try {
        const answer = await fetch(`${form.dataset.draft}?of=${encodeURIComponent(form.dataset.draftOf)}`, {
          redirect: "manual", credentials: "same-origin", headers: { Accept: "application/json" },
        });
        if (answer.status !== 200) return;
        const found = await answer.json();
        if (!found.values || box.value) return;
        box.value = found.values.text || "";
        form.querySelectorAll('input[name="audience"]').forEach((one) => { one.checked = one.value === found.values.audience; });
        flag(form);
        say(form, found.words);
      } catch { /* no connection: the box stays empty, the draft stays kept */ }
    }, { once: true });
  });
})();
