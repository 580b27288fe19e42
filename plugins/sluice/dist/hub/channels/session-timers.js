import { SluiceError } from "../../sdk/errors.js";
import { newUlid } from "../../sdk/id.js";
const KIND = "timer";
const MAX_TIMERS = 200;
export function openSessionTimers(channels) {
    const listAll = () => channels.list().flatMap(({ config: { kind, name, settings = {} } }) => {
        const { by, session, at = "", text = "" } = settings;
        const isOne = kind === KIND && by === "session" && session !== undefined;
        return isOne ? [{ session, timer: { name, at: Date.parse(at), text } }] : [];
    });
    return {
        list: (session) => listAll().flatMap((one) => (one.session === session ? one.timer : [])),
        async add(session, { at, text }) {
            if (listAll().length >= MAX_TIMERS)
                throw new SluiceError("rate_limited", `${MAX_TIMERS} timers of sessions wait already`);
            const name = `timer-${newUlid(at).slice(-6)}`;
            const settings = { at: new Date(at).toISOString(), text, session, by: "session" };
            await channels.add({ kind: KIND, name, settings, twoWay: false, allowUnsigned: false });
            return { name, at, text };
        },
        async remove(name) {
            await channels.remove(name);
        },
    };
}
