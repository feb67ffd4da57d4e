// Debian's Chromium, headless, telling nobody anything; and what a page must never do.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const launch = (...more) => chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync",
    "--disable-component-update", "--no-first-run", "--no-pings", ...more],
});

/// Calls `fault` for every script error, refused resource and policy violation of a page. A page that answers 4xx on
/// purpose is not a fault: only what it loads is.
export function watch(page, fault) {
  page.on("console", (line) => {
    const own = line.location().url === page.url() && line.text().startsWith("Failed to load resource");
    if (["error", "warning"].includes(line.type()) && !own) fault(line.text());
  });
  page.on("pageerror", (error) => fault(error.message));
  page.on("requestfailed", (request) => {
    // A page that is left, or a download, aborts what was under way.
    if (request.failure()?.errorText !== "net::ERR_ABORTED") fault(`${request.url()} was not loaded`);
  });
}

/// WCAG 2.2 A and AA and best practice, as one line a violation. Evaluated beside the page's policy, not against it.
export async function violations(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  }));
  return violations.map(({ id, help, nodes }) =>
    `axe ${id}: ${help}\n  ${nodes.map((node) => node.html.slice(0, 160)).join("\n  ")}`);
}

/// How far a page scrolls sideways, which none does.
export const sideways = (page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
