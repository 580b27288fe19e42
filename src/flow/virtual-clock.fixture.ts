/** The clock of the test kit, for the tests of this folder. */
export { settle, VirtualClock } from "../testing/virtual-clock.ts";
