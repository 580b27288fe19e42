/**
 * The load generator, in a process of its own so that it does not share a thread with what it measures with.
 *
 * Takes one JSON argument (see load.ts) and prints one JSON value.
 * `closed`: so many connections, each sends the next request when it has its answer.
 * `open`: requests leave on a fixed schedule, whatever the answers do; times count from the schedule, so a stall is not hidden.
 */
import { Agent, request } from "node:http";
import autocannon from "autocannon";

const options = JSON.parse(process.argv[2] ?? "{}");
// CLOCK_MONOTONIC: the one clock that processes of a machine share.
const nowMs = () => Number(process.hrtime.bigint()) / 1e6;

async function runClosed({ url, headers, body, connections, forMs }) {
  const result = await autocannon({
    url,
    method: "POST",
    headers,
    body,
    // `[<id>]` in it is another word in each request.
    idReplacement: body.includes("[<id>]"),
    connections,
    duration: forMs / 1000,
    sampleInt: 250,
  });
  const { latency, statusCodeStats } = result;
  return {
    perSecond: result["2xx"] / result.duration,
    ok: result["2xx"],
    notOk: result.non2xx,
    errors: result.errors,
    statuses: Object.fromEntries(
      Object.entries(statusCodeStats).map(([code, { count }]) => [code, count]),
    ),
    p50Ms: latency.p50,
    p99Ms: latency.p99,
  };
}

async function runOpen({ url, headers, body, ratePerSecond, forMs, tag }) {
  const agent = new Agent({ keepAlive: true, maxSockets: 512 });
  const total = Math.round((ratePerSecond * forMs) / 1000);
  const sent = [];
  const startAt = nowMs() + 50;
  const send = (index) =>
    new Promise((resolve) => {
      const entry = {
        id: `${tag}-${index};`,
        dueAt: startAt + (index * 1000) / ratePerSecond,
        answeredAt: null,
        status: 0,
      };
      sent.push(entry);
      const outgoing = request(url, { method: "POST", headers, agent }, (response) => {
        response.resume();
        response.on("end", () => {
          entry.answeredAt = nowMs();
          entry.status = response.statusCode;
          resolve();
        });
      });
      outgoing.on("error", () => resolve()); // status stays 0: counted as an error by the reader.
      outgoing.end(body.replace("BENCH_ID", entry.id));
    });
  const pending = [];
  for (let index = 0; index < total;) {
    const waitMs = startAt + (index * 1000) / ratePerSecond - nowMs();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    else pending.push(send(index++));
  }
  await Promise.all(pending);
  agent.destroy();
  return sent;
}

const result = options.kind === "open" ? await runOpen(options) : await runClosed(options);
process.stdout.write(JSON.stringify(result));
