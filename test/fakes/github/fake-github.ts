/**
 * GitHub's REST API, as far as a channel asks it: webhooks and their deliveries, a repository's events, runs, commits and pull requests.
 *
 * Owns: the wire: pages, tags, limits, faults, on loopback. Never: a decision of the channel's.
 * https://docs.github.com/en/rest/repos/webhooks https://docs.github.com/en/rest/activity/events
 */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

export const FAKE_TOKEN = "github_pat_fake_0123456789abcdef";

export type FakeDelivery = {
  id: number | string;
  guid: string;
  deliveredAt: number;
  event: string;
  action?: string | null;
  statusCode: number;
  redelivery?: boolean;
  payload: unknown;
};

type Fault = { status: number; headers?: Record<string, string>; body?: string } | "break";

export class FakeGithub {
  readonly #server: Server;
  /** The newest first, as GitHub lists them. */
  deliveries: FakeDelivery[] = [];
  hooks: { id: number; active: boolean; config: { url: string } }[] = [];
  /** `owner/name`; another one is answered 404. */
  repository = "octo-org/octo-app";
  isPrivate = false;
  events: Record<string, unknown>[] = [];
  runs: Record<string, unknown>[] = [];
  readonly pulls = new Map<number, unknown>();
  readonly compared = new Map<string, unknown>();
  token = FAKE_TOKEN;
  /** Requests of an hour, while `now` says which hour it is; a 304 costs none. */
  limit = 5_000;
  pollInterval = 60;
  now: () => number = Date.now;
  asked: string[] = [];
  /** Asked about each request: what goes wrong with it. */
  fault: (path: string) => Fault | undefined = () => undefined;
  /** Runs before each answer: the lists may move while they are read. */
  between: (path: string) => void = () => undefined;
  #used = 0;
  #hour = 0;

  private constructor(server: Server) {
    this.#server = server;
    server.on("request", (request, response) => this.#answer(request, response));
  }

  static async open(): Promise<FakeGithub> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return new FakeGithub(server);
  }

  get root(): string {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("it has a port");
    return `http://127.0.0.1:${address.port}`;
  }

  get used(): number {
    return this.#used;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? "/", this.root);
    const path = url.pathname.replace(/^\/api\/v3/, "").slice(1);
    this.asked.push(`${path}${url.search}`);
    this.between(path);
    const fault = this.fault(path);
    if (fault === "break") return void request.socket.destroy();
    if (fault !== undefined) {
      response.writeHead(fault.status, { "content-type": "application/json", ...fault.headers });
      return void response.end(fault.body ?? '{"message":"fault"}');
    }
    const shown = request.headers.authorization?.replace(/^Bearer /, "");
    if (shown !== undefined && shown !== this.token)
      return this.#send(response, 401, { message: "Bad credentials" });
    const found = this.#find(path, url, shown !== undefined);
    if (found === undefined) return this.#send(response, 404, { message: "Not Found" });
    this.#sendListed(request, response, found, url);
  }

