import { OpencodeDoor } from "./door.js";
export const openOpencode = async (setup) => {
    const door = new OpencodeDoor(setup);
    setup.serve(door);
    return async (isOff) => door.close(isOff);
};
