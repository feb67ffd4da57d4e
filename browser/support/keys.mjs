// Chromium's virtual authenticator, and a browser that takes a demo's certificate as a real one.

import { X509Certificate, createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { launch } from "./chromium.mjs";

/// Browsers allow no keys on a page whose certificate they complain of: this one certificate is trusted, by its key.
export async function trusting(demo) {
  const certificate = new X509Certificate(await readFile(join(demo.directory, "tls.pem")));
  const spki = createHash("sha256").update(certificate.publicKey.export({ type: "spki", format: "der" })).digest("base64");
  return launch(`--ignore-certificate-errors-spki-list=${spki}`);
}

/// How a page of such a browser is opened.
export const trusted = { ignoreHTTPSErrors: false };

/// A virtual authenticator in a page, and its credentials.
export async function authenticator(page, credential) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "usb", hasUserVerification: true, isUserVerified: true,
      automaticPresenceSimulation: true },
  });
  if (credential) await cdp.send("WebAuthn.addCredential", { authenticatorId, credential });
  const credentials = async () => (await cdp.send("WebAuthn.getCredentials", { authenticatorId })).credentials;
  const lie = (bits) => cdp.send("WebAuthn.setResponseOverrideBits", { authenticatorId, ...bits });
  return { credentials, lie };
}

/// Presses the button of a form that asks the key, and waits for what comes of it.
export const touch = (page, action) => Promise.all([page.waitForEvent("load"), page.click(`form[action='${action}'] button`)]);
