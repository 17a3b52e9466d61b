/** How a run ends, for scripts. The only place that says so; `--help` prints it. */
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
    meaning: "it could not be done, lint found errors or too many warnings, or a test case failed",
  },
  { code: exitCodes.changes, meaning: "done, and there are changes (plan --detailed-exitcode)" },
  { code: exitCodes.usage, meaning: "wrong usage" },
  { code: exitCodes.bug, meaning: "a bug in apimgw" },
];
