// A newcomer, from asking for an account to leaving: the real program, a real browser with a security key, real mail, in both
// languages.
//
//   cargo build -p cerebro && npm run newcomer

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { sideways, violations } from "./support/chromium.mjs";
import { notice, start, until } from "./support/demo.mjs";
import { authenticator, touch, trusted, trusting } from "./support/keys.mjs";
import { Cast } from "./support/people.mjs";
import { Runner, expect, same } from "./support/runner.mjs";

const pictures = new URL("./pictures/newcomer/", import.meta.url).pathname;
await mkdir(pictures, { recursive: true });

const run = new Runner();
const demo = await start("--no-traffic");
const browser = await trusting(demo);
const cast = new Cast(browser, demo, run.fault);
const PASSWORD = "Quatre-Vingts 9 tilleuls";

/// What differs between the two.
const STORIES = [
  { tag: "fr", locale: "fr-FR", organisation: "Banque Orvéane", name: "Gaspard Nivelle", email: "gaspard.nivelle@orveane.example",
    why: "J’arrive lundi à l’équipe de validation.", grant: "Affectation à la validation", left: "Départ de l’établissement",
    taken: "Votre demande est transmise", lost: "code de secours", device: "Nouvelle connexion", refused: "Connexion refusée" },
  { tag: "en", locale: "en-GB", organisation: "Quillon Asset Management", name: "Rosalind Thackeray", email: "rosalind.thackeray@quillon.example",
    why: "I join the validation team on Monday.", grant: "Assigned to validation", left: "Left the institution",
    taken: "passed on", lost: "backup code", device: "New sign-in", refused: "refused" },
];

