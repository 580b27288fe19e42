/** The steps of an event at which a hub or a shim is killed, in their order. Owns: their names. Never: a kill (kill-at.ts, kill-shim-at.ts). */
export const STEPS = [
  "headers are read",
  "a part of the body is read",
  "before the transaction",
  "the event is written, not committed",
  "the event is committed, not answered",
  "the answer is out",
  "before the offer",
  "the offer is written, not committed",
  "the offer is committed, not handed over",
  "the offer is handed over",
  "before the receipt",
  "the receipt is written, not committed",
  "the receipt is committed",
] as const;
export type StepName = (typeof STEPS)[number];

export const SHIM_STEPS = [
  "the bell's hook is read",
  "the hub has answered, nothing is said",
  "the answer is out",
  "the end of the turn is read",
] as const;
