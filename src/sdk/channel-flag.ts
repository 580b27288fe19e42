/**
 * How a client's command line asks for our channel.
 *
 * Owns: recognising that. Never: knows what follows from it.
 */

/** Our channel is named in the client's argv: the user asked for the channel lane. */
export function isChannelNamed(argv: readonly string[]): boolean {
  return argv.some((argument, index) => {
    const flag = index > 0 ? (argv[index - 1] ?? "") : "";
    const isValue = /^--(channels|dangerously-load-development-channels)$/.test(flag);
    const [, inline] =
      /^--(?:channels|dangerously-load-development-channels)=(.*)$/s.exec(argument) ?? [];
    const names = inline ?? (isValue || /^(plugin|server):/.test(argument) ? argument : "");
    return names
      .split(/[\s,]+/)
      .some((name) => /^(?:plugin:sluice(?:@|:|$)|server:sluice$)/.test(name));
  });
}

/**
 * The session runs in the client's background service, started there or moved there: whatever its first command line asked for did
 * not come along. As client 2.1.329 names such a process; its documentation says nothing of it.
 */
export function isInBackground(argv: readonly string[]): boolean {
  return argv.includes("--bg-spare");
}
