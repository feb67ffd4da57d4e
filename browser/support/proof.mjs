// Checks a C2SP tlog-proof as a stranger would: RFC 9162 §2.1.3.2 for the path, Ed25519 for the signed note.

import { createHash, createPublicKey, verify } from "node:crypto";

const sha256 = (...parts) => createHash("sha256").update(Buffer.concat(parts)).digest();

/// The root that `leaf` (its hash) at `index` leads to, in a tree of `size`.
function rootOf(leaf, index, size, path) {
  let [fn, sn, root] = [index, size - 1, leaf];
  for (const hash of path) {
    if (sn === 0) throw new Error("the path is too long");
    if (fn % 2 === 1 || fn === sn) {
      root = sha256(Buffer.from([1]), hash, root);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn >> 1, sn >> 1];
    } else {
      root = sha256(Buffer.from([1]), root, hash);
    }
    [fn, sn] = [fn >> 1, sn >> 1];
  }
  if (sn !== 0) throw new Error("the path is too short");
  return root;
}

/// Throws unless `file` proves that the leaf is under a checkpoint signed with `key` (`NAME+HASH+KEY`).
export function check(file, leafHash, key) {
  const lines = file.split("\n");
  const gap = lines.indexOf("");
  // An `extra` line may stand before it: what the proof carries besides, signed by nobody.
  const at = lines.findIndex((line) => line.startsWith("index "));
  const index = Number(lines[at].slice("index ".length));
  const path = lines.slice(at + 1, gap).map((line) => Buffer.from(line, "base64"));
  const note = lines.slice(gap + 1).join("\n");
  const end = note.indexOf("\n\n") + 1;
  const [body, signatures] = [note.slice(0, end), note.slice(end + 1)];
  const [, size, root] = body.split("\n");
  const found = rootOf(Buffer.from(leafHash, "base64"), index, Number(size), path).toString("base64");
  if (found !== root) throw new Error(`the path leads to ${found}, the checkpoint says ${root}`);
  const [name, , ...rest] = key.split("+");
  const raw = Buffer.from(rest.join("+"), "base64").subarray(1);
  const line = signatures.split("\n").find((signature) => signature.startsWith(`— ${name} `));
  const signature = Buffer.from(line.split(" ")[2], "base64").subarray(4);
  const jwk = { kty: "OKP", crv: "Ed25519", x: raw.toString("base64url") };
  const publicKey = createPublicKey({ key: jwk, format: "jwk" });
  if (!verify(null, Buffer.from(body), publicKey, signature)) throw new Error("the signature does not verify");
}
