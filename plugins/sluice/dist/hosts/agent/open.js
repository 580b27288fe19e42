import { AgentDoor } from "./door.js";
export const openAgents = async (setup) => {
    const door = new AgentDoor(setup);
    setup.serve(door);
    return async () => door.close();
};