  #find(path: string, url: URL, isKnown: boolean): { value: unknown; next?: string } | undefined {
    const page = (list: readonly unknown[]) => toPage(list, url);
    const repo = `repos/${this.repository}`;
    if (!isKnown && (this.isPrivate || path.includes("/hooks"))) return undefined;
    if (path === repo)
      return {
        value: {
          id: 1296269,
          full_name: this.repository,
          private: this.isPrivate,
          html_url: `https://github.com/${this.repository}`,
          default_branch: "main",
        },
      };
    if (path === `${repo}/hooks`) return page(this.hooks);
    if (path === `${repo}/events`) return page(this.events);
    if (path === `${repo}/actions/runs`)
      return { value: { total_count: this.runs.length, workflow_runs: this.runs.slice(0, 100) } };
    const [, list] = /\/hooks\/(\d+)\/deliveries$/.exec(path) ?? [];
    if (list !== undefined && this.hooks.some(({ id }) => String(id) === list))
      return this.#listDeliveries(url);
    const [, , one] = /\/hooks\/(\d+)\/deliveries\/(\d+)$/.exec(path) ?? [];
    const delivery = this.deliveries.find(({ id }) => String(id) === one);
    if (delivery !== undefined) return { value: toDetail(delivery) };
    const [, pull] = /\/pulls\/(\d+)$/.exec(path) ?? [];
    if (pull !== undefined) return toFound(this.pulls.get(Number(pull)));
    const [, range] = /\/compare\/(.+)$/.exec(path) ?? [];
    return range === undefined ? undefined : toFound(this.compared.get(range));
  }

  /** By a cursor that names the first of the next page. */
  #listDeliveries(url: URL): { value: unknown; next?: string } {
    const size = Number(url.searchParams.get("per_page") ?? 30);
    const cursor = url.searchParams.get("cursor");
    const at = cursor === null ? 0 : this.deliveries.findIndex(({ id }) => `v1_${id}` === cursor);
    const shown = at === -1 ? [] : this.deliveries.slice(at, at + size);
    const next = at === -1 ? undefined : this.deliveries[at + size];
    return {
      value: shown.map(toListItem),
      ...(next === undefined ? {} : { next: `cursor=v1_${next.id}` }),
    };
  }

  #sendListed(
    request: IncomingMessage,
    response: ServerResponse,
    { value, next }: { value: unknown; next?: string },
    url: URL,
  ): void {
    const body = toText(value);
    const etag = `W/"${createHash("sha256").update(body).digest("hex")}"`;
    if (request.headers["if-none-match"] === etag)
      return this.#send(response, 304, undefined, { etag });
    if (!this.#take()) return this.#send(response, 403, { message: "API rate limit exceeded" });
    const to = new URL(url);
    if (next !== undefined) {
      const [key = "", word = ""] = next.split("=");
      to.searchParams.set(key, word);
    }
    const link = next === undefined ? {} : { link: `<${to.href}>; rel="next"` };
    this.#send(response, 200, value, { etag, ...link });
  }

  /** One request of this hour. */
  #take(): boolean {
    const hour = Math.floor(this.now() / 3_600_000);
    if (hour !== this.#hour) this.#used = 0;
    this.#hour = hour;
    if (this.#used >= this.limit) return false;
    this.#used++;
    return true;
  }

  #send(
    response: ServerResponse,
    status: number,
    value: unknown,
    headers: Record<string, string> = {},
  ): void {
    response.writeHead(status, {
      "content-type": "application/json; charset=utf-8",
      date: new Date(this.now()).toUTCString(),
      "x-poll-interval": String(this.pollInterval),
      "x-ratelimit-limit": String(this.limit),
      "x-ratelimit-remaining": String(Math.max(0, this.limit - this.#used)),
      "x-ratelimit-reset": String((Math.floor(this.now() / 3_600_000) + 1) * 3_600),
      ...headers,
    });
    response.end(status === 304 ? undefined : toText(value));
  }
}

/** Ids of more than sixteen digits are numbers too. */
function toText(value: unknown): string {
  return JSON.stringify(value).replaceAll(/"#(\d+)"/g, "$1");
}

function toId(id: number | string): number | string {
  return typeof id === "number" ? id : `#${id}`;
}

function toListItem({
  id,
  guid,
  deliveredAt,
  event,
  action = null,
  statusCode,
  redelivery = false,
}: FakeDelivery) {
  const status = statusCode >= 200 && statusCode < 300 ? "OK" : "failed to connect to host";
  return {
    id: toId(id),
    guid,
    delivered_at: new Date(deliveredAt).toISOString(),
    redelivery,
    duration: 0.27,
    status,
    status_code: statusCode,
    event,
    action,
    installation_id: null,
    repository_id: 1296269,
    throttled_at: null,
  };
}

function toDetail(delivery: FakeDelivery) {
  return {
    ...toListItem(delivery),
    url: "https://tunnel.example/in/github",
    request: {
      headers: { "X-GitHub-Delivery": delivery.guid, "X-GitHub-Event": delivery.event },
      payload: delivery.payload,
    },
    response: { headers: {}, payload: null },
  };
}

function toFound(value: unknown): { value: unknown } | undefined {
  return value === undefined ? undefined : { value };
}

function toPage(list: readonly unknown[], url: URL): { value: unknown; next?: string } {
  const size = Number(url.searchParams.get("per_page") ?? 30);
  const page = Number(url.searchParams.get("page") ?? 1);
  const isMore = list.length > page * size && page * size < 300;
  return {
    value: list.slice((page - 1) * size, page * size),
    ...(isMore ? { next: `page=${page + 1}` } : {}),
  };
}
