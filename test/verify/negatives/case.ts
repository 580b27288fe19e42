/** One request that must be refused, and why. */
import type { Request } from "../samples.ts";
import type { RefusalReason, Verifier } from "../../../src/verify/contract.ts";

export type Case = {
  name: string;
  reason: RefusalReason;
  request: Request;
  /** Default: the moment at which the samples are sent. */
  now?: number;
  /** Default: the one that the genuine request satisfies. */
  verifier?: Verifier;
};
