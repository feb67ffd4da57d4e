// Takes a picture of every page of the gallery, wide and narrow, light and dark, in both languages, and runs axe on
// each. Fails on any violation, script error, refused resource or sideways scroll. Pictures go to browser/pictures/.
//
//   cargo build -p console@0.1.0 --example gallery && npm run gallery [-- NAME…]

import { spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { launch, sideways, violations, watch } from "./support/chromium.mjs";
import { freePort, target, until } from "./support/demo.mjs";

const only = process.argv.slice(2);
const folder = new URL("./pictures/", import.meta.url).pathname;
const views = [
  { name: "", locale: "fr", width: 1440, height: 900, colorScheme: "light" },
  { name: "-dark", locale: "fr", width: 1440, height: 900, colorScheme: "dark" },
  { name: "-390", locale: "fr", width: 390, height: 844, colorScheme: "light" },
  { name: ".en", locale: "en", width: 1440, height: 900, colorScheme: "light" },
  { name: ".en-390", locale: "en", width: 390, height: 844, colorScheme: "dark" },
];

const address = `127.0.0.1:${await freePort()}`, base = `http://${address}`;
const server = spawn(join(target, "debug/examples/gallery"), [address], { stdio: ["ignore", "inherit", "inherit"] });
const list = await until("the gallery answers", () => fetch(`${base}/gallery`).then((answer) => answer.text()).catch(() => null));
const names = list.trim().split("\n").filter((name) => only.length === 0 || only.includes(name));

await mkdir(folder, { recursive: true });
const browser = await launch();
let pages = 0;
const faulty = new Set();
const fault = (where, what) => { faulty.add(where); console.log(`FAIL  ${where}: ${what}`); };

async function visit(context, where, name) {
  const page = await context.newPage();
  watch(page, (what) => fault(where, what));
  await page.clock.install({ time: new Date("2026-11-24T13:20:20Z") });
  await page.goto(`${base}/gallery/${name}`);
  await page.screenshot({ path: `${folder}${where}.png` });
  const wider = await sideways(page);
  if (wider > 0) fault(where, `scrolls sideways by ${wider} px`);
  // axe waits on timers.
  await page.clock.resume();
  for (const wrong of await violations(page)) fault(where, wrong);
  await page.close();
  pages += 1;
}

async function see(view) {
  const context = await browser.newContext({
    locale: view.locale, viewport: view, colorScheme: view.colorScheme, reducedMotion: "reduce",
    deviceScaleFactor: 1, hasTouch: view.width < 500,
  });
  for (const name of names) await visit(context, `${name}${view.name}`, name);
  await context.close();
}

// A few at once: a page waits for its fonts and its clock more than it computes.
const waiting = [...views];
const worker = async () => { while (waiting.length > 0) await see(waiting.shift()); };
await Promise.all([worker(), worker(), worker()]);
await browser.close();
server.kill();
console.log(`${pages - faulty.size} passed, ${faulty.size} failed`);
process.exit(faulty.size || !pages ? 1 : 0);
