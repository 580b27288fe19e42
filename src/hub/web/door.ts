/**
 * Where the page can be opened: the loopback port, and the one origin of the owner's own tunnel.
 *
 * Owns: both, as one. Never: the answers (app.ts).
 */
import type { Env } from "../../local/home.ts";
import type { HubView } from "../../api/wire/wire.ts";
import { WebListener } from "./listener.ts";
import { Remote, type RemoteOptions } from "./sign-in/remote.ts";

export class WebDoor {
  readonly listener: WebListener;
  readonly remote: Remote;

  /** @throws SluiceError `bad_config` for a SLUICE_WEB_PORT that is none. */
  constructor(options: RemoteOptions & { env: Env }) {
    this.remote = new Remote(options);
    this.listener = new WebListener(options.env, options.log, () => this.remote.origin);
  }

  get view(): HubView["web"] {
    const { origin } = this.remote;
    return { ...this.listener.view, ...(origin === undefined ? {} : { remote: origin.origin }) };
  }
}
