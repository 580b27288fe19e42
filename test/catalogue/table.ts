/**
 * What the catalogue does for each sender, tried with its samples: the table of docs/catalogue.md.
 *
 * Owns: that trial and the table's lines. Never: asserts.
 */
import { isFiring, isResolved, toFailure } from "../../src/flow/text/merge.ts";
import { readSamples, type SenderSample } from "../../src/catalogue/samples.ts";
import type { SenderRow } from "../../src/catalogue/sender.ts";
import { loadSender, SENDER_KINDS } from "../../src/catalogue/senders.ts";
import type { Arrival } from "../../src/sdk/event.ts";
import {
  listMissing,
  receive,
  receiveArrival,
  toNoteText,
  toRequest,
  tryProof,
} from "./run-sample.ts";

type Trial = { sample: SenderSample; arrival: Arrival };

export async function loadRow(kind: string): Promise<SenderRow> {
  const row = await loadSender(kind);
  if (row === undefined) throw new Error(`no sender "${kind}"`);
  return row;
}

/** The samples that are events. */
export function listTrials(row: SenderRow): Trial[] {
  return readSamples(row.kind)
    .filter(({ answer }) => answer === undefined)
    .map((sample) => ({ sample, arrival: receiveArrival(row, toRequest(row, sample)) }));
}

export async function toTable(): Promise<string[]> {
  const rows = await Promise.all(SENDER_KINDS.map(loadRow));
  return [
    "| kind | tells of | verified | handshake | facts in the note | a retry is | ends its alert |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...rows.map(toLine),
  ];
}

function toLine(row: SenderRow): string {
  const samples = readSamples(row.kind);
  const trials = listTrials(row);
  const shown = trials.flatMap(({ sample, arrival }) => {
    const missing = listMissing(toNoteText(arrival), sample.facts).length;
    return [{ all: sample.facts.length, missing }];
  });
  const all = shown.reduce((sum, one) => sum + one.all, 0);
  const found = all - shown.reduce((sum, one) => sum + one.missing, 0);
  const cells = [
    `\`${row.kind}\``,
    row.description,
    toVerified(samples.map((sample) => tryProof(row, sample))),
    toHandshake(row, samples),
    `${found} of ${all}`,
    toRetry(trials),
    toEnd(row, trials),
  ];
  return `| ${cells.join(" | ")} |`;
}

function toVerified(tries: readonly ReturnType<typeof tryProof>[]): string {
  if (tries.includes(undefined)) return "apart";
  return tries.every((tried) => tried?.genuine === true && !tried.forged) ? "yes" : "no";
}

function toHandshake(row: SenderRow, samples: readonly SenderSample[]): string {
  if (row.handshakes === undefined && row.preflight === undefined) return "-";
  const asked = samples.filter(({ answer }) => answer !== undefined);
  const right = asked.filter((sample) => receive(row, toRequest(row, sample)).kind === "answer");
  return asked.length > 0 && right.length === asked.length
    ? "answered"
    : row.preflight === undefined
      ? "no"
      : "by its token";
}

/** The same request again. */
function toRetry(trials: readonly Trial[]): string {
  const ways = new Set(
    trials.map(({ arrival }) =>
      arrival.deliveryId !== undefined
        ? "known by its id"
        : arrival.bodyDigest !== undefined
          ? "known by its bytes"
          : "a new event",
    ),
  );
  return [...ways].join("; ");
}

/** Whether one of the samples ends what an earlier one began. */
function toEnd(row: SenderRow, trials: readonly Trial[]): string {
  const isState = [row.common, ...Object.values(row.events)].some(
    (one) => one?.stateOf !== undefined,
  );
  if (!isState) return "-";
  const ends = trials.some(({ arrival: last }, index) =>
    trials.slice(0, index).some(({ arrival: first }) => isEnded(first, last)),
  );
  return ends ? "yes" : "not shown";
}

export function isEnded(first: Arrival, last: Arrival): boolean {
  if (first.stateOf === undefined || first.stateOf !== last.stateOf || first.entity !== last.entity)
    return false;
  const before = toWords(first);
  return (isFiring(before) || toFailure(before) > 0) && isResolved(toWords(last));
}

function toWords({ kind, meta, stateOf }: Arrival) {
  const status = meta["status"] ?? meta["conclusion"] ?? null;
  return { kind, status, severity: meta["severity"] ?? null, stateOf: stateOf ?? null };
}
