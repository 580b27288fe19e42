/**
 * The MCP server, which announces the channel to hosts that may use it, and to no other.
 *
 * Owns: that announcement. Never: decides which hosts those are (sdk/channel-hosts.ts).
 *
 * The handshake names the host, so the answer to that same handshake depends on it. A host that is offered a channel and
 * drops its notifications loses events without a sign: the real Codex CLI did.
 */
import { Server } from "@modelcontextprotocol/server";
import { VERSION } from "../local/version.ts";
import { type HostFacts, mayUseChannel } from "../sdk/channel-hosts.ts";
import { INSTRUCTIONS, SERVER_NAME } from "./words.ts";

const CHANNEL = { "claude/channel": {}, "claude/channel/permission": {} };

export class ShimServer extends Server {
  readonly #host: Omit<HostFacts, "name">;

  constructor(host: Omit<HostFacts, "name">) {
    super(
      { name: SERVER_NAME, version: VERSION },
      { capabilities: { tools: {} }, instructions: INSTRUCTIONS },
    );
    this.#host = host;
  }

  /** Asked for while the client's `initialize` is answered: its name is known then. */
  override getCapabilities(): ReturnType<Server["getCapabilities"]> {
    const capabilities = super.getCapabilities();
    return this.isChannel ? { ...capabilities, experimental: CHANNEL } : capabilities;
  }

  /** The client may be sent events, and may relay its permission requests. */
  get isChannel(): boolean {
    const client = this.getClientVersion();
    return client !== undefined && mayUseChannel({ ...this.#host, name: client.name });
  }
}
