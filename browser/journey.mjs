// The console as people use it: the real program, a real browser, real mail, the keyboard.
//
//   cargo build -p cerebro && npm run journey

import { execFileSync } from "node:child_process";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { launch, sideways, violations } from "./support/chromium.mjs";
import { message, notice, send, start, until } from "./support/demo.mjs";
import { Cast } from "./support/people.mjs";
import { check } from "./support/proof.mjs";
import { Runner, expect, same } from "./support/runner.mjs";
import { code } from "./support/totp.mjs";

const IBAN = "FR76 3000 6000 0112 3456 7890 189";
const FROM = "theodore.vasquin@orveane.example";
const pictures = new URL("./pictures/journey/", import.meta.url).pathname;
await mkdir(pictures, { recursive: true });

const run = new Runner();
const demo = await start();
const browser = await launch();
const cast = new Cast(browser, demo, run.fault);
const { ready } = demo;

/// A message that is held; what its recipient would read of it.
async function held(subject, to = ["r.lemarrec@client.example"]) {
  const text = `Bonjour,\n\nVoici le compte pour « ${subject} » : ${IBAN}.\n\nThéodore Vasquin`;
  const reply = await send(ready.smtp, FROM, to, message({ from: FROM, to, subject, text }));
  expect(reply.startsWith("250") && reply.includes("hold"), `${subject}: ${reply}`);
  return `Voici le compte pour « ${subject} »`;
}

const arrived = async (text) => (await demo.sunk()).some((mail) => mail.includes(text) && mail.includes(IBAN));
const leaves = (text) => until(`${text} leaves`, () => arrived(text));

const told = (subject, word) => until(`the sender is told about ${subject}`, async () =>
  (await demo.sunk()).map(notice).find((text) => text.includes(subject) && text.includes(word) && !text.includes(IBAN)));

/// Finds one message with the keyboard alone.
async function open(page, subject) {
  await page.goto(`${demo.url}/queue`);
  await page.keyboard.press("/");
  await page.keyboard.type(subject);
  await page.keyboard.press("Enter");
  await page.waitForURL(/search=/);
  same(await page.locator("#queue a[id]").count(), 1, `rows for ${subject}`);
  await page.keyboard.press("j");
  await page.waitForSelector("#message[data-hold]");
  expect((await page.textContent("#mh")).includes(subject), "another message opened");
  return page.url().match(/\/holds\/([^/?]+)/)[1];
}

async function decide(page, key, motive, text) {
  await page.keyboard.press(key);
  await page.waitForSelector("#dialog[open] form");
  if (motive) await page.keyboard.press(motive);
  if (text) await page.fill("#dialog #reason", text);
  await Promise.all([page.waitForEvent("load"), page.keyboard.press("Control+Enter")]);
}

async function look(page, name) {
  await page.screenshot({ path: join(pictures, `${name}.png`) });
  const wrong = await violations(page);
  expect(wrong.length === 0, wrong.join("\n"));
  expect((await sideways(page)) <= 0, `${name} scrolls sideways`);
}

const title = (page) => page.textContent("h1");
let operator, released, rejected, escalated, kept;

await run.step("every person of the demo signs in with password and code, and lands on a page of theirs", async () => {
  for (const person of ready.people) {
    const page = await cast.sign_in(person, {}, "/");
    same(new URL(page.url()).pathname, { administrator: "/accounts", auditor: "/ledger" }[person.mission] ?? "/queue",
      `first page of ${person.email}`);
    same(await page.textContent(".me b"), person.name, "the name shown");
    const english = person.organisation === "Quillon Asset Management";
    same(await page.getAttribute("html", "lang"), english ? "en" : "fr", `language of ${person.name}`);
    person.page = page;
  }
});

const page_of = (mission, organisation) => cast.person(mission, organisation).page;

await run.step("the queue is sorted by the time left", async () => {
  for (const subject of ["Libération", "Rejet", "Escalade", "Lien", "Reprise", "Sans script"]) await held(`Parcours ${subject}`);
  operator = page_of("operator");
  await operator.goto(`${demo.url}/queue`);
  const due = await operator.locator("#queue time").evaluateAll((all) => all.map((time) => time.dateTime));
  expect(due.length >= 6, `${due.length} rows`);
  same(due, [...due].sort(), "the order of the queue");
  await look(operator, "queue");
});

