import type { Claims } from "../claims.ts";

export type Row = {
  when: string;
  /** The public thread that tells of it, as owner/repository#number; absent where our own attacks found it. */
  thread?: string;
  /** What users of other bridges see. */
  elsewhere: string;
  here: string;
  /** By file: the claims. */
  tests: Claims;
};
