import type { CommandContext, Environment } from "./context.ts";
import type { ExitCode } from "./exit-codes.ts";
import type { OptionTable, OptionValues } from "./options.ts";

export type ArgumentDefinition = {
  /** Commander's notation: `<required>`, `[optional]`, `[several...]`. */
  readonly name: string;
  readonly description: string;
};

/**
 * A command's work: reads its options, calls one use case, picks a report, returns the exit code. Never writes past
 * `context.output`, never ends the process. Throws Failure when the job cannot be done (exit 1, or 64 for codes that start
 * with `USAGE.`); whatever else it throws counts as a bug (70).
 */
export type CommandHandler<Values> = (
  context: CommandContext,
  args: readonly string[],
  options: Values,
) => Promise<ExitCode>;

/** A command as data: help is generated from it. The handler is loaded only when the command runs. */
export type CommandDefinition<Table extends OptionTable> = {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** A paragraph for the command's own help. */
  readonly description: string;
  readonly arguments?: readonly ArgumentDefinition[];
  readonly options: Table;
  readonly examples: readonly { readonly command: string; readonly does: string }[];
  /** Exit codes that mean something particular here; the general ones need not be said again. */
  readonly exitCodes?: readonly { readonly code: ExitCode; readonly meaning: string }[];
  /** On SIGINT or SIGTERM `context.signal` is aborted and the handler ends in its own time; else the process dies at once. */
  readonly finishesOnInterrupt?: true;
  readonly load: () => Promise<CommandHandler<OptionValues<Table>>>;
};

/** A command whatever its options are: what the table of commands holds. */
export type Command = Omit<CommandDefinition<OptionTable>, "load"> & {
  /** Loads the handler and runs it with what commander parsed. */
  readonly run: (
    context: CommandContext,
    args: readonly string[],
    parsed: Readonly<Record<string, unknown>>,
  ) => Promise<ExitCode>;
};

export function defineCommand<Table extends OptionTable>(definition: CommandDefinition<Table>): Command {
  const { load, ...rest } = definition;
  return {
    ...rest,
    run: async (context, args, parsed) => {
      const handler = await load();
      return handler(context, args, readOptions(definition.options, parsed, context.env));
    },
  };
}

function readOptions<Table extends OptionTable>(
  table: Table,
  parsed: Readonly<Record<string, unknown>>,
  env: Environment,
): OptionValues<Table> {
  const entries = Object.entries(table).map(([name, option]) => [name, option.read(parsed[name], env)]);
  // Each value was read by the option of that name, which the type checker cannot follow through fromEntries.
  return Object.fromEntries(entries) as OptionValues<Table>;
}
