// A connection of its own, opened again by itself when it is lost, and a tool that the session can call.
import { defineChannel, env } from "sluice";
import { z } from "zod";
import { Connection } from "./connection.ts";

const ADDRESS = env("MY_CHANNEL_ADDRESS");

export default defineChannel({
  kind: "my-channel",
  instructions: "Reports of devices. Find out why one went offline.",
  attributes: { device: "which one", state: "online or offline" },
  secrets: [ADDRESS],
  service: {
    connect: (live) =>
      Connection.open(live.secret(ADDRESS), {
        onReport: ({ id, device, state }) => {
          const event = {
            id,
            text: `${device} is ${state}`,
            meta: { device, state },
            stateOf: `device/${device}`,
          };
          live.push(event).catch((thrown: unknown) => live.lost(String(thrown)));
        },
        onEnd: (reason) => live.lost(reason),
      }),
    disconnect: (connection) => connection.close(),
    isHealthy: (connection) => connection.isOpen,
  },
  tools: {
    my_channel_restart: {
      description: "Restart a device",
      input: z.object({ device: z.string() }),
      run: async ({ device }, live) => {
        await live.connection.send({ restart: device });
        return `asked ${device} to restart`;
      },
    },
  },
});
