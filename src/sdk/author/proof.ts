/**
 * How a webhook's sender proves who it is, as an author writes it.
 *
 * Owns: these words, as data: `header("X-Sentry-Token", env("SENTRY_TOKEN"))`. Never: a secret's value, or the proof (verify/).
 */
import { SluiceError } from "../errors.ts";
import type { SchemeName } from "../../verify/schemes.ts";

/** The name of a secret. Its value never stands in a definition: alone it is read from the environment, in the hub from the hub's store. */
export type EnvRef = { readonly env: string };

/** A request as an author's own check sees it: the raw bytes, before anything is parsed. */
export type RawRequest = {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** What follows the channel's name in the URL, without a slash in front. */
  readonly path: string;
  /** Reads one of the channel's secrets. */
  secret(of: EnvRef | string): string;
};

export type OwnCheck = (request: RawRequest) => boolean | Promise<boolean>;

/** Data, but for a check of the author's own. */
export type ProofRule =
  /** `secrets`: the current one, and those that are being rotated out. */
  | {
      readonly kind: "scheme";
      readonly scheme: SchemeName;
      readonly header?: string;
      readonly secrets: readonly EnvRef[];
    }
  /** A bearer token that Sluice makes. */
  | { readonly kind: "made" }
  /** No proof: only programs on this machine, never a page in a browser. */
  | { readonly kind: "local" }
  | { readonly kind: "own"; readonly check: OwnCheck };

/** Names a secret by its environment variable. @throws SluiceError `bad_config`. */
export function env(name: string): EnvRef {
  if (typeof name !== "string" || !/^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(name))
    throw new SluiceError(
      "bad_config",
      'env(...) takes the name of an environment variable, such as "SENTRY_TOKEN", never the secret itself',
    );
  return Object.freeze({ env: name });
}

/** The header holds the secret itself. */
export function header(name: string, ...secrets: EnvRef[]): ProofRule {
  return { kind: "scheme", scheme: "token-header", header: name, secrets };
}

/** `Authorization: Bearer <secret>`. */
export function bearer(...secrets: EnvRef[]): ProofRule {
  return { kind: "scheme", scheme: "bearer", secrets };
}

/** A signature over the raw bytes: `signed("github", env("GITHUB_SECRET"))`. */
export function signed(scheme: SchemeName, ...secrets: EnvRef[]): ProofRule {
  return { kind: "scheme", scheme, secrets };
}

/** No proof. Any program on this machine may send; pages in a browser and other machines may not. */
export function localOnly(): ProofRule {
  return { kind: "local" };
}