await run.step("a message opens with the keyboard, its passages marked, its reasons given", async () => {
  await open(operator, "Parcours Libération");
  same(await operator.locator("mark.find").count(), 1, "passages marked");
  same(await operator.textContent("mark.find"), IBAN, "the passage");
  expect((await operator.textContent(".why")).includes("L. 511-33"), "no legal ground");
  expect((await operator.textContent(".people")).includes("r.lemarrec@client.example"), "no recipient");
  await operator.keyboard.press("?");
  await operator.waitForSelector("#help[open]");
  await operator.keyboard.press("Escape");
  await operator.waitForSelector("#help:not([open])", { state: "attached" });
  await look(operator, "message");
});

await run.step("a decision is cancelled with Escape, and nothing moves", async () => {
  await operator.keyboard.press("a");
  await operator.waitForSelector("#dialog[open] form");
  await operator.keyboard.press("1");
  expect(await operator.isChecked("#dialog input[type=radio] >> nth=0"), "the digit did not pick the reason");
  await look(operator, "decide");
  await operator.keyboard.press("Escape");
  await operator.waitForSelector("#dialog:not([open])", { state: "attached" });
  expect(!(await arrived("Parcours Libération")), "it left");
});

await run.step("released from the keyboard in seconds, it leaves, and its sender is told", async () => {
  const began = Date.now();
  released = await open(operator, "Parcours Libération");
  await decide(operator, "a", "1");
  expect(Date.now() - began < 30_000, "longer than thirty seconds");
  expect(/^Libéré.*Entrée nº/s.test(await operator.textContent(".toast div")), "no toast with the ledger entry");
  const next = operator.url().match(/\/holds\/(hold_[^/?]+)$/);
  expect(next && next[1] !== released, "the next message did not open");
  await look(operator, "message-toast");
  await leaves("Voici le compte pour « Parcours Libération »");
  await told("Parcours Libération", "part maintenant");
});

await run.step("rejected with a reason, it does not leave, and its sender is told", async () => {
  rejected = await open(operator, "Parcours Rejet");
  await decide(operator, "r", "3", "La destinataire n’est pas celle du dossier.");
  await told("Parcours Rejet", "ne partira pas");
  await operator.goto(`${demo.url}/holds/${rejected}`);
  expect((await operator.textContent("#message")).includes("La destinataire n’est pas celle du dossier."), "no reason");
  same(await operator.locator(".decide .btn--d").count(), 0, "buttons on a decided message");
  expect(!(await arrived("Parcours Rejet")), "it left");
});

await run.step("a reason of one's own must be given", async () => {
  await open(operator, "Parcours Escalade");
  await decide(operator, "e", "4");
  same(await title(operator), "Escalader ce message", "the form again");
  await look(operator, "decide-wrong");
});

await run.step("escalated by the operator, ruled by the arbiter", async () => {
  escalated = await open(operator, "Parcours Escalade");
  await decide(operator, "e", "1");
  const arbiter = page_of("arbiter");
  await arbiter.goto(`${demo.url}/queue`);
  same(await arbiter.locator("#queue a[id]", { hasText: "Parcours Escalade" }).count(), 1, "what waits for the arbiter");
  await open(arbiter, "Parcours Escalade");
  expect((await arbiter.textContent("#message")).includes("Doute sur la lecture du contrôle"), "the arbiter does not read why");
  await look(arbiter, "message-escalated");
  await decide(arbiter, "a", null, "Le cabinet représente le client ; le mandat est au dossier.");
  await leaves("Voici le compte pour « Parcours Escalade »");
});

await run.step("overruled by governance with grounds, and not without", async () => {
  const supervisor = page_of("supervisor");
  await supervisor.goto(`${demo.url}/decisions`);
  await look(supervisor, "decisions");
  await supervisor.locator("tr", { hasText: "Parcours Rejet" }).locator("a.btn").click();
  await supervisor.waitForSelector("#reason");
  await supervisor.evaluate(() => document.querySelector("#reason").removeAttribute("required"));
  await Promise.all([supervisor.waitForEvent("load"), supervisor.click("#decide button")]);
  expect(await supervisor.isVisible("#reason-err"), "an override without grounds was not refused");
  await supervisor.fill("#reason", "Vérification faite auprès du client : la destinataire est bien la sienne.");
  await Promise.all([supervisor.waitForEvent("load"), supervisor.keyboard.press("Control+Enter")]);
  expect((await supervisor.getAttribute(".toast a", "href")).startsWith("/ledger/entries/"), "no link to the entry");
  await leaves("Voici le compte pour « Parcours Rejet »");
});

