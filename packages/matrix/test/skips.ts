/** What Matrix has not, and why: for the contract, and for the table of docs/chats.md. */
import type { ContractSkip } from "sluice/testing";

export const SKIPS = [
  { test: "forwards told apart", reason: "Matrix marks no forwarded message" },
  { test: "forms", reason: "Matrix has no forms; words are typed" },
  {
    test: "commands",
    reason: "as typed words, `!status` for `/status`, tried in its own tests",
  },
] as const satisfies readonly ContractSkip[];
