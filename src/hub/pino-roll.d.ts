/** The package ships no types: what we use of https://github.com/mcollina/pino-roll and of the sonic-boom stream that it returns. */
declare module "pino-roll" {
  import type { EventEmitter } from "node:events";

  export type RollingFile = EventEmitter & {
    readonly destroyed: boolean;
    write(line: string): boolean;
    end(): void;
  };

  export type RollingFileOptions = {
    file: string;
    /** `10m`, `64k`, `500b`. */
    size: string;
    limit: { count: number; removeOtherLogFiles: boolean };
    mode: number;
    sync: boolean;
    maxLength: number;
  };

  export default function openRollingFile(options: RollingFileOptions): Promise<RollingFile>;
}
