/**
 * Test fixture: a channel server in this process, made with the SDK that channels are made with.
 *
 * Owns: that server, and what it was sent. Never: the behaviour under test.
 */
import { Server } from "@modelcontextprotocol/server";
import type { ConnectServer } from "./link.ts";

export type MemoryServer = {
  connect: ConnectServer;
  push(content: unknown, meta?: unknown): Promise<void>;
  /** A verdict on a relayed prompt. */
  answer(requestId: string, behavior: string): Promise<void>;
  /** The ids of the prompts that were relayed to it. */
  relayed: string[];
  /** The calls of its one tool, `say`. */
  calls: object[];
  /** How often it was connected. */
  connects: number;
  close(): Promise<void>;
};

const ANY = {
  params: {
    "~standard": {
      version: 1 as const,
      vendor: "fixture",
      validate: (value: unknown) => ({ value }),
    },
  },
};

/** `experimental` null: it declares nothing of the kind. */
export function makeMemoryServer(
  experimental: unknown = { "claude/channel": {} },
  tool: object = {},
): MemoryServer {
  let live: Server | undefined;
  const notify = async (method: string, params: object): Promise<void> =>
    live?.notification({ method, params } as Parameters<Server["notification"]>[0]);
  const made: MemoryServer = {
    relayed: [],
    calls: [],
    connects: 0,
    connect(transport) {
      made.connects++;
      live = new Server(
        { name: "memory", version: "1.0.0" },
        {
          capabilities: {
            tools: {},
            ...(experimental === null ? {} : { experimental: experimental as never }),
          },
        },
      );
      live.setRequestHandler("tools/list", () => ({
        tools: [{ name: "say", inputSchema: { type: "object" as const }, ...tool }],
      }));
      live.setRequestHandler("tools/call", ({ params }) => {
        made.calls.push(params.arguments ?? {});
        return { content: [{ type: "text", text: "said" }] };
      });
      live.setNotificationHandler(
        "notifications/claude/channel/permission_request",
        ANY,
        (params) => void made.relayed.push(String((params as { request_id: unknown }).request_id)),
      );
      return live.connect(transport);
    },
    push: (content, meta) =>
      notify("notifications/claude/channel", {
        content,
        ...(meta === undefined ? {} : { meta }),
      }),
    answer: (requestId, behavior) =>
      notify("notifications/claude/channel/permission", { request_id: requestId, behavior }),
    close: async () => live?.close(),
  };
  return made;
}
