// The real program, started as people start it, on free loopback ports and in a directory of its own.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import readline from "node:readline";

const root = new URL("../../", import.meta.url).pathname;

/// Where cargo builds.
export const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");

export function binary() {
  const path = process.env.CEREBRO_BIN ?? join(target, "debug/cerebro");
  if (!existsSync(path)) throw new Error(`${path} is not built: cargo build -p cerebro`);
  return path;
}

export const freePort = () => new Promise((resolve, reject) => {
  const server = net.createServer().once("error", reject).listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

/// Starts a demo; `ready` is the line it prints.
export async function start(...more) {
  const directory = await mkdtemp(join(tmpdir(), "cerebro-browser-"));
  const [smtp, console_, sink] = await Promise.all([freePort(), freePort(), freePort()]);
  const child = spawn(binary(), ["demo", "--json", "--dir", directory, "--smtp", `127.0.0.1:${smtp}`,
    "--console", `127.0.0.1:${console_}`, "--sink", `127.0.0.1:${sink}`, ...more],
  { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, CEREBRO_LOG: process.env.CEREBRO_LOG ?? "warn" } });
  const line = await new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the demo ended with ${code} before it was ready`)));
    readline.createInterface({ input: child.stdout }).once("line", resolve);
  });
  const ready = JSON.parse(line);
  // The people of the demo's morning used up their codes of this half-minute: whoever signs in now needs the next.
  await new Promise((resolve) => setTimeout(resolve, 30_500 - (Date.now() % 30_000)));
  const stop = async () => {
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    const slow = setTimeout(() => child.kill("SIGKILL"), 5000);
    await gone;
    clearTimeout(slow);
    await rm(directory, { recursive: true, force: true });
  };
  return { ready, directory, url: ready.console_url, stop, sunk: () => sunk(join(directory, "sink")) };
}

/// Every message that reached the outside world, as text.
async function sunk(folder) {
  const names = existsSync(folder) ? await readdir(folder) : [];
  return Promise.all(names.filter((name) => name.endsWith(".eml")).map((name) => readFile(join(folder, name), "utf8")));
}

/// Notices are quoted-printable or base64: their text, whatever it is.
export function notice(mail) {
  const [head, body] = [mail.slice(0, mail.indexOf("\r\n\r\n")), mail.slice(mail.indexOf("\r\n\r\n") + 4)];
  if (/^content-transfer-encoding: base64/im.test(head)) return Buffer.from(body, "base64").toString("utf8");
  if (/^content-transfer-encoding: quoted-printable/im.test(head)) {
    const bytes = body.replaceAll("=\r\n", "").replaceAll(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
    return Buffer.from(bytes, "latin1").toString("utf8");
  }
  return body;
}

/// Waits until `so` gives something, at most a minute; what it gave.
export async function until(what, so) {
  const end = Date.now() + 60_000;
  for (;;) {
    const got = await so();
    if (got) return got;
    if (Date.now() > end) throw new Error(`${what}: not within a minute`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/// Hands one message over as an institution's mail server would; the reply to its final dot.
export async function send(address, from, to, raw) {
  const [host, port] = address.split(":");
  const socket = net.connect(Number(port), host);
  socket.setTimeout(30_000, () => socket.destroy(new Error("no answer")));
  const lines = readline.createInterface({ input: socket })[Symbol.asyncIterator]();
  const reply = async () => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new Error("the connection ended");
      if (value[3] !== "-") return value;
    }
  };
  const say = async (line) => { socket.write(`${line}\r\n`); return reply(); };
  await reply();
  await say("EHLO mail.orveane.example");
  await say(`MAIL FROM:<${from}> BODY=8BITMIME`);
  for (const address of to) await say(`RCPT TO:<${address}>`);
  await say("DATA");
  socket.write(raw.replaceAll(/^\./gm, ".."));
  const answer = await say(".");
  socket.end("QUIT\r\n");
  return answer;
}

let sent = 0;
/// A message of text; `subject` may hold anything RFC 2047 can.
export function message({ from, to, subject, text, head = "Content-Type: text/plain; charset=utf-8" }) {
  sent += 1;
  const encoded = `=?utf-8?B?${Buffer.from(subject).toString("base64")}?=`;
  return [`From: <${from}>`, `To: ${to.map((address) => `<${address}>`).join(", ")}`, `Subject: ${encoded}`,
    "Date: Tue, 24 Nov 2026 10:00:00 +0100", `Message-ID: <journey-${sent}@orveane.example>`, "MIME-Version: 1.0",
    head, "Content-Transfer-Encoding: 8bit", "", ...text.split("\n"), ""].join("\r\n");
}
