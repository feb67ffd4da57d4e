// The people of the demo, as a browser plays them.

import { expect } from "./runner.mjs";
import { watch } from "./chromium.mjs";
import { code } from "./totp.mjs";

/// A cast of the demo's people; `sign_in` gives a page signed in as one of them, in a browser of their own.
export class Cast {
  constructor(browser, demo, fault) {
    Object.assign(this, { browser, demo, fault, contexts: [], used: new Map() });
  }

  person(mission, organisation = this.demo.ready.organisations[0].name) {
    const all = this.demo.ready.people.filter((known) => known.mission === mission && known.organisation === organisation);
    expect(all.length > 0, `the demo has no ${mission} at ${organisation}`);
    return all[0];
  }

  /// The second of that mission.
  second(mission, organisation = this.demo.ready.organisations[0].name) {
    return this.demo.ready.people.filter((known) => known.mission === mission && known.organisation === organisation)[1];
  }

  /// A page of somebody nobody knows yet.
  async stranger(options = {}) {
    const context = await this.browser.newContext({
      ignoreHTTPSErrors: true, locale: "fr-FR", viewport: { width: 1440, height: 900 }, reducedMotion: "reduce",
      ...options,
    });
    context.setDefaultTimeout(30_000);
    this.contexts.push(context);
    const page = await context.newPage();
    watch(page, (what) => this.fault(`${page.url()}: ${what}`));
    return page;
  }

  /// A code counts once: the same person signs in twice only in two different half-minutes, and waits for the second.
  async sign_in(person, options = {}, path = "/") {
    const page = await this.stranger(options);
    await page.goto(this.demo.url + path);
    await page.fill("#email", person.email);
    await page.fill("#password", person.password);
    await page.click("form[action='/sign-in'] button");
    await page.waitForSelector("#code");
    while (this.used.get(person.email) === code(person.totp_secret)) await page.waitForTimeout(500);
    this.used.set(person.email, code(person.totp_secret));
    await page.fill("#code", this.used.get(person.email));
    await Promise.all([page.waitForURL((url) => !url.pathname.startsWith("/sign-in")), page.keyboard.press("Enter")]);
    return page;
  }

  async leave() {
    await Promise.all(this.contexts.splice(0).map((context) => context.close()));
  }
}
