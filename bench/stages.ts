/** A profile of V8, summed up: microseconds by stage of a request, and by function. Pure. */

export type Profile = {
  nodes: {
    id: number;
    callFrame: { functionName: string; url: string; lineNumber: number };
    children?: number[];
  }[];
  samples: number[];
  timeDeltas: number[];
};

/** What V8 says of time in which nothing ran. */
const IDLE = new Set(["(idle)", "(root)"]);

const START = "start and end of the process";

/** The first that fits the file of a function names its stage; one without a file (native code) belongs to whoever called it. */
const STAGES: readonly (readonly [RegExp, string])[] = [
  [
    /^node:internal\/(modules|bootstrap|main|process\/per_thread|process\/esm)|\/database-file\./,
    START,
  ],
  [/^node:.*(http|_http)/, "HTTP (node)"],
  [/^node:.*(crypto)/, "hashing (node)"],
  [/^node:.*(net|stream|tls|socket)/, "sockets and streams (node)"],
  [/^node:/, "the rest of node"],
  [/\/ingress\//, "ingress"],
  [/\/verify\//, "verification"],
  [/\/channels\//, "channel"],
  [/\/flow\/intake\//, "gate and accept"],
  [/\/flow\//, "routing and dispatch"],
  [/\/store\//, "store, its JavaScript"],
  [/\/(dist|src)\//, "the rest of Sluice"],
];
const SQL = new Set(["run", "get", "all", "exec", "prepare"]);

export function toStages(profile: Profile): {
  stages: Map<string, number>;
  functions: Map<string, number>;
} {
  const byId = new Map(profile.nodes.map((node) => [node.id, node]));
  const parents = new Map<number, number>();
  for (const { id, children = [] } of profile.nodes)
    for (const child of children) parents.set(child, id);
  const stageOf = (id: number): string => {
    const { functionName = "", url = "" } = byId.get(id)?.callFrame ?? {};
    if (functionName === "reallyExit") return START;
    if (url === "" && functionName.startsWith("(")) return functionName;
    if (url === "" && SQL.has(functionName)) return `SQLite: ${functionName}`;
    const found = url === "" ? undefined : STAGES.find(([pattern]) => pattern.test(url));
    if (found !== undefined) return found[1];
    const parent = parents.get(id);
    return parent === undefined ? "unknown" : stageOf(parent);
  };
  const stages = new Map<string, number>();
  const functions = new Map<string, number>();
  const isOutside = (id: number): boolean =>
    IDLE.has(byId.get(id)?.callFrame.functionName ?? "") || stageOf(id) === START;
  for (const [index, id] of profile.samples.entries()) {
    const node = byId.get(id);
    const us = profile.timeDeltas[index + 1] ?? 0;
    if (node === undefined || isOutside(id)) continue;
    const { functionName, url, lineNumber } = node.callFrame;
    const place = url === "" ? "native" : `${url.split("/").slice(-2).join("/")}:${lineNumber + 1}`;
    add(stages, stageOf(id), us);
    add(functions, `${functionName || "(anonymous)"} ${place}`, us);
  }
  return { stages, functions };
}

function add(sums: Map<string, number>, key: string, us: number): void {
  sums.set(key, (sums.get(key) ?? 0) + us);
}
