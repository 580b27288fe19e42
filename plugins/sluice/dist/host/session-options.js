/** Without the variables of a client that this process may itself run under: a server would take them for its own. */
export function toCleanEnvironment(env) {
    const kept = Object.entries(env).filter((entry) => entry[1] !== undefined && !entry[0].startsWith("CLAUDE"));
    return Object.fromEntries(kept);
}