await run.step("one person drafts a control and rehearses it, another publishes it, and a message is held by it", async () => {
  const confidential = async (subject) => send(ready.smtp, FROM, ["r.lemarrec@client.example"],
    message({ from: FROM, to: ["r.lemarrec@client.example"], subject: `[Confidentiel] ${subject}`, text: "Bonjour,\n\nÀ demain.\n" }));
  expect(!(await confidential("Avant")).includes("hold"), "it is held before");
  const author = page_of("supervisor");
  await author.goto(`${demo.url}/controls`);
  await look(author, "controls");
  await author.goto(`${demo.url}/controls/in-force`);
  await look(author, "controls-in-force");
  await author.goto(`${demo.url}/controls/in-force/RCP-09`);
  await look(author, "control");
  await author.click("a[href^='/controls/change']");
  await author.check("input[name=act][value=hold]");
  await author.fill("#reason", "Les mentions de confidentialité d’abord.");
  await look(author, "control-change");
  await Promise.all([author.waitForEvent("load"), author.click("main form button.btn--primary")]);
  const set = new URL(author.url()).pathname;
  expect(set.startsWith("/controls/sets/"), `no draft at ${set}`);
  same(await author.locator("a[href$='/publish']").count(), 0, "buttons to publish, for the author");
  await Promise.all([author.waitForEvent("load"), author.click("form[action$='/rehearse'] button")]);
  await until("the rehearsal is made", async () => {
    await author.goto(demo.url + set);
    return (await author.locator("a[href$='/rehearsal']").count()) > 0;
  });
  await look(author, "control-set");
  await author.click("a[href$='/rehearsal']");
  await look(author, "rehearsal");
  expect((await author.textContent("main")).includes("RCP-09"), "the rehearsal does not name the control");
  const publisher = await cast.sign_in(cast.second("supervisor"), {}, set);
  await publisher.goto(demo.url + set);
  await publisher.click("a[href$='/publish']");
  await look(publisher, "control-publish");
  await Promise.all([publisher.waitForEvent("load"), publisher.click("main form button.btn--primary")]);
  expect((await publisher.textContent("main")).includes("En vigueur"), "it is not in force");
  expect((await confidential("Après")).includes("hold"), "a message is not held by it");
});

await run.step("the sender's link shows on GET and acts on POST only", async () => {
  const link = (await told("Parcours Lien", "/notices/")).match(/https:\S+\/notices\/\S+/)[0];
  const sender = await cast.stranger();
  await sender.goto(link);
  await sender.goto(link);
  expect((await sender.textContent("main")).includes("Parcours Lien"), "not their message");
  expect(!(await sender.textContent("main")).includes(IBAN), "a finding is shown to a link holder");
  await look(sender, "link");
  kept = await open(operator, "Parcours Lien");
  await sender.fill("#reason", "Le compte est celui de la destinataire elle-même.");
  await Promise.all([sender.waitForEvent("load"), sender.click("form[action$='/justify'] button")]);
  expect(await sender.isVisible(".note[role=status]"), "the justification is not confirmed");
  same(await open(operator, "Parcours Lien"), kept, "it still waits");
  expect((await operator.textContent("#message")).includes("Le compte est celui de la destinataire elle-même."), "the reviewer does not read it");
});

await run.step("the sender takes a message back", async () => {
  const link = (await told("Parcours Reprise", "/notices/")).match(/https:\S+\/notices\/\S+/)[0];
  const sender = await cast.stranger();
  await sender.goto(link);
  await Promise.all([sender.waitForEvent("load"), sender.click("form[action$='/withdraw'] button")]);
  await operator.goto(`${demo.url}/queue?search=Parcours+Reprise`);
  same(await operator.locator("#queue a[id]").count(), 0, "rows of a message taken back");
  await look(operator, "queue-none-found");
  expect(!(await arrived("Parcours Reprise")), "it left");
});

await run.step("the auditor finds the entry, and a stranger's check accepts its proof", async () => {
  const auditor = page_of("auditor");
  await auditor.goto(`${demo.url}/ledger`);
  await look(auditor, "ledger");
  const row = auditor.locator("tr", { hasText: released }).filter({ hasText: "hold.released" });
  let proof = null;
  while (!proof) {
    if (await row.count()) proof = await row.locator("a").last().getAttribute("href", { timeout: 100 }).catch(() => null);
    else await auditor.getByText("Plus anciennes").click();
    await auditor.waitForLoadState();
  }
  await auditor.goto(demo.url + proof);
  await look(auditor, "proof");
  const leaf = await auditor.locator("dt", { hasText: "Feuille" }).locator("xpath=following-sibling::dd[1]").textContent();
  const [download] = await Promise.all([auditor.waitForEvent("download"), auditor.click("a[download]")]);
  check(await readFile(await download.path(), "utf8"), leaf, ready.ledger_public_keys[0]);
});

