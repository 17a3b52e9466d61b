import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseSpec } from "../../../src/core/spec/parse-spec.ts";

export const brokenSpecsFolder = resolve(import.meta.dirname, "../../../fixtures/broken-specs");

/** Set for all broken specs; every other variable is unset. */
const variables = { SET: "set", EMPTY: "", WORD: "three" };

export type BrokenSpec = {
  readonly name: string;
  readonly text: string;
  /** From a first line such as `# env: prod`. */
  readonly environment?: string;
};

export function readBrokenSpecs(): BrokenSpec[] {
  const files = readdirSync(brokenSpecsFolder).filter((file) => file.endsWith(".yaml"));
  return files.map((file) => {
    const text = readFileSync(join(brokenSpecsFolder, file), "utf8");
    const environment = /^# env: (\S+)/.exec(text)?.[1];
    return {
      name: file.slice(0, -".yaml".length),
      text,
      ...(environment === undefined ? {} : { environment }),
    };
  });
}

export function parseBroken({ name, text, environment }: BrokenSpec) {
  const file = `${name}.yaml`;
  return parseSpec(text, { file, variables, ...(environment === undefined ? {} : { environment }) });
}
