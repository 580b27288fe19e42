import { SluiceError } from "../errors.js";
export function toInwardConnection(name, close = async () => undefined) {
    return {
        send: async () => {
            throw new SluiceError("bad_input", `${name} only brings events in; nobody reads an answer`);
        },
        close,
    };
}
