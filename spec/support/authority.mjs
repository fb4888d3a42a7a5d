// authority.mjs - a throwaway certificate authority for simulated servers.
//
// Made with the openssl command line, so that it works on every Node.js. The
// files live in one directory and are made again when they are near their end:
//
//   ca.pem  ca.key  server.pem  server.key

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

const DAYS = 30;

function openssl(...args) {
  return execFileSync("openssl", args, { stdio: ["ignore", "pipe", "pipe"] });
}

function isFresh(dir, names) {
  try {
    if (fs.readFileSync(path.join(dir, "names"), "utf8") !== names) return false;
    openssl("x509", "-in", path.join(dir, "server.pem"), "-noout",
      "-checkend", String(3 * 86400));
    return true;
  } catch {
    return false;
  }
}

// Returns { ca, cert, key }: the paths of the root and of a leaf for `hosts`.
export function authority(dir, hosts) {
  const at = (name) => path.join(dir, name);
  const names = hosts.map((host) =>
    (/^[\d.]+$/.test(host) ? "IP:" : "DNS:") + host).join(",");
  const found = { ca: at("ca.pem"), cert: at("server.pem"), key: at("server.key") };
  if (isFresh(dir, names)) return found;

  fs.mkdirSync(dir, { recursive: true, mode: 0o700 });
  fs.writeFileSync(at("leaf.ext"), [
    "basicConstraints=critical,CA:FALSE",
    "keyUsage=critical,digitalSignature",
    "extendedKeyUsage=serverAuth",
    "subjectKeyIdentifier=hash",
    "authorityKeyIdentifier=keyid",
    `subjectAltName=${names}`,
  ].join("\n") + "\n");
  const key = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];
  openssl("genpkey", ...key, "-out", at("ca.key"));
  // A configuration of our own: the system's would add extensions twice.
  fs.writeFileSync(at("ca.cnf"), [
    "[req]", "distinguished_name=dn", "x509_extensions=ca", "prompt=no",
    "[dn]", "CN=Simulated Providers Root",
    "[ca]", "basicConstraints=critical,CA:TRUE",
    "keyUsage=critical,keyCertSign,cRLSign", "subjectKeyIdentifier=hash",
  ].join("\n") + "\n");
  openssl("req", "-x509", "-new", "-key", at("ca.key"), "-sha256",
    "-days", String(DAYS), "-config", at("ca.cnf"), "-out", at("ca.pem"));
  openssl("genpkey", ...key, "-out", at("server.key"));
  openssl("req", "-new", "-key", at("server.key"), "-subj",
    "/CN=simulated-provider", "-out", at("server.csr"));
  openssl("x509", "-req", "-in", at("server.csr"), "-CA", at("ca.pem"),
    "-CAkey", at("ca.key"), "-CAcreateserial", "-sha256",
    "-days", String(DAYS), "-extfile", at("leaf.ext"), "-out", at("server.pem"));
  fs.writeFileSync(at("names"), names);
  return found;
}
