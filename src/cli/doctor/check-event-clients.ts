/**
 * Doctor's checks of the programs that take events by MCP Events, which status names as well.
 *
 * Owns: what counts as in order there, and the next step. Never: opens a port, or renews a subscription.
 */
import type { EventClientsView, EventClientView } from "../../api/wire/event-client-wire.ts";
import { type Check, fail } from "./check.ts";

export function checkEventClients({
  state,
  url,
  reason = "it could not be opened",
  clients,
}: EventClientsView): Check[] {
  // Our messages say after a semicolon what to do.
  const [detail = "", fix = "it is tried again by itself"] = reason.split(/; (?=[^;]*$)/);
  return [
    ...(state === "down"
      ? [fail("mcp events", `no MCP client can connect to ${url}: ${detail}`, fix)]
      : []),
    ...clients.flatMap((client) => checkCallbacks(client) ?? []),
  ];
}

/** Undefined: they are called, or there are none. */
function checkCallbacks({ name, subscriptions }: EventClientView): Check | undefined {
  const suspended = subscriptions.flatMap(({ callback }) =>
    callback?.active === false ? [callback] : [],
  );
  if (suspended.length === 0) return undefined;
  const hosts = [...new Set(suspended.map(({ host }) => host))].join(", ");
  const errors = [...new Set(suspended.flatMap(({ lastError }) => lastError ?? []))].join(", ");
  const what = suspended.length === 1 ? "1 callback is" : `${suspended.length} callbacks are`;
  return fail(
    `mcp events ${name}`,
    `${what} suspended: ${hosts} failed too often${errors === "" ? "" : ` (${errors})`}`,
    `see that ${hosts} answers; what waits is sent once ${name} renews its subscription, which starting it again does`,
  );
}

/** The same as steps of the status. */
export function toEventClientSteps(view: EventClientsView): string[] {
  return checkEventClients(view).map(
    ({ check, detail, fix }) => `${check}: ${detail}${fix === undefined ? "" : `; ${fix}`}`,
  );
}
