const MAX_LINE_CHARS = 1_000;
const LINES_PER_SECOND = 5;
const LINES_BURST = 100;
/** Read a second; what is more waits in the pipe, and so does whoever prints it. */
const CHUNKS_PER_SECOND = 64;
export class Output {
    #log;
    #channel;
    #tokens = LINES_BURST;
    #at = Date.now();
    #leftOut = 0;
    #last = "";
    constructor(channel, log) {
        this.#channel = channel;
        this.#log = log;
    }
    /** The last line that it printed to stderr: often why it ended. */
    get last() {
        return this.#last;
    }
    follow(stream, name) {
        let rest = "";
        let chunks = 0;
        const timer = setInterval(() => {
            chunks = 0;
            if (stream.isPaused())
                stream.resume();
        }, 1_000);
        timer.unref();
        stream.setEncoding("utf8").on("data", (chunk) => {
            const lines = (rest + chunk).split("\n");
            rest = (lines.pop() ?? "").slice(0, MAX_LINE_CHARS);
            for (const line of lines)
                this.#print(name, line);
            if (++chunks >= CHUNKS_PER_SECOND)
                stream.pause();
        });
        stream.once("close", () => {
            clearInterval(timer);
            if (rest !== "")
                this.#print(name, rest);
        });
        stream.on("error", () => undefined); // It ends with its process.
    }
    /** A line of its log, or of what it printed. */
    allow() {
        const now = Date.now();
        this.#tokens = Math.min(LINES_BURST, this.#tokens + ((now - this.#at) / 1_000) * LINES_PER_SECOND);
        this.#at = now;
        if (this.#tokens < 1) {
            this.#leftOut++;
            return false;
        }
        this.#tokens--;
        if (this.#leftOut > 0)
            this.#log.warn({ channel: this.#channel, lines: this.#leftOut }, "lines were left out");
        this.#leftOut = 0;
        return true;
    }
    #print(stream, text) {
        const line = text.slice(0, MAX_LINE_CHARS).trimEnd();
        if (line === "")
            return;
        // Of a fatal error the first line says what it was; the ones below are a stack.
        const isKept = this.#last.startsWith("FATAL");
        if (stream === "stderr" && !isKept && /Error|FATAL|error/.test(line))
            this.#last = line;
        if (this.allow())
            this.#log.info({ channel: this.#channel, stream, line }, "printed");
    }
}
