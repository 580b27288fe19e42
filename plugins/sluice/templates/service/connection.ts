// The service's wire: a line of JSON for each message, both ways. Replace it by the client of your service.
import { once } from "node:events";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { z } from "zod";

const report = z.object({
  id: z.string(),
  device: z.string(),
  state: z.enum(["online", "offline"]),
});

export type Report = z.infer<typeof report>;

type Heard = {
  onReport(report: Report): void;
  onEnd(reason: string): void;
};

export class Connection {
  readonly #socket: ReturnType<typeof connect>;

  private constructor(socket: ReturnType<typeof connect>) {
    this.#socket = socket;
  }

  /** Resolves once it is open. `address` is `host:port`. */
  static async open(address: string, { onReport, onEnd }: Heard): Promise<Connection> {
    const [host = "", port = ""] = address.split(":");
    const socket = connect(Number(port), host);
    await once(socket, "connect");
    const end = (reason: string) => {
      socket.destroy();
      onEnd(reason);
    };
    socket.on("error", (error) => end(error.message));
    socket.on("close", () => end("the service has closed the connection"));
    createInterface({ input: socket }).on("line", (line) => {
      try {
        onReport(report.parse(JSON.parse(line)));
      } catch (thrown) {
        end(`the service sent what is no report: ${String(thrown)}`);
      }
    });
    return new Connection(socket);
  }

  get isOpen(): boolean {
    return this.#socket.writable;
  }

  /** Resolves once it is written. */
  async send(message: object): Promise<void> {
    await new Promise<void>((done, fail) => {
      this.#socket.write(`${JSON.stringify(message)}\n`, (error) => (error ? fail(error) : done()));
    });
  }

  close(): void {
    this.#socket.destroy();
  }
}
