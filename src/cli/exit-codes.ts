/** How a run ends, for scripts. The only place that says so; `--help` prints it, or what a command says of its own. */
export const exitCodes = {
  done: 0,
  failed: 1,
  changes: 2,
  usage: 64,
  bug: 70,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export const exitCodeMeanings: readonly { readonly code: ExitCode; readonly meaning: string }[] = [
  { code: exitCodes.done, meaning: "done" },
  {
    code: exitCodes.failed,
    meaning:
      "it could not be done, or was not agreed to; or a check found something: lint, fmt --check, test, doctor",
  },
  { code: exitCodes.changes, meaning: "done, and there are changes (plan --detailed-exitcode)" },
  { code: exitCodes.usage, meaning: "wrong usage" },
  { code: exitCodes.bug, meaning: "a bug in apimgw" },
];
