/**
 * What the folders of sessions work on: known at once as far as git's files say it, and exactly when git has answered.
 *
 * Owns: what is kept, and how long. Never: how it is found (git-files.ts, ask-git.ts).
 *
 * PROJECTS-1 Nobody waits for git: `read` answers with what is known, and `found` hears of more.
 */
import { join } from "node:path";
import { setLru } from "../../flow/lru.js";
import { Git } from "./ask-git.js";
import { findGitPlace, isReadable, readProjectFiles, toStamp } from "./git-files.js";
import { NO_PROJECT } from "./project.js";
/** The files that a configuration includes are not watched. */
const LIFE_MS = 60_000;
const FOLDERS_MAX = 1_000;
export class Projects {
    #clock;
    #git;
    #userFiles;
    #known = new Map();
    #asked = new Map();
    #isClosed = false;
    constructor(env, clock) {
        this.#clock = clock;
        this.#git = new Git(env);
        this.#userFiles = toUserFiles(env);
    }
    /** What a folder works on, as far as it is known (PROJECTS-1). `found` is called later, where git has to be asked. */
    read(folder, found) {
        const place = findGitPlace(folder);
        if (place === undefined)
            return NO_PROJECT;
        const stamp = toStamp(place, this.#userFiles);
        const known = this.#known.get(folder);
        if (known !== undefined && known.stamp === stamp && this.#clock.now() < known.until)
            return known.project;
        if (!isReadable(place))
            return NO_PROJECT;
        const asked = this.#asked.get(folder) ?? this.#ask(folder, place, stamp);
        void asked.then((project) => {
            if (!this.#isClosed)
                found(project);
        });
        return known?.project ?? readProjectFiles(place);
    }
    close() {
        this.#isClosed = true;
        this.#git.close();
    }
    #ask(folder, place, stamp) {
        const asked = this.#git.read(place, folder).then((answer) => {
            const project = answer ?? readProjectFiles(place);
            this.#asked.delete(folder);
            const until = this.#clock.now() + LIFE_MS;
            setLru(this.#known, folder, { project, stamp, until }, FOLDERS_MAX);
            return project;
        });
        this.#asked.set(folder, asked);
        return asked;
    }
}
/** Where the user's own configuration may be: https://git-scm.com/docs/git-config#FILES */
function toUserFiles(env) {
    const home = env["HOME"];
    const config = env["XDG_CONFIG_HOME"] ?? (home === undefined ? undefined : join(home, ".config"));
    return [
        ...(home === undefined ? [] : [join(home, ".gitconfig")]),
        ...(config === undefined ? [] : [join(config, "git", "config")]),
    ];
}
