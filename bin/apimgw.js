#!/usr/bin/env node
import { existsSync } from "node:fs";
import module from "node:module";

const [major, minor] = process.versions.node.split(".").map(Number);
const built = new URL("../dist/main.js", import.meta.url);
if (major < 22 || (major === 22 && minor < 12)) {
  process.stderr.write(`error: apimgw needs Node 22.12 or newer; this is ${process.versions.node}.\n`);
  process.exitCode = 1;
} else if (!existsSync(built)) {
  process.stderr.write("error: apimgw is not built yet; run `npm run build`.\n");
  process.exitCode = 1;
} else {
  module.enableCompileCache?.();
  const { run } = await import(built.href);
  await run(process);
}
