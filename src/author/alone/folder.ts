/**
 * The private folder of a channel that runs alone: its inbox and the tokens that Sluice makes.
 *
 * Owns: its place and its files. Never: shows a token's value.
 */
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readErrorCode, SluiceError } from "../../sdk/errors.ts";
import { Secret } from "../../sdk/secret.ts";
import { type Env, locateHome } from "../../local/home.ts";
import { ensureInnerFolder } from "../../local/safe-folder.ts";

export type AloneFolder = {
  path: string;
  inbox: string;
  /** Who sends to a webhook without a proof of its own shows this one. */
  token: string;
  /** Who reads the stream shows this one. */
  listenToken: string;
};

/** Makes it where it is missing. @throws SluiceError `unsafe_home` or `store_readonly`. */
export function openAloneFolder(env: Env, name: string): AloneFolder {
  const parent = join(locateHome(env).path, "alone");
  const path = join(parent, name);
  ensureInnerFolder(parent);
  ensureInnerFolder(path);
  return {
    path,
    inbox: join(path, "inbox.db"),
    token: join(path, "token"),
    listenToken: join(path, "listen-token"),
  };
}

/** The token of a file, made with the first look. */
export function readToken(path: string): Secret {
  try {
    const made = randomBytes(32).toString("base64url");
    writeFileSync(path, `${made}\n`, { flag: "wx", mode: 0o600 });
    return new Secret(made);
  } catch (thrown) {
    if (readErrorCode(thrown) !== "EEXIST") throw thrown;
  }
  const text = readFileSync(path, "utf8").trim();
  if (text.length < 16)
    throw new SluiceError(
      "bad_secret",
      `${path} holds no token; remove the file, and a new one is made`,
    );
  return new Secret(text);
}
