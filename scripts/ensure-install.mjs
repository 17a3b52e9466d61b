// Installs the packages of package-lock.json when node_modules does not hold exactly them: a fresh clone only needs
// `npm start` or `npm test`. Runs on the machine's own Node, before anything is installed.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";

const root = resolve(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "..");

if (!isInstalled()) {
  console.log("Installing the packages of package-lock.json (npm ci) ...");
  const { status, error } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32",
    env: { ...process.env, PATH: pathOutsideProject() },
  });
  if (error) console.error(`error: npm ci could not be started: ${error.message}`);
  process.exitCode = status ?? 1;
}

/** npm notes what it installed in node_modules/.package-lock.json; packages for other platforms are missing there. */
function isInstalled() {
  const installed = readPackages(join(root, "node_modules", ".package-lock.json"));
  const wanted = readPackages(join(root, "package-lock.json"));
  if (installed === undefined || wanted === undefined) return false;
  if (!existsSync(join(root, "node_modules", ".bin"))) return false;
  const isSame = (a, b) => a?.version === b.version && a?.integrity === b.integrity;
  const hasAll = Object.entries(wanted).every(
    ([path, entry]) => path === "" || (path in installed ? isSame(installed[path], entry) : entry.optional),
  );
  return hasAll && Object.keys(installed).every((path) => path in wanted);
}

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8")).packages;
  } catch {
    return undefined;
  }
}

/** npm must not run on the Node in node_modules, which it is about to replace. */
function pathOutsideProject() {
  const entries = (process.env.PATH ?? "").split(delimiter);
  return entries.filter((entry) => !resolve(entry).startsWith(join(root, "node_modules"))).join(delimiter);
}
