/**
 * The environment variables that a detached hub gets from the process that started it.
 *
 * Owns: the allow-list. Never: reads process.env by itself.
 * It lists the variables that pass, not those that are removed: the hub outlives the client that started it, and a client's or a model's
 * credentials, a cloud's keys, or NODE_OPTIONS of some wrapper must not live on in it.
 */
import type { Env } from "./home.ts";

const NAMES = new Set([
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "LANG",
  "TZ",
  "TMPDIR",
  "NO_COLOR",
  // The way out, and whom to trust on it: https://nodejs.org/api/cli.html#environment-variables
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "ALL_PROXY",
  "NO_PROXY",
  "http_proxy",
  "https_proxy",
  "all_proxy",
  "no_proxy",
  "NODE_USE_ENV_PROXY",
  "NODE_USE_SYSTEM_CA",
  "NODE_EXTRA_CA_CERTS",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
]);
const PREFIXES = ["LC_", "XDG_", "SLUICE_"];
// A secret passed by name to `add --secret-env` may well be called SLUICE_..._SECRET; it is the command's, not the hub's.
const LOOKS_SECRET = /SECRET|TOKEN|PASSWORD|PASSWD|CREDENTIAL|(^|_)KEY(_|$)/i;

/** The part of `env` that a hub gets. */
export function toHubEnvironment(env: Env): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && isAllowed(name)) kept[name] = value;
  }
  return kept;
}

function isAllowed(name: string): boolean {
  return (
    NAMES.has(name) ||
    (PREFIXES.some((prefix) => name.startsWith(prefix)) && !LOOKS_SECRET.test(name))
  );
}
