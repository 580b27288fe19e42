/**
 * An inspector with a real server process below it, for tests, and what it told.
 *
 * Owns: that scene. Never: the behaviour under test.
 */
import { join } from "node:path";
import { CODE_CACHE } from "../cli/run-cli.fixture.ts";
import { DEVELOPMENT_FLAG } from "../sdk/channel-flag.ts";
import { makeFolder } from "../store/sample.fixture.ts";
import type { Happening } from "./happening.ts";
import { Inspector, type InspectorOptions } from "./inspector.ts";

export const WEBHOOK_SERVER = join(import.meta.dirname, "webhook-server.fixture.ts");
export const ODD_SERVER = join(import.meta.dirname, "odd-server.fixture.ts");

type Kind = Happening["kind"];
type Of<K extends Kind> = Extract<Happening, { kind: K }>;

export class InspectRig implements AsyncDisposable {
  readonly inspector: Inspector;
  readonly told: Happening[] = [];
  readonly folder: string = makeFolder();

  constructor(
    server: string,
    env: Record<string, string> = {},
    more: Partial<InspectorOptions> = {},
  ) {
    const name = more.name ?? "webhook";
    this.inspector = new Inspector({
      command: process.execPath,
      args: [server],
      name,
      client: { argv: [DEVELOPMENT_FLAG, `server:${name}`] },
      cwd: this.folder,
      env: { PATH: process.env["PATH"] ?? "", NODE_COMPILE_CACHE: CODE_CACHE, ...env },
      ...more,
    });
    this.inspector.observe((happening) => this.told.push(happening));
  }

  all<K extends Kind>(kind: K): Of<K>[] {
    return this.told.filter((one): one is Of<K> => one.kind === kind);
  }

  /** The first that fits, told or to come; the runner's own limit ends a wait that is in vain. */
  until<K extends Kind>(kind: K, fits: (one: Of<K>) => boolean = () => true): Promise<Of<K>> {
    const isIt = (one: Happening): one is Of<K> => one.kind === kind && fits(one as Of<K>);
    const found = this.told.find(isIt);
    if (found !== undefined) return Promise.resolve(found);
    return new Promise((resolve) => {
      const stop = this.inspector.observe((one) => {
        if (!isIt(one)) return;
        stop();
        resolve(one);
      });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.inspector.close();
  }
}

export async function startRig(
  ...args: ConstructorParameters<typeof InspectRig>
): Promise<InspectRig> {
  const rig = new InspectRig(...args);
  await rig.inspector.start();
  return rig;
}

export const startOdd = (odd: string, more: Partial<InspectorOptions> = {}): Promise<InspectRig> =>
  startRig(ODD_SERVER, { FIXTURE_ODD: odd }, more);
