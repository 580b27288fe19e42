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
