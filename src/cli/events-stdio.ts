/**
 * `sluice mcp --events`: MCP Events on stdin and stdout, for a client that starts its servers.
 *
 * Owns: carrying messages between the client and the hub, each by a request of its own. Never: reads one further than its id.
 */
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { readStream } from "../api/client/client.ts";
import { locateSocket } from "../local/home.ts";
import { isSluiceError, toMessage } from "../sdk/errors.ts";
import { toUsageFault } from "./exit.ts";
import { startHub } from "./hub.ts";

const CODES = { parse: -32_700, failed: -32_603 };

/** Resolves when the client has gone. @throws SluiceError `bad_input` without a client's name. */
export async function serveEvents(
  client: string | undefined,
  input: Readable,
  output: Writable,
): Promise<void> {
  if (client === undefined)
    throw toUsageFault(
      'say which client this is: sluice mcp --events --client <name>, as "sluice access client add" named it',
    );
  await startHub();
  const path = `/v1/clients/events/${encodeURIComponent(client)}/message`;
  const open = new Map<unknown, AbortController>();
  const send = (message: unknown): void => void output.write(`${JSON.stringify(message)}\n`);
  const carry = async (message: { id?: unknown; method?: unknown }): Promise<void> => {
    const left = new AbortController();
    const { id } = message;
    if (id !== undefined) open.set(id, left);
    let isAnswered = false;
    const fail = (why: string): void => {
      if (id !== undefined && !isAnswered && !left.signal.aborted)
        send({ jsonrpc: "2.0", id, error: { code: CODES.failed, message: why } });
    };
    try {
      await readStream({
        socket: locateSocket(process.env),
        path,
        body: { message },
        signal: left.signal,
        onMessage: (answer) => {
          isAnswered = isAnswered || isAnswerOf(answer, id);
          // What was withdrawn is not answered.
          if (!left.signal.aborted) send(answer);
        },
      });
      fail("the hub ended before an answer; ask again");
    } catch (thrown) {
      fail(isSluiceError(thrown) ? thrown.message : toMessage(thrown));
    } finally {
      if (open.get(id) === left) open.delete(id);
    }
  };
  for await (const line of createInterface({ input })) {
    if (line.trim() === "") continue;
    const message = parse(line);
    if (message === undefined)
      send({ jsonrpc: "2.0", id: null, error: { code: CODES.parse, message: "not JSON" } });
    else if (isCancel(message)) open.get(message.params.requestId)?.abort();
    else void carry(message);
  }
  for (const left of open.values()) left.abort();
}

function parse(line: string): { id?: unknown; method?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    // The answer says so.
    return undefined;
  }
}

type Cancel = { method: string; params: { requestId: unknown } };

function isCancel(message: { method?: unknown }): message is Cancel {
  const params = "params" in message ? message.params : undefined;
  return (
    message.method === "notifications/cancelled" &&
    typeof params === "object" &&
    params !== null &&
    "requestId" in params
  );
}

function isAnswerOf(answer: unknown, id: unknown): boolean {
  return (
    typeof answer === "object" &&
    answer !== null &&
    "id" in answer &&
    answer.id === id &&
    !("method" in answer)
  );
}
