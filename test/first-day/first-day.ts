/**
 * The first day: from a HOME with nothing in it to a signed event in a session, by a public address.
 *
 * Owns: the commands that a newcomer types, how long each takes, and what stands in for Cloudflare and GitHub: fakes of their programs, and
 * an edge that ends TLS under the address that was handed out. Never: calls a command's code.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { delimiter, join } from "node:path";
import type { AddedChannel } from "../../src/api/wire/wire.ts";
import type { TunnelView } from "../../src/api/wire/tunnel-wire.ts";
import { Certificates, Wire } from "../../src/sdk/wire.fixture.ts";
import { Secret } from "../../src/sdk/secret.ts";
import { sign } from "../../src/verify/sign.ts";
import { openRig, ROOT, until } from "../e2e/rig.ts";
import { openLane } from "../e2e/sessions.ts";
import { FakeProxy } from "../fakes/proxy/fake-proxy.ts";

const NAME = "seasonal-deck-organisms-1.trycloudflare.com";
const REPOSITORY = "octo-org/octo-app";

export type Step = { typed: string | undefined; what: string; ms: number };
export type FirstDay = {
  steps: Step[];
  tunnel: TunnelView;
  /** What the model read. */
  text: string;
  /** What stands in the home with other modes than 0700 and 0600 is none of ours. */
  node: string;
};

type Hook = { config: { url: string; secret: string }; events: string[] };

/** `node`: the one that stands first on the newcomer's PATH. */
export async function runFirstDay(options: { umask: number; node: string }): Promise<FirstDay> {
  const before = process.umask(options.umask);
  const certificates = new Certificates(NAME);
  const proxy = await FakeProxy.open();
  const authority: { path: string } = { path: "" };
  const rig = openRig({
    env: {
      HTTPS_PROXY: proxy.toUrl(),
      SLUICE_INGRESS_PORT: String(toPort()),
      PATH: [join(ROOT, "test/fakes/tunnels"), process.env["PATH"]].join(delimiter),
    },
  });
  const port = Number(rig.env["SLUICE_INGRESS_PORT"]);
  const edge = await Wire.open(port, certificates);
  try {
    proxy.names.set(NAME, edge.front.port);
    authority.path = join(rig.folder, "ca.pem");
    const fakes = join(rig.folder, "fakes");
    mkdirSync(fakes);
    writeFileSync(authority.path, certificates.pems.good.cert);
    const more = { NODE_EXTRA_CA_CERTS: authority.path, SLUICE_TEST_FAKES: fakes };
    Object.assign(rig.env, more);
    mkdirSync(join(rig.folder, ".git/objects"), { recursive: true });
    mkdirSync(join(rig.folder, ".git/refs"));
    writeFileSync(join(rig.folder, ".git/HEAD"), "ref: refs/heads/main\n");
    writeFileSync(
      join(rig.folder, ".git/config"),
      `[remote "origin"]\n\turl = git@github.com:${REPOSITORY}.git\n`,
    );
    const steps: Step[] = [];
    const take = async <T>(typed: string | undefined, what: string, work: () => Promise<T>) => {
      const startedAt = performance.now();
      const result = await work();
      steps.push({ typed, what, ms: performance.now() - startedAt });
      return result;
    };
    const line = "sluice add github --tunnel";
    const said = await take(line, "public address, channel, webhook", () =>
      rig.runWith(options.node, "add", "github", "--tunnel", "--json"),
    );
    if (said.code !== 0) throw new Error(`${line}: ${said.code} ${said.stderr}`);
    const { tunnel } = JSON.parse(said.stdout) as AddedChannel & { tunnel: TunnelView };
    let text = "";
    await take("claude", "a session (here the reference session)", () =>
      openLane(rig, "channel", {
        model: async (turn) => {
          text ||= turn.text.includes('event_id="evt_') ? turn.text : "";
        },
      }),
    );
    const [hook] = readHooks(fakes);
    if (hook === undefined) throw new Error("no webhook was made");
    await take(undefined, "GitHub's event, in by the public address, to the session", async () => {
      const status = await postAsGithub(hook, edge.front.port, certificates.pems.good.cert);
      if (status !== 202) throw new Error(`the event was answered ${status}`);
      await until("the event in the session", async () => text !== "");
    });
    return { steps, tunnel, text, node: options.node };
  } finally {
    await rig[Symbol.asyncDispose]();
    await edge[Symbol.asyncDispose]();
    await proxy.close();
    certificates[Symbol.dispose]();
    process.umask(before);
  }
}

function readHooks(fakes: string): Hook[] {
  const folder = join(fakes, "gh-hooks");
  return readdirSync(folder).map(
    (name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as Hook,
  );
}

/** Over TLS, to the address that GitHub was given, which only the edge knows. */
function postAsGithub({ config }: Hook, port: number, ca: string): Promise<number | undefined> {
  const { hostname, pathname } = new URL(config.url);
  const body = Buffer.from(
    JSON.stringify({
      action: "completed",
      workflow_run: {
        id: 1,
        name: "CI",
        conclusion: "failure",
        status: "completed",
        head_branch: "main",
        head_sha: "6dcb09b5b57875f334f61aebed695e2e4193db5e",
        html_url: `https://github.com/${REPOSITORY}/actions/runs/1`,
      },
      repository: { full_name: REPOSITORY },
      sender: { id: 1, login: "octocat" },
    }),
  );
  const credential = { keyId: "k1", secret: new Secret(config.secret) };
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: "127.0.0.1",
        port,
        ca,
        servername: hostname,
        path: pathname,
        method: "POST",
        headers: {
          host: hostname,
          "content-type": "application/json",
          "content-length": body.length,
          "x-github-event": "workflow_run",
          ...sign("github", credential, { id: "first", sentAt: Date.now(), body }),
        },
      },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      },
    );
    outgoing.once("error", reject);
    outgoing.end(body);
  });
}

/** As a rig chooses it: below those that the system hands out by itself. */
function toPort(): number {
  return 20_000 + (process.pid % 10_000);
}
