/**
 * Whether a home lies where an inbox is safe: on a disk of this machine, and in no folder that a program copies elsewhere.
 *
 * Owns: deciding that by the file system and by the path. Never: refuses (home.ts) or changes anything.
 * https://www.sqlite.org/wal.html: all users of a log must be on one machine; https://man7.org/linux/man-pages/man2/statfs.2.html
 */
import { existsSync, statfsSync } from "node:fs";
import { dirname } from "node:path";
/** By Linux's magic numbers. Elsewhere the numbers differ from machine to machine, so nothing is known there. */
const NETWORK = new Map([
    [0x6969, "NFS"],
    [0x517b, "SMB"],
    [0xff534d42, "CIFS"],
    [0xfe534d42, "SMB2"],
    [0x00c36400, "Ceph"],
    [0x5346414f, "AFS"],
    [0x6b414653, "AFS"],
    [0x73757245, "Coda"],
    [0x01021997, "9p"],
    [0x47504653, "GPFS"],
    [0x0bd00bd0, "Lustre"],
]);
/** Folders that sync programs make, as they name them. */
const SYNCED = /(?:^|\/)(Dropbox|OneDrive[^/]*|Google ?Drive[^/]*|Mobile Documents|CloudStorage|Nextcloud|ownCloud|pCloudDrive)(?:\/|$)/i;
/** What the network file system is called that holds `path`, or the nearest folder of it that is there; undefined for others. */
export function findNetworkDisk(path, platform = process.platform, readType = (at) => statfsSync(at).type) {
    if (platform !== "linux")
        return undefined;
    let at = path;
    while (!existsSync(at) && dirname(at) !== at)
        at = dirname(at);
    // Some numbers use all 32 bits, and come with their sign where it is a long of 32.
    return NETWORK.get(readType(at) >>> 0);
}
/** The folder of a sync program that `path` lies in. */
export function findSyncFolder(path) {
    return SYNCED.exec(path)?.[1];
}
