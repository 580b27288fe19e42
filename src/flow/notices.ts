/**
 * What the owner is told of events that ended badly.
 *
 * Owns: the words, one notice for many events of one kind. Never: sends, or quotes what a stranger wrote. Pure.
 */
import type { End } from "../store/ends.ts";

export type Notice = {
  channel: string;
  stage: End["stage"];
  count: number;
  /** The latest step it covers: with the rest it names the notice, so that it goes out once. */
  lastId: number;
  text: string;
};

const IDS_SHOWN = 5;

/** Ends in the order of their steps become one notice for each channel and kind of end. */
export function toNotices(ends: readonly End[]): Notice[] {
  const groups = Map.groupBy(ends, ({ channel, stage }) => `${stage} ${channel}`);
  return [...groups.values()].flatMap((group) => {
    const last = group.at(-1);
    if (last === undefined) return [];
    const { channel, stage } = last;
    return [{ channel, stage, count: group.length, lastId: last.id, text: toText(group, last) }];
  });
}

function toText(group: readonly End[], { channel, stage, reason }: End): string {
  const what = group.length === 1 ? "An event" : `${group.length} events`;
  const verb = group.length === 1 ? "has" : "have";
  const ids = group.slice(0, IDS_SHOWN).map(({ event }) => event);
  const more = group.length > IDS_SHOWN ? ` and ${group.length - IDS_SHOWN} more` : "";
  const became =
    stage === "expired"
      ? `${verb} expired (${reason})`
      : `${verb} got no receipt in five attempts (${reason})`;
  return `Sluice: ${what} of ${channel} ${became}: ${ids.join(" ")}${more}. To deliver again: sluice replay ${ids[0] ?? ""}`;
}
