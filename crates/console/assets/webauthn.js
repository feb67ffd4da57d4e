// Security keys. The question stands in the form's data-options, the answer goes back in its field: no request of our own.
"use strict";
(() => {
  const form = document.querySelector("form[data-key]");
  if (!form) return;
  const problem = form.querySelector("[data-key-problem]"), button = form.querySelector("button");
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => buffer && btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const known = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

  function question() {
    const options = JSON.parse(form.dataset.options);
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    if (options.allowCredentials) options.allowCredentials = known(options.allowCredentials);
    if (options.excludeCredentials) options.excludeCredentials = known(options.excludeCredentials);
    return options;
  }

  function answer({ id, rawId, type, response }) {
    return JSON.stringify({
      id, rawId: text(rawId), type,
      response: response.attestationObject
        ? { clientDataJSON: text(response.clientDataJSON), attestationObject: text(response.attestationObject),
          transports: response.getTransports?.() ?? [] }
        : { clientDataJSON: text(response.clientDataJSON), authenticatorData: text(response.authenticatorData),
          signature: text(response.signature), userHandle: text(response.userHandle) || null },
    });
  }

  const say = (words) => { problem.textContent = words; problem.hidden = false; };
  if (!window.PublicKeyCredential) {
    button.disabled = true;
    return say(form.dataset.none);
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    if (button.getAttribute("aria-disabled")) return;
    button.setAttribute("aria-disabled", "true");
    problem.hidden = true;
    try {
      const publicKey = question(), ask = form.dataset.key;
      form.elements.credential.value = answer(await navigator.credentials[ask]({ publicKey }));
      form.submit();
    } catch (error) {
      button.removeAttribute("aria-disabled");
      say(error.name === "InvalidStateError" ? form.dataset.known : form.dataset.failed);
    }
  });
})();
