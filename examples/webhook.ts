// The least there is: whatever a program on this machine posts becomes an event.
import { defineChannel, localOnly } from "sluice";

export default defineChannel({
  kind: "webhook-demo",
  webhook: {
    verify: localOnly(),
    receive: ({ text, path }) => ({ text: text || "(empty)", meta: { path: path || "/" } }),
  },
});
