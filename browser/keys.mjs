// Security keys in a real browser, against the real program: Chromium's virtual authenticator touches, verifies, lies.
//
//   cargo build -p cerebro && npm run keys

import { execFileSync } from "node:child_process";
import { X509Certificate, createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { launch, violations } from "./support/chromium.mjs";
import { notice, start, until } from "./support/demo.mjs";
import { Cast } from "./support/people.mjs";
import { Runner, expect, same } from "./support/runner.mjs";

const run = new Runner();
const demo = await start("--no-traffic");
// Browsers allow no keys on a page whose certificate they complain of: this one certificate is trusted, by its key.
const certificate = new X509Certificate(await readFile(join(demo.directory, "tls.pem")));
const spki = createHash("sha256").update(certificate.publicKey.export({ type: "spki", format: "der" })).digest("base64");
const browser = await launch(`--ignore-certificate-errors-spki-list=${spki}`);
const cast = new Cast(browser, demo, run.fault);
const person = cast.person("operator");
const trusted = { ignoreHTTPSErrors: false };

/// A virtual authenticator in a page, and its credentials.
async function authenticator(page, credential) {
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

/// The first step of a sign-in, in a browser of its own that holds `credential`.
async function first_step(credential) {
  const page = await cast.stranger(trusted);
  const key = await authenticator(page, credential);
  await page.goto(`${demo.url}/sign-in`);
  await page.fill("#email", person.email);
  await page.fill("#password", person.password);
  await page.click("form[action='/sign-in'] button");
  await page.waitForURL(/sign-in\/code/);
  return { page, key };
}

const touch = (page, action) => Promise.all([page.waitForEvent("load"), page.click(`form[action='${action}'] button`)]);
const sql = (text) => execFileSync("sqlite3", [join(demo.directory, "data/cerebro.db"), ".timeout 5000", text]);
let owner = null, key = null, credential = null;

await run.step("a key is enrolled under the page's strict policy", async () => {
  owner = await cast.sign_in(person, trusted, "/security");
  key = await authenticator(owner);
  await owner.click("a[href='/security/key']");
  await owner.waitForSelector("form[data-key]");
  for (const wrong of await violations(owner)) run.fault(wrong);
  await owner.fill("#name", "Badge");
  await touch(owner, "/security/key");
  await until("the key is listed", async () => (await owner.textContent("main")).includes("Badge"));
  [credential] = await key.credentials();
  expect(credential, "the authenticator made no credential");
});

await run.step("the same key is not enrolled twice", async () => {
  await owner.goto(`${demo.url}/security/key`);
  await owner.click("form[data-key] button");
  await owner.waitForSelector("[data-key-problem]:not([hidden])");
  expect((await owner.textContent("[data-key-problem]")).includes("déjà"), "not told that it is enrolled");
});

await run.step("it signs in", async () => {
  const { page, key: at } = await first_step(credential);
  expect(await page.isVisible("#code"), "the app is a way too");
  for (const wrong of await violations(page)) run.fault(wrong);
  await touch(page, "/sign-in/key");
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
  [credential] = await at.credentials();
  same((await page.goto(`${demo.url}/queue`)).status(), 200, "the queue");
});

await run.step("it proves presence", async () => {
  const { page, key: at } = await first_step(credential);
  await touch(page, "/sign-in/key");
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
  sql("UPDATE session SET verified_at = verified_at - 601 * 1000000");
  await page.goto(`${demo.url}/security/app`);
  same(new URL(page.url()).pathname, "/step-up", "where an act that asks for presence leads");
  await touch(page, "/step-up/key");
  await page.waitForURL(/security\/app/);
  [credential] = await at.credentials();
});

for (const [what, bits] of [["a bogus signature", { isBogusSignature: true }], ["a user not verified", { isBadUV: true }], ["nobody present", { isBadUP: true }]]) {
  await run.step(`${what} opens nothing`, async () => {
    const { page, key: at } = await first_step(credential);
    await at.lie(bits);
    await touch(page, "/sign-in/key");
    await page.waitForSelector(".errsum");
    same(new URL(page.url()).pathname, "/sign-in/key", "where it stays");
    const [moved] = await at.credentials();
    credential = { ...credential, signCount: Math.max(credential.signCount, moved.signCount) };
  });
}

await run.step("a copy is found out, ends what the key had opened, and its holder is told", async () => {
  const copy = { ...credential, signCount: 1 };
  const { page } = await first_step(copy);
  await touch(page, "/sign-in/key");
  await page.waitForSelector(".errsum");
  await until("the holder is told", async () => (await demo.sunk()).map(notice).some((text) => text.includes("deux exemplaires")));
  const { page: again } = await first_step(credential);
  same(await again.locator("form[data-key]").count(), 0, "the suspended key is asked");
});

await cast.leave();
await browser.close();
await demo.stop();
run.close();
