import { SluiceError } from "../../sdk/errors.js";
import { keepCode, removeCode } from "../authored/kept-code.js";
import { readSecrets, writeSecrets } from "./secrets.js";
/** Until then it has said what is wrong with it. */
const START_MS = 15_000;
/** @throws SluiceError `bad_config`: then what ran before runs on. */
export async function replaceCode(code, { facts, needsPort, toSecrets }, { home, connections, config, freezePort, change, reason }) {
    const { name, scheme, twoWay, allowUnsigned } = config;
    const before = readSecrets(home, name) ?? { keys: [] };
    const secrets = toSecrets(before);
    const port = needsPort ? await freezePort() : undefined;
    keepCode(home, name, code);
    // REPLACE-1: those of both, until it is known which code runs.
    const named = { ...before.named, ...secrets.named };
    writeSecrets(home, name, { ...before, ...secrets, named });
    await change({ ...facts, code: { digest: code.digest, from: code.manifest.from } }, port);
    await connections.opened(name, START_MS);
    const why = reason() ?? (config.paused ? undefined : toReason(connections.state(name)));
    if (why === undefined) {
        writeSecrets(home, name, secrets);
        return removeCode(home, name, code.digest);
    }
    await change({ scheme, twoWay, allowUnsigned, code: config.code });
    writeSecrets(home, name, before);
    if (config.code !== undefined)
        await removeCode(home, name, config.code.digest);
    throw new SluiceError("bad_config", `the new code does not run (${why}); the old one does`);
}
/** What is wrong with a connection that is not up. */
function toReason(state) {
    return state !== undefined && "reason" in state ? state.reason : undefined;
}
