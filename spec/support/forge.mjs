// forge.mjs - what a thief of the inspection intermediate's key could sign.
//
// Finds the key and its certificate below a state directory by what they are,
// not by their names, and signs leaves with openssl.

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

const openssl = (...args) => execFileSync("openssl", args,
  { stdio: ["ignore", "pipe", "ignore"] }).toString();

function* files(dir) {
  for (const entry of fs.readdirSync(dir, { withFileTypes: true })) {
    const full = path.join(dir, entry.name);
    if (entry.isDirectory()) yield* files(full);
    else if (entry.isFile() && fs.statSync(full).size < 1 << 20) yield full;
  }
}

const PEM = /-----BEGIN ([A-Z ]+)-----[^-]+-----END \1-----\n?/g;

// { cert, key }: PEM texts of the CA that may sign servers and no other CA.
export function intermediateOf(state) {
  const keys = [];
  const certs = [];
  for (const file of files(state)) {
    for (const [text, kind] of fs.readFileSync(file, "latin1").matchAll(PEM)) {
      if (kind.endsWith("PRIVATE KEY")) keys.push(text);
      if (kind === "CERTIFICATE") certs.push(text);
    }
  }
  const publicOf = (text, ...how) => execFileSync("openssl", how,
    { input: text, stdio: ["pipe", "pipe", "ignore"] }).toString();
  for (const cert of certs) {
    const says = execFileSync("openssl", ["x509", "-noout", "-text"],
      { input: cert }).toString();
    if (!/CA:TRUE, pathlen:0/.test(says) || !/Name Constraints/.test(says)) {
      continue;
    }
    const wanted = publicOf(cert, "x509", "-pubkey", "-noout");
    const key = keys.find((one) =>
      publicOf(one, "pkey", "-pubout") === wanted);
    if (key) return { cert, key };
  }
  throw new Error(`no intermediate with its key below ${state}`);
}

// A chain (leaf, intermediate) and key for `host`: { cert, key } PEM paths.
export function forge(ca, dir, host) {
  const at = (name) => path.join(dir, `${host}.${name}`);
  fs.mkdirSync(dir, { recursive: true });
  fs.writeFileSync(at("ca.pem"), ca.cert);
  fs.writeFileSync(at("ca.key"), ca.key, { mode: 0o600 });
  fs.writeFileSync(at("ext"), [
    "basicConstraints=critical,CA:FALSE",
    "keyUsage=critical,digitalSignature",
    "extendedKeyUsage=serverAuth",
    "authorityKeyIdentifier=keyid",
    `subjectAltName=${/^[\d.]+$/.test(host) ? "IP" : "DNS"}:${host}`,
  ].join("\n") + "\n");
  openssl("genpkey", "-algorithm", "EC", "-pkeyopt",
    "ec_paramgen_curve:P-256", "-out", at("key"));
  openssl("req", "-new", "-key", at("key"), "-subj", `/CN=${host}`,
    "-out", at("csr"));
  openssl("x509", "-req", "-in", at("csr"), "-CA", at("ca.pem"), "-CAkey",
    at("ca.key"), "-set_serial", String(1 + Math.floor(Math.random() * 1e9)),
    "-sha256", "-days", "5", "-extfile", at("ext"), "-out", at("leaf"));
  fs.writeFileSync(at("crt"), fs.readFileSync(at("leaf"), "utf8") + ca.cert);
  return { cert: at("crt"), key: at("key") };
}
