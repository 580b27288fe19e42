import { expect, test } from "vitest";
import { toHubEnvironment } from "./environment.ts";

const WANTED = {
  PATH: "/usr/bin",
  HOME: "/home/ada",
  USER: "ada",
  LOGNAME: "ada",
  LANG: "de_CH.UTF-8",
  LC_ALL: "C",
  LC_TIME: "C",
  TZ: "Europe/Zurich",
  TMPDIR: "/tmp",
  XDG_RUNTIME_DIR: "/run/user/1000",
  HTTP_PROXY: "http://proxy:1",
  https_proxy: "http://proxy:2",
  ALL_PROXY: "http://proxy:3",
  no_proxy: "localhost",
  NODE_EXTRA_CA_CERTS: "/ca.pem",
  SSL_CERT_FILE: "/certs.pem",
  SSL_CERT_DIR: "/certs",
  SLUICE_HOME: "/home/ada/.sluice",
  SLUICE_LOG: "debug",
  SLUICE_INGRESS_PORT: "9000",
  NO_COLOR: "1",
};

const HOSTILE = [
  "ANTHROPIC_API_KEY ANTHROPIC_AUTH_TOKEN ANTHROPIC_BASE_URL CLAUDECODE CLAUDE_CODE_ENTRYPOINT CLAUDE_CODE_OAUTH_TOKEN CLAUDE_CONFIG_DIR CLAUDE_PLUGIN_ROOT",
  "AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_PROFILE GOOGLE_APPLICATION_CREDENTIALS AZURE_CLIENT_SECRET CLOUDSDK_CONFIG",
  "GITHUB_TOKEN GH_TOKEN GITLAB_TOKEN NPM_TOKEN OPENAI_API_KEY TELEGRAM_BOT_TOKEN SLACK_BOT_TOKEN DATABASE_URL KUBECONFIG",
  "NODE_OPTIONS NODE_PATH NODE_DEBUG NODE_V8_COVERAGE LD_PRELOAD LD_LIBRARY_PATH DYLD_INSERT_LIBRARIES BASH_ENV ENV IFS SHELL EDITOR",
  "SSH_AUTH_SOCK SSH_AGENT_PID GPG_AGENT_INFO DBUS_SESSION_BUS_ADDRESS DISPLAY PWD OLDPWD npm_config_userconfig npm_lifecycle_script INIT_CWD VIRTUAL_ENV",
  "SLUICE_GITHUB_SECRET SLUICE_TOKEN SLUICE_SIGNING_KEY SLUICE_KEY SLUICE_PASSWORD sluice_home Path XPATH LCX MY_SLUICE_HOME __proto__",
].flatMap((line) => line.split(" "));

test("a hub gets what it needs to find its files and the network", () => {
  expect(toHubEnvironment(WANTED)).toEqual(WANTED);
});

test("a hub gets nothing of the client, the model, clouds, wrappers or secrets", () => {
  const hostile = Object.fromEntries(HOSTILE.map((name) => [name, "canary"]));
  expect(toHubEnvironment({ ...hostile, ...WANTED })).toEqual(WANTED);
});

test("a variable that is not set is left out", () => {
  expect(toHubEnvironment({ PATH: undefined, TZ: "UTC" })).toEqual({ TZ: "UTC" });
});
