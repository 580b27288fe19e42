/**
 * What starts a hub at login: a unit of systemd, an agent of launchd, a line for Windows' scheduler.
 *
 * Owns: their text. Pure. Never: writes or enables one.
 * https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html, `man launchd.plist`
 */
export type LoginStart = {
  /** The whole command line, absolute. */
  command: readonly string[];
  env: Readonly<Record<string, string>>;
  home: string;
};

/** One name for the default home; another home has one of its own. */
export function toUnitName(home: string, isDefault: boolean): string {
  if (isDefault) return "sluice";
  // Loaded where it is needed: nearly everybody has the one home.
  const { createHash } = process.getBuiltinModule("node:crypto");
  return `sluice-${createHash("sha256").update(home).digest("hex").slice(0, 8)}`;
}

export function toSystemdUnit({ command, env, home }: LoginStart): string {
  const variables = Object.entries(env).map(
    ([name, value]) => `Environment=${quote(`${name}=${value}`)}`,
  );
  return [
    "# Made by `sluice up --at-login`; `sluice down --at-login` takes it away.",
    "[Unit]",
    `Description=Sluice hub of ${escapePercent(home)}`,
    "",
    "[Service]",
    `ExecStart=${command.map(quoteCommand).join(" ")}`,
    ...variables,
    "UMask=0077",
    // A set-up that cannot be used is not mended by a restart (2, 78); a hub that is stopped ends with 0.
    "Restart=on-failure",
    "RestartSec=5",
    "RestartPreventExitStatus=2 78",
    // The hub itself ends what it has started, in order.
    "KillMode=mixed",
    "TimeoutStopSec=15",
    "",
    "[Install]",
    "WantedBy=default.target",
    "",
  ].join("\n");
}

/** In double quotes; `%` stands for a specifier, `\` and `"` are escaped. */
function quote(text: string): string {
  return `"${escapePercent(text).replace(/["\\]/g, "\\$&")}"`;
}

/** In a command line a dollar stands for a variable as well. */
function quoteCommand(word: string): string {
  return quote(word).replaceAll("$", "$$$$");
}

function escapePercent(text: string): string {
  return text.replaceAll("%", "%%");
}

export function toLaunchAgent(label: string, { command, env, home }: LoginStart): string {
  const strings = command.map((word) => `    <string>${escapeXml(word)}</string>`);
  const pairs = Object.entries(env).map(
    ([name, value]) =>
      `    <key>${escapeXml(name)}</key>\n    <string>${escapeXml(value)}</string>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<!-- Made by "sluice up" with the flag at-login; "sluice down" with the same flag takes it away. -->
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${escapeXml(label)}</string>
  <key>ProgramArguments</key>
  <array>
${strings.join("\n")}
  </array>
  <key>EnvironmentVariables</key>
  <dict>
${pairs.join("\n")}
  </dict>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
  <key>ThrottleInterval</key>
  <integer>10</integer>
  <key>ProcessType</key>
  <string>Background</string>
  <key>Umask</key>
  <integer>63</integer>
  <key>WorkingDirectory</key>
  <string>/</string>
  <key>StandardErrorPath</key>
  <string>${escapeXml(home)}/log/login.log</string>
</dict>
</plist>
`;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Typed in Windows: it starts the distribution, and the hub in it. */
export function toWindowsLine(distribution: string, { command }: LoginStart): string {
  const inner = command.map((word) => (/\s/.test(word) ? `\\"${word}\\"` : word)).join(" ");
  return `schtasks /Create /F /SC ONLOGON /TN Sluice /TR "wsl.exe -d ${distribution} --exec ${inner}"`;
}
