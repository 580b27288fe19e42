/**
 * Bugs put into copies of the source, each of which the simulator must notice.
 *
 * Owns: what is changed, as text. A change that does not fit the source any more is an error: then it must be written anew.
 */

export type Bug = {
  name: string;
  file: string;
  find: string;
  put: string;
};

export const BUGS: readonly Bug[] = [
  {
    name: "an offer leaves no trace in the store",
    file: "store/events/deliveries.ts",
    find: 'moveEvent(db, event.id, "offered", {',
    put: 'if (attempt > 1) moveEvent(db, event.id, "offered", {',
  },
  {
    name: "a lost lease gives nothing back",
    file: "flow/session/leases.ts",
    find: "this.#options.events.lost(connection.attachment, reason);",
    put: "void reason;",
  },
  {
    name: "what goes again is not marked",
    file: "flow/text/shape.ts",
    find: "if (attempt > 1) {",
    put: "if (attempt > 99) {",
  },
  {
    name: "what was seen and is not done is forgotten with its session",
    file: "flow/deliver/attempts.ts",
    find: 'if (receipt.to === "carried") setReceipt(',
    put: 'if (receipt.to === "back" && delivery.state === "seen") continue;\n    if (receipt.to === "carried") setReceipt(',
  },
  {
    name: "a subagent's read counts",
    file: "flow/lanes/pull.ts",
    find: "return signal.isSubagent\n",
    put: "return signal.isSubagent && signal.isFailure\n",
  },
  {
    name: "any turn end proves the channel",
    file: "flow/lanes/channel.ts",
    find: "const isOurs = signal.proven || offeredAt > signal.lastPromptAt;",
    put: "const isOurs = true;",
  },
  {
    name: "an inbox call proves the channel",
    file: "flow/deliver/deliver.ts",
    find: 'to === "seen" && delivery.lane === attachment.lane.name;',
    put: 'to === "seen" && delivery.lane !== undefined;',
  },
  {
    name: "pushes do not start turns",
    file: "flow/deliver/attempts.ts",
    find: 'if (sends.kind !== "events" || !sends.startsTurn(attachment)) return;',
    put: "if (sends !== undefined) return;",
  },
  {
    name: "a late answer is not withdrawn",
    file: "flow/deliver/deliver.ts",
    find: 'const reason = "the hook answer came too late";',
    put: 'const reason = "the hook answer came too late";\n    if (reason !== "") return;',
  },
  {
    name: "no budget of wakes",
    file: "flow/deliver/pace.ts",
    find: "export const WAKES_PER_HOUR = 12;\nexport const URGENT_WAKES_PER_HOUR = 30;",
    put: "export const WAKES_PER_HOUR = 1200;\nexport const URGENT_WAKES_PER_HOUR = 3000;",
  },
  {
    name: "the same reply is two rows",
    file: "store/outbox/outbox.ts",
    find: "const key = toKey(db, effect);",
    put: "const key = `${toKey(db, effect)}${Math.random()}`;",
  },
  {
    name: "deliveries of a killed hub are forgotten",
    file: "flow/deliver/deliver.ts",
    find: "if (open.length === 0) return;",
    put: "if (open.length >= 0) return;",
  },
  {
    name: "an event does not follow its copies",
    file: "store/events/inbox.ts",
    find: "if (kin === undefined || kin.copyOf === null) return;",
    put: "if (kin !== undefined || state !== undefined) return;",
  },
  {
    name: "an event is done with the first of its copies",
    file: "store/events/copied-state.ts",
    find: "if (done + expired + dead === total)",
    put: 'if (done > 0) return "done";\n  if (done + expired + dead === total)',
  },
  {
    name: "the answers of two copies are one",
    file: "store/outbox/outbox-key.ts",
    find: "hash([effect.copy ?? event, kind",
    put: "hash([event, kind",
  },
  {
    name: "attempts have no end",
    file: "flow/deliver/attempts.ts",
    find: "export const MAX_ATTEMPTS = 5;",
    put: "export const MAX_ATTEMPTS = 500;",
  },
];
