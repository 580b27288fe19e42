import { WebListener } from "./listener.js";
import { Remote } from "./sign-in/remote.js";
export class WebDoor {
    listener;
    remote;
    /** @throws SluiceError `bad_config` for a SLUICE_WEB_PORT that is none. */
    constructor(options) {
        this.remote = new Remote(options);
        this.listener = new WebListener(options.env, options.log, () => this.remote.origin);
    }
    get view() {
        const { origin } = this.remote;
        return { ...this.listener.view, ...(origin === undefined ? {} : { remote: origin.origin }) };
    }
}
