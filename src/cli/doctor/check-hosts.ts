/**
 * Doctor's checks of the agents that the hub speaks to by itself, and what can be expected of the sessions that are open.
 *
 * Owns: how their gates and lanes are told. Never: what a gate is (src/hosts), or what a lane does (src/flow/lanes).
 */
import type { HostView, LaneView } from "../../api/wire/host-wire.ts";
import type { StatusView } from "../../api/wire/wire.ts";
import { askRunning } from "../hub.ts";
import { attempt, type Check, pass } from "./check.ts";

export async function checkHosts(status: StatusView | undefined): Promise<Check[]> {
  if (status === undefined) return [];
  return attempt("agents", async () => {
    const hosts = await askRunning((api) => api.hosts.$get());
    const lanes = await askRunning((api) => api.lanes.$get());
    return [...hosts.flatMap(toHostChecks), ...toLaneChecks(lanes, hosts, status)];
  });
}

export function toHostChecks({ name, folder, gates, sessions }: HostView): Check[] {
  const found = `${sessions} ${sessions === 1 ? "session" : "sessions"} found, in ${folder}`;
  return [
    pass(name, found),
    ...gates.map(({ gate, isOpen, detail, fix }) => ({
      check: `${name} ${gate}`,
      ok: isOpen,
      detail,
      ...(fix === undefined ? {} : { fix }),
    })),
  ];
}

/** The rows of the table of docs/hosts.md for lanes that are in use. */
export function toLaneChecks(
  lanes: readonly LaneView[],
  hosts: readonly Pick<HostView, "name">[],
  { sessions }: Pick<StatusView, "sessions">,
): Check[] {
  return lanes
    .filter(
      ({ name }) =>
        sessions.some(({ lane }) => lane === name) || hosts.some((host) => host.name === name),
    )
    .map(({ name, wakes, text, receipt, prompts, questions, stop }) =>
      pass(
        `lane ${name}`,
        `wakes: ${wakes}; text: ${text}; receipt: ${receipt}; prompts: ${prompts}; questions: ${questions}; stop: ${stop}`,
      ),
    );
}
