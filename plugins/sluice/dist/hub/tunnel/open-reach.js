import { toMessage } from "../../sdk/errors.js";
import { Hooks } from "./hooks.js";
import { OutsideCheck } from "./outside-check.js";
import { Tunnel } from "./tunnel.js";
export function openReach({ home, clock, log }, needs) {
    const { env, ingress, channels, notifyOwner } = needs;
    const outside = new OutsideCheck();
    const tunnel = new Tunnel({ home, env, clock, log, ingress, outside });
    const isProven = () => tunnel.isProven;
    const hooks = new Hooks({ home, env, clock, log, channels, isProven });
    tunnel.onUrl((url, before) => {
        void hooks.follow();
        if (before === undefined || before === url)
            return;
        followSigned(channels, { url, before, local: ingress.url }).catch((thrown) => log.error({ error: toMessage(thrown) }, "a channel's signed URL was not changed"));
        const text = toNewAddressText(channels, url, before);
        if (text !== undefined)
            notifyOwner(text);
    });
    return {
        get tunnel() {
            return tunnel.view;
        },
        answer: outside.answer,
        findNote: (channel) => hooks.findNote(channel),
        change: (request) => tunnel.change(request),
        putBack: () => tunnel.putBack(),
        follow: () => tunnel.follow(),
        makeHook: (channel, request) => hooks.make(channel, request),
        removeHooks: (channel) => hooks.remove(channel),
        updateHooks: (channel) => hooks.update(channel, true),
        open: () => {
            tunnel.open().catch((thrown) => {
                log.error({ error: toMessage(thrown) }, "the tunnel could not be opened");
            });
        },
        close: () => {
            hooks.close();
            return tunnel.close();
        },
    };
}
/** Senders that sign the URL that they call sign the new one, once they are told it. */
async function followSigned(channels, { url, before, local }) {
    for (const { config } of channels.list()) {
        const { name, settings } = config;
        const signed = settings?.["url"];
        if (signed !== `${before}/in/${name}` && signed !== `${local}/in/${name}`)
            continue;
        await channels.keep(name, { settings: { ...settings, url: `${url}/in/${name}` } });
    }
}
/** Undefined where nobody has to be told: every platform's end follows by itself. */
function toNewAddressText(channels, url, before) {
    const names = channels
        .list()
        .filter(({ config, channel }) => channel !== undefined && (config.hooks ?? []).length === 0)
        .map(({ config }) => config.name);
    if (names.length === 0)
        return undefined;
    return `Sluice: the public address is now ${url}, and no more ${before}. Tell it to the senders of ${names.join(", ")}; "sluice channels" shows their URLs.`;
}