for (const story of STORIES) {
  const options = { ...trusted, locale: story.locale };
  const step = (name, act) => run.step(`${story.tag}: ${name}`, act);
  const look = async (page, name) => {
    await page.screenshot({ path: join(pictures, `${story.tag}-${name}.png`), fullPage: true });
    for (const wrong of await violations(page)) run.fault(`${name}: ${wrong}`);
    expect((await sideways(page)) <= 0, `${name} scrolls sideways`);
    same(await page.getAttribute("html", "lang"), story.tag, `language of ${name}`);
  };
  const go = async (page, selector) => Promise.all([page.waitForEvent("load"), page.click(selector)]);
  const mails = async () => (await demo.sunk()).filter((mail) => mail.includes(story.email)).map(notice);
  const first_step = async (page) => {
    await page.goto(`${demo.url}/sign-in`);
    await page.fill("#email", story.email);
    await page.fill("#password", PASSWORD);
    await go(page, "form[action='/sign-in'] button");
  };
  let administrator, newcomer, credential, codes, account;

  await step("asks for an account on the public page", async () => {
    const page = await cast.stranger(options);
    await page.goto(`${demo.url}/sign-in`);
    await look(page, "01-sign-in");
    await go(page, "a[href='/account-request']");
    await look(page, "02-ask");
    await page.fill("#name", story.name);
    await page.fill("#email", story.email);
    await page.fill("#reason", story.why);
    await go(page, "form[action='/account-request'] button");
    expect(await page.isVisible(".note[role=status]"), "not confirmed");
    await look(page, "03-asked");
  });

  await step("is seen and approved by an administrator, and given a mission", async () => {
    administrator = await cast.sign_in(cast.person("administrator", story.organisation), options, "/");
    await administrator.goto(`${demo.url}/accounts/requests`);
    await look(administrator, "04-requests");
    await go(administrator, `a:has-text("${story.name}")`);
    expect((await administrator.textContent("main")).includes(story.why), "the administrator does not read why");
    await look(administrator, "05-request");
    await go(administrator, "form[action$='/approve'] button");
    await look(administrator, "06-approved");
    await administrator.goto(`${demo.url}/accounts`);
    account = await administrator.getAttribute(`a:has-text("${story.name}")`, "href");
    await administrator.goto(`${demo.url}${account}/missions`);
    await administrator.check("input[name=mission][value=operator]");
    await administrator.fill("#reason", story.grant);
    await look(administrator, "07-mission");
    await go(administrator, "form[action$='/missions'] button.btn--primary");
    await look(administrator, "08-account");
  });

  await step("sets a password by the link in their mailbox", async () => {
    const link = await until("the link arrives", async () =>
      (await mails()).map((text) => text.match(/https:\S+\/account\/\S+/)?.[0]).find(Boolean));
    newcomer = await cast.stranger(options);
    credential = await authenticator(newcomer);
    await newcomer.goto(link);
    await look(newcomer, "09-password");
    await newcomer.fill("#password", "azerty123456");
    await newcomer.fill("#again", "azerty123456");
    await go(newcomer, "form.form button");
    expect(await newcomer.isVisible(".errsum"), "a known password was taken");
    await look(newcomer, "10-password-refused");
    await newcomer.fill("#password", PASSWORD);
    await newcomer.fill("#again", PASSWORD);
    await go(newcomer, "form.form button");
    await look(newcomer, "11-password-set");
  });

  await step("signs in and enrols a security key", async () => {
    await first_step(newcomer);
    await look(newcomer, "12-factor-asked");
    await go(newcomer, "a[href^='/security/key']");
    await look(newcomer, "13-key");
    await touch(newcomer, "/security/key");
    await newcomer.waitForSelector("#codes");
    codes = await newcomer.locator("#codes li").allTextContents();
    same(codes.length, 10, "backup codes");
    await look(newcomer, "14-codes");
    same((await newcomer.goto(`${demo.url}/queue`)).status(), 200, "the queue");
    await look(newcomer, "15-queue");
  });

  await step("signs in from a new device with the key, and is told by mail", async () => {
    const [known] = await credential.credentials();
    const page = await cast.stranger(options);
    await authenticator(page, known);
    await first_step(page);
    await page.waitForURL(/sign-in\/code/);
    await look(page, "16-second-factor");
    await touch(page, "/sign-in/key");
    await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
    await page.goto(`${demo.url}/security/sessions`);
    await look(page, "17-sessions");
    await until("a mail about the new device", async () => (await mails()).some((text) => text.includes("127.0.0.0/24")));
  });

  await step("loses the key, comes back with a backup code, and enrols another", async () => {
    const page = await cast.stranger(options);
    await authenticator(page);
    await first_step(page);
    await go(page, "a[href='/sign-in/backup']");
    await look(page, "18-backup");
    await page.fill("#code", codes[0].toLowerCase());
    await go(page, "form[action='/sign-in/backup'] button");
    same(new URL(page.url()).pathname, "/security", "where a backup code leads");
    expect((await page.textContent("main")).includes(story.lost), "not told why they are here");
    await look(page, "19-recovered");
    await page.goto(`${demo.url}/queue`);
    same(new URL(page.url()).pathname, "/security", "nothing but enrolling");
    await go(page, "a[href^='/security/key']");
    await page.fill("#name", "Badge");
    await touch(page, "/security/key");
    await page.waitForSelector("#codes");
    same((await page.goto(`${demo.url}/queue`)).status(), 200, "the queue");
    await page.goto(`${demo.url}/security`);
    await look(page, "20-two-keys");
    // The lost one goes: it is not the last.
    await go(page, "a[href$='/remove'] >> nth=0");
    await look(page, "21-remove");
    await go(page, "form[action$='/remove'] button");
    same(await page.locator("a[href$='/remove']").count() <= 1, true, "keys left");
    newcomer = page;
  });

  await step("is suspended: out at the next click, and no way back", async () => {
    await administrator.goto(`${demo.url}${account}/suspend`);
    if (new URL(administrator.url()).pathname === "/step-up") throw new Error("presence is asked for a suspension");
    await administrator.fill("#reason", story.left);
    await look(administrator, "22-suspend");
    await go(administrator, "form[action$='/suspend'] button.btn--danger, form[action$='/suspend'] button.btn--primary");
    await look(administrator, "23-suspended");
    await newcomer.goto(`${demo.url}/queue`);
    same(new URL(newcomer.url()).pathname, "/sign-in", "where the next click leads");
    await first_step(newcomer);
    expect((await newcomer.textContent("main")).includes(story.refused), "not refused");
    await look(newcomer, "24-refused");
  });

  await step("stands in the ledger, step by step", async () => {
    const auditor = await cast.sign_in(cast.person("auditor", story.organisation), options, "/ledger");
    const wanted = ["account.requested", "account.approved", "mission.granted", "account.link_sent", "authenticator.password_set",
      "authenticator.added", "authenticator.codes_made", "session.opened", "authenticator.removed", "account.suspended"];
    const found = new Set();
    await until("every entry", async () => {
      await auditor.goto(`${demo.url}/ledger`);
      for (let page = 0; page < 6; page += 1) {
        for (const cell of await auditor.locator("tbody td, tbody th").allTextContents()) found.add(cell.trim());
        const older = auditor.locator("a[href*='before=']");
        if (!(await older.count())) break;
        await Promise.all([auditor.waitForEvent("load"), older.last().click()]);
      }
      return wanted.every((kind) => [...found].some((cell) => cell.includes(kind)));
    });
    await auditor.goto(`${demo.url}/ledger`);
    await look(auditor, "25-ledger");
  });
}

await cast.leave();
await browser.close();
await demo.stop();
run.close();
