/**
 * The tools that channels of the user's own offer this session, beside ours.
 *
 * Owns: the list as the client has it, and telling the client when it is another. Never: what a tool does.
 *
 * The client asks for its tools before there is a lease, and again once it is told that they changed.
 */
import type { ContributedToolView } from "../api/wire/client-wire.ts";
import type { HubLink } from "./link.ts";
import type { McpServer } from "./mcp-server.ts";
import { TOOLS } from "./words.ts";

/** A hub that runs answers within a few ms; without one there is nothing to wait for. */
const ASK_MS = 300;
/** Clients cut there. */
const MAX_DESCRIPTION_CHARS = 2_000;

type Client = Pick<McpServer, "notification">;

export class Contributed {
  readonly #link: Pick<HubLink, "contributed">;
  readonly #client: Client;
  /** As the client last read it. */
  #told: string | undefined;

  constructor(link: Pick<HubLink, "contributed">, client: Client) {
    this.#link = link;
    this.#client = client;
  }

  async list() {
    const tools = (await this.#link.contributed(ASK_MS)).map(toTool);
    this.#told = JSON.stringify(tools);
    return { tools: [...TOOLS, ...tools] };
  }

  /** Looks again. A client that has not asked yet will read the right ones. */
  async refresh(): Promise<void> {
    if (this.#told === undefined) return;
    const tools = (await this.#link.contributed(10 * ASK_MS)).map(toTool);
    if (JSON.stringify(tools) === this.#told) return;
    // A broken pipe ends the process by itself (SHIM-2).
    const method = "notifications/tools/list_changed";
    await this.#client.notification({ method, params: {} }).catch(() => undefined);
  }
}

function toTool({ channel, name, description, inputSchema }: ContributedToolView) {
  return {
    name,
    description: `Channel ${channel}: ${description}`.slice(0, MAX_DESCRIPTION_CHARS),
    // An author's definition was checked: it is the schema of an object.
    inputSchema: inputSchema as { type: "object" },
  };
}
