/** The command line that carries a plan out, with the flags that plan was given. */
import { applyOptions, outputOptions } from "./command-options.ts";
import type { PlanOptions } from "./command-options.ts";
import type { Environment } from "./context.ts";
import type { OptionDefinition } from "./options.ts";

/** A saved plan remembers the rest. */
const neededWithFile = ["cloud", "armEndpoint", "local"];

/** `apimgw apply -e prod --local`; with `--out` the line for the saved plan. Ready for a POSIX shell. */
export function applyCommand(options: PlanOptions, env: Environment): string {
  const given = new Map<string, unknown>(Object.entries(options));
  const flags = Object.entries<OptionDefinition<unknown>>(applyOptions).flatMap(([name, option]) => {
    const value = given.get(name);
    const isPassedOn = name in outputOptions || name === "format" ? false : given.has(name);
    if (!isPassedOn || isSame(value, option.read(undefined, env))) return [];
    return options.out === undefined || neededWithFile.includes(name) ? flagsFor(option, value) : [];
  });
  const file = options.out === undefined ? [] : [shellWord(options.out)];
  return ["apimgw apply", ...file, ...flags].join(" ");
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function flagsFor({ flags, preset }: OptionDefinition<unknown>, value: unknown): string[] {
  const name = /--[a-z-]+/.exec(flags)?.[0] ?? flags;
  // A switch that is off is named by the flag that turns it off.
  if (typeof value === "boolean" || value === preset) return [name];
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.map((item) => `${name} ${shellWord(String(item))}`);
}

function shellWord(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
