import { Daemon } from "./daemon.js";
export const openCodex = async (setup) => {
    const daemon = new Daemon(setup);
    await daemon.open();
    return (isOff) => daemon.close(isOff);
};
