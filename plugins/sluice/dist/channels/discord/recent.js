const MAX = 2_000;
export class Recent {
    #messages = new Map();
    #names = new Map();
    #ours = new Map();
    note(messageId, message) {
        keep(this.#messages, messageId, message);
        keep(this.#names, message.sender.id, message.sender.name);
    }
    noteOurs(messageId) {
        keep(this.#ours, messageId, true);
    }
    find(messageId) {
        return this.#messages.get(messageId);
    }
    findName(userId) {
        return this.#names.get(userId);
    }
    isOurs(messageId) {
        return this.#ours.has(messageId);
    }
}
function keep(map, key, value) {
    map.delete(key);
    map.set(key, value);
    const [oldest] = map.keys();
    if (map.size > MAX && oldest !== undefined)
        map.delete(oldest);
}
