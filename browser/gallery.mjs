// Takes a picture of every page of the gallery, wide and narrow, light and dark, in both languages, and runs axe on
// each. Exits with 1 on any violation, script error or refused resource. Pictures go to browser/pictures/.
//
//   cargo run -p console@0.1.0 --example gallery -- 127.0.0.1:8480 &
//   npm run gallery -- http://127.0.0.1:8480 [NAME…]

import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const [base = "http://127.0.0.1:8480", ...only] = process.argv.slice(2);
const folder = new URL("./pictures/", import.meta.url).pathname;
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const views = [
  { name: "", locale: "fr", width: 1440, height: 900, colorScheme: "light" },
  { name: "-dark", locale: "fr", width: 1440, height: 900, colorScheme: "dark" },
  { name: "-390", locale: "fr", width: 390, height: 844, colorScheme: "light" },
  { name: ".en", locale: "en", width: 1440, height: 900, colorScheme: "light" },
  { name: ".en-390", locale: "en", width: 390, height: 844, colorScheme: "dark" },
];

await mkdir(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync",
    "--disable-component-update", "--no-first-run", "--no-pings"],
});
const names = (await (await fetch(`${base}/gallery`)).text()).trim().split("\n")
  .filter((name) => only.length === 0 || only.includes(name));
let pages = 0;
const faulty = new Set();
const fault = (where, what) => { faulty.add(where); console.log(`${where}: ${what}`); };

for (const view of views) {
  // bypassCSP lets axe in; the pages' own script and styles are loaded under the real policy in a first visit.
  const context = await browser.newContext({
    locale: view.locale, viewport: view, colorScheme: view.colorScheme, reducedMotion: "reduce",
    deviceScaleFactor: 1, hasTouch: view.width < 500,
  });
  for (const name of names) {
    const where = `${name}${view.name}`, page = await context.newPage();
    page.on("console", (line) => ["error", "warning"].includes(line.type()) && fault(where, line.text()));
    page.on("pageerror", (error) => fault(where, error.message));
    page.on("requestfailed", (request) => fault(where, `${request.url()} was not loaded`));
    await page.clock.install({ time: new Date("2026-11-24T13:20:20Z") });
    await page.goto(`${base}/gallery/${name}`);
    await page.screenshot({ path: `${folder}${where}.png` });
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (wider > 0) fault(where, `scrolls sideways by ${wider} px`);
    await page.close();
  }
  await context.close();
  const checked = await browser.newContext({
    locale: view.locale, viewport: view, colorScheme: view.colorScheme, bypassCSP: true, hasTouch: view.width < 500,
  });
  for (const name of names) {
    const where = `${name}${view.name}`, page = await checked.newPage();
    await page.goto(`${base}/gallery/${name}`);
    await page.addScriptTag({ content: axe });
    const { violations } = await page.evaluate(() => window.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }));
    for (const { id, help, nodes } of violations) {
      fault(where, `axe ${id}: ${help}\n  ${nodes.map((node) => node.html.slice(0, 160)).join("\n  ")}`);
    }
    await page.close();
    pages += 1;
  }
  await checked.close();
}
await browser.close();
console.log(`${pages - faulty.size} passed, ${faulty.size} failed`);
process.exit(faulty.size ? 1 : 0);
