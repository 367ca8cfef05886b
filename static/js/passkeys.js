// Passkeys: asks the browser for one, and sends what it answers as an ordinary form. Without this file there are codes.
(function () {
  "use strict";
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  function readable(options) {
    const wanted = { ...options, challenge: bytes(options.challenge) };
    if (options.user) wanted.user = { ...options.user, id: bytes(options.user.id) };
    for (const list of ["allowCredentials", "excludeCredentials"]) {
      if (options[list]) wanted[list] = options[list].map((each) => ({ ...each, id: bytes(each.id) }));
    }
    return wanted;
  }

  function sendable(credential) {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = text(credential.response[name]);
    }
    if (credential.response.getTransports) response.transports = credential.response.getTransports();
    return {
      id: credential.id, rawId: text(credential.rawId), type: credential.type, response,
      authenticatorAttachment: credential.authenticatorAttachment,
      clientExtensionResults: credential.getClientExtensionResults(),
    };
  }

  async function optionsOf(form) {
    if (form.dataset.options) return JSON.parse(document.getElementById(form.dataset.options).textContent);
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error("no options");
    return answer.json();
  }

  async function ask(form) {
    const publicKey = readable((await optionsOf(form)).publicKey);
    const way = form.dataset.passkey;
    const credential = await navigator.credentials[way]({ publicKey });
    form.elements.credential.value = JSON.stringify(sendable(credential));
    form.submit();
  }

  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    if (!window.PublicKeyCredential) { form.hidden = true; return; }
    const problem = form.querySelector("[data-passkey-problem]");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation();
      if (problem) problem.hidden = true;
      ask(form).catch(() => { if (problem) problem.hidden = false; });
    });
  });
})();
