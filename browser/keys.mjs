// Security keys in a real browser, against the real program: Chromium's virtual authenticator touches, verifies, lies.
//
//   cargo build -p cerebro && npm run keys

import { execFileSync } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { violations } from "./support/chromium.mjs";
import { message, notice, send, start, until } from "./support/demo.mjs";
import { authenticator, touch, trusted, trusting } from "./support/keys.mjs";
import { Cast } from "./support/people.mjs";
import { Runner, expect, same } from "./support/runner.mjs";

const pictures = new URL("./pictures/keys/", import.meta.url).pathname;
await mkdir(pictures, { recursive: true });

const run = new Runner();
const demo = await start("--no-traffic");
const browser = await trusting(demo);
const cast = new Cast(browser, demo, run.fault);
const person = cast.person("operator");

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

await run.step("a decision is signed by the key, in French and in English, and the ledger keeps it", async () => {
  // Somebody whose key was not copied, and who has signed in nowhere yet.
  const others = demo.ready.people.filter((known) => known.mission === "operator" && known !== person);
  const [fr, en] = [person.organisation, "Quillon Asset Management"].map((name) => others.find((known) => known.organisation === name));
  for (const [who, verb, other] of [[fr, "Signer et décider", "fr"], [en, "Sign and decide", "en"]]) {
    const domain = who.email.split("@")[1], from = `someone@${domain}`, to = ["r.lemarrec@client.example"];
    const text = "Bonjour,\n\nVoici le compte : FR76 3000 6000 0112 3456 7890 189.\n";
    await send(demo.ready.smtp, from, to, message({ from, to, subject: `Signé ${other}`, text }));
    const page = await cast.sign_in(who, trusted, "/security");
    await authenticator(page);
    await page.goto(`${demo.url}/security/key`);
    await page.fill("#name", "Badge 2");
    await touch(page, "/security/key");
    await page.goto(`${demo.url}/queue?search=Sign%C3%A9`);
    await page.click("#queue a[id]");
    await page.waitForSelector("#message[data-hold]");
    await page.keyboard.press("a");
    await page.waitForSelector("#dialog[open] form");
    await page.keyboard.press("1");
    await page.check("#dialog input[name=sign]");
    await Promise.all([page.waitForEvent("load"), page.keyboard.press("Control+Enter")]);
    await page.waitForSelector("form[data-key=get]");
    expect((await page.textContent("form[data-key] button")).includes(verb), "the button in another language");
    await page.screenshot({ path: join(pictures, `sign-${other}.png`), fullPage: true });
    for (const wrong of await violations(page)) run.fault(wrong);
    await Promise.all([page.waitForEvent("load"), page.click("form[data-key] button")]);
    await page.waitForSelector(".toast a");
  }
});

await cast.leave();
await browser.close();
await demo.stop();
run.close();
