/** What `bench/serve.ts` runs: "push <count> <chars>" makes so many events in this process, a few at a time, whether they are read or not. */
import { defineChannel, drop, localOnly } from "sluice";

export default defineChannel({
  kind: "bench",
  webhook: {
    verify: localOnly(),
    receive: ({ text }, live) => {
      const [count = 0, chars = 0] = (text.match(/\d+/g) ?? []).map(Number);
      const body = "x".repeat(chars);
      let left = count;
      const timer = setInterval(() => {
        for (let nth = 0; nth < 20 && left > 0; nth++) void live.push(`${left--} ${body}`);
        if (left === 0) clearInterval(timer);
      }, 5);
      return drop("it has begun");
    },
  },
});
