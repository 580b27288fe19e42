/**
 * `node test/day/main.ts [events] [events a second] [seed]`: a day in the life, as a table.
 *
 * Owns: the arguments, the table, the exit code. Never: the run (day.ts).
 */
import { type Day, runDay } from "./day.ts";

const NOTES_SHARE_MAX = 0.2;

const [events = 5_000, perSecond = 50, seed = 1] = process.argv.slice(2).map(Number);
const day = await runDay({ events, perSecond, seed });
for (const [what, value] of toRows(day)) console.log(`${what.padEnd(52)}${value}`);
const isGood =
  day.lost.length + day.repeated.length + day.silenced.length === 0 &&
  day.notes <= day.accepted * NOTES_SHARE_MAX;
console.log(isGood ? "good: nothing lost, nothing read twice, nothing silenced" : "BAD");
process.exit(isGood ? 0 : 1);

function toRows(one: Day): [string, string][] {
  const number = (value: number): string => value.toLocaleString("en").padStart(12);
  const share = (part: number, whole: number): string =>
    `  (${((100 * part) / whole).toFixed(1)} %)`;
  return [
    ["events accepted", number(one.accepted)],
    ["posted in, s", number(Math.round(one.postingMs / 1_000))],
    ["skipped afterwards, min", number(one.skippedMs / 60_000)],
    ["wakes of the session", number(one.wakes)],
    ["notes delivered", number(one.notes) + share(one.notes, one.accepted)],
    ["  of them digests", number(one.digests)],
    ["events shown whole", number(one.shown)],
    ["events told in a line", number(one.inLines)],
    ["events merged into another of their entity", number(one.merged)],
    ...Object.entries(one.states).map(([state, count]): [string, string] => [
      `state ${state}`,
      number(count),
    ]),
    ["lost", number(one.lost.length)],
    ["failures and people's words that nothing stands for", number(one.silenced.length)],
    ["read again without a word", number(one.repeated.length)],
    ["tokens of notes and bells", number(one.tokens.merged)],
    ["tokens of all texts, each by itself", number(one.tokens.unmerged)],
    ["saved", share(one.tokens.unmerged - one.tokens.merged, one.tokens.unmerged).trim()],
  ];
}
