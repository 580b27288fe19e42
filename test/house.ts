/**
 * Measures how the house is built: `node test/house.ts [--json] [--root <checkout>] [--static]`.
 *
 * Owns: the list of figures and how they are shown. `--root` measures another checkout with the same measure, so that two commits compare;
 * `--static` leaves out the webhook, which takes a minute and a half. Never: fails on a figure (house.test.ts).
 */
import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { countLines, isTestFile, readProduct } from "./house/facts.ts";
import {
  countByFolder,
  findCircles,
  findLaneComparisons,
  findSharedNames,
  FOLDER_FILES,
  listLongestFiles,
  listLongestFunctions,
} from "./house/figures.ts";
import { measureWebhook } from "./house/webhook.ts";

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    static: { type: "boolean", default: false },
    root: { type: "string", default: join(import.meta.dirname, "..") },
  },
});
const root = resolve(values.root);

const product = readProduct(root);
const tests = globSync("{src,test}/**/*.{ts,tsx}", { cwd: root }).filter(isTestFile);
const folders = countByFolder(product);
const figures = {
  product: { files: product.length, lines: product.reduce((sum, { lines }) => sum + lines, 0) },
  tests: {
    files: tests.length,
    lines: tests.reduce((sum, path) => sum + countLines(readFileSync(join(root, path), "utf8")), 0),
  },
  longestFiles: listLongestFiles(product, 3),
  longestFunctions: listLongestFunctions(product, 3),
  fullFolders: folders.filter(({ files }) => files > FOLDER_FILES),
  circles: findCircles(product),
  laneComparisons: findLaneComparisons(product),
  sharedNames: Object.fromEntries(findSharedNames(product)),
  webhook: values.static ? undefined : await measureWebhook(root),
};

if (values.json) process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
else process.stdout.write(toLines().join("\n").concat("\n"));

function toLines(): string[] {
  const { circles, laneComparisons, sharedNames, webhook } = figures;
  const names = Object.entries(sharedNames);
  return [
    `product: ${figures.product.files} files, ${figures.product.lines} lines`,
    `tests: ${figures.tests.files} files, ${figures.tests.lines} lines`,
    "longest files of the product:",
    ...figures.longestFiles.map(({ what, lines }) => `  ${lines} ${what}`),
    "longest functions of the product:",
    ...figures.longestFunctions.map(({ what, lines }) => `  ${lines} ${what}`),
    `folders with more than ${FOLDER_FILES} files: ${figures.fullFolders.length} of ${folders.length}`,
    ...figures.fullFolders.map(({ folder, files }) => `  ${files} ${folder}`),
    `circles of imports, types too: ${circles.length}`,
    ...circles.map((circle) => `  ${circle.length}: ${circle.join(" ")}`),
    `lane names compared outside of src/flow/lanes: ${laneComparisons.length}`,
    ...laneComparisons.map((place) => `  ${place}`),
    `exported type names with several meanings: ${names.length}`,
    ...names.map(([name, paths]) => `  ${name}: ${paths.join(" ")}`),
    ...(webhook === undefined
      ? []
      : [
          `files that a webhook enters up to COMMIT: ${webhook.toCommit.length}`,
          ...webhook.toCommit.map((path) => `  ${path}`),
          `and up to the model, hub, shim and bell: ${webhook.toModel.length}`,
          ...webhook.toModel
            .filter((path) => !webhook.toCommit.includes(path))
            .map((path) => `  ${path}`),
          `with what a clock enters in the same seconds: ${webhook.withClock.length}`,
          ...webhook.withClock
            .filter((path) => !webhook.toModel.includes(path))
            .map((path) => `  ${path}`),
        ]),
  ];
}