await run.step("missions bound what each may open, and the refusal says what to do", async () => {
  for (const mission of ["auditor", "administrator"]) {
    const page = page_of(mission);
    for (const path of [`/holds/${kept}`, `/holds/${kept}/release`, "/queue", "/decisions"]) {
      same((await page.goto(demo.url + path)).status(), 403, `${mission} at ${path}`);
      expect(!(await page.textContent("body")).includes(IBAN), `${mission} reads contents`);
    }
    await look(page, `refused-${mission}`);
  }
  // A mission withdrawn stops counting at the next request; what is left is a page that says so, and a way out.
  const other = page_of("operator", "Quillon Asset Management");
  const account = "(SELECT id FROM account WHERE email = '" + cast.person("operator", "Quillon Asset Management").email + "')";
  const grants = (change) => execFileSync("sqlite3", [join(demo.directory, "data/cerebro.db"), ".timeout 5000",
    `UPDATE mission_grant SET ended_at = ${change} WHERE account = ${account}`]);
  grants("1");
  same((await other.goto(`${demo.url}/queue`)).status(), 403, "the queue, for somebody without a mission");
  expect(await other.isVisible("form[action='/sign-out'] button"), "no way out");
  await look(other, "refused-no-mission");
  grants("NULL");
  // One institution's hold does not exist for another.
  const foreign = page_of("operator", "Quillon Asset Management");
  same((await foreign.goto(`${demo.url}/holds/${kept}`)).status(), 404, "a hold of another institution");
  same((await foreign.goto(`${demo.url}/holds/hold_0`)).status(), 404, "a hold that is none");
});

await run.step("the language changes and stays", async () => {
  const page = page_of("supervisor");
  await page.goto(`${demo.url}/decisions`);
  await Promise.all([page.waitForEvent("load"), page.click("button[name=locale]")]);
  same([await page.getAttribute("html", "lang"), await title(page)], ["en", "Decisions"], "the page in English");
  await page.goto(`${demo.url}/queue`);
  same(await title(page), "Queue", "the next page");
});

await run.step("everything works without script", async () => {
  const person = cast.person("operator");
  const second = ready.people.find((known) => known.mission === "operator" && known.organisation === person.organisation && known !== person);
  const state = await second.page.context().storageState();
  const page = await cast.stranger({ javaScriptEnabled: false, storageState: state });
  await page.goto(`${demo.url}/queue?search=Sans+script`);
  await page.click("#queue a[id]");
  await page.click(".decide a >> nth=0");
  await page.click("input[type=radio] >> nth=1");
  await page.screenshot({ path: join(pictures, "decide-no-script.png") });
  await page.click("#decide button");
  await leaves("Voici le compte pour « Parcours Sans script »");
});

await run.step("signed out, a page asks to sign in and comes back after", async () => {
  const page = page_of("operator", "Quillon Asset Management");
  await page.goto(`${demo.url}/queue`);
  await Promise.all([page.waitForURL(/sign-in/), page.click("form[action='/sign-out'] button")]);
  await page.goto(`${demo.url}/decisions`);
  same(new URL(page.url()).searchParams.get("next"), "/decisions", "where it comes back to");
  same((await page.context().request.get(`${demo.url}/queue/rows`, { maxRedirects: 0 })).status(), 303, "rows");
});

await run.step("a wrong code is refused, and the page says what to do", async () => {
  const person = cast.person("operator", "Quillon Asset Management");
  const page = await cast.stranger({ locale: "en-GB" });
  await page.goto(`${demo.url}/sign-in`);
  await page.fill("#email", person.email);
  await page.fill("#password", person.password);
  await page.click("form[action='/sign-in'] button");
  await page.fill("#code", code(person.totp_secret) === "000000" ? "111111" : "000000");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".errsum");
  await look(page, "code-wrong");
});

await run.step("an idle session ends, and the next act asks to sign in", async () => {
  const page = page_of("supervisor", "Quillon Asset Management");
  await page.goto(`${demo.url}/queue`);
  // That somebody was there is written within half a second; then half an hour passes for the server's sessions.
  await page.waitForTimeout(2_000);
  execFileSync("sqlite3", [join(demo.directory, "data/cerebro.db"), ".timeout 5000",
    "UPDATE session_touch SET seen_at = seen_at - 1801 * 1000000"]);
  await page.goto(`${demo.url}/decisions`);
  same(new URL(page.url()).pathname, "/sign-in", "after half an hour");
});

await cast.leave();
await browser.close();
await demo.stop();
run.close();
