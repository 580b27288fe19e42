import { Child } from "./child.js";
const NO_LOG = { debug() { }, info() { }, warn() { }, error() { } };
/** @throws SluiceError `bad_config`: one line with the place and the fix. */
export async function describeCode(entry, folder, reads, env) {
    const child = new Child({
        start: { mode: "describe", entry, name: "new", settings: {}, secrets: {} },
        folder,
        reads,
        env,
        log: NO_LOG,
        hooks: { take: async () => [], report() { }, leftBehind() { }, undelivered: async () => { } },
    });
    try {
        return await child.ready;
    }
    finally {
        await child.close();
    }
}
