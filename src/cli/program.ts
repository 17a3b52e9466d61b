/** The table of commands as a commander program: arguments in, what to do out. Nothing runs and nothing is written here. */
import { Argument, CommanderError, Help, InvalidArgumentError, Option, Command as Program } from "commander";
import type { Failure } from "../core/failure.ts";
import type { Command } from "./command.ts";
import { exitCodeMeanings, exitCodes } from "./exit-codes.ts";
import type { OptionDefinition } from "./options.ts";
import { usageFailure } from "./usage.ts";

/** What the arguments ask for. */
export type Invocation =
  | {
      readonly kind: "run";
      readonly command: Command;
      readonly args: readonly string[];
      readonly parsed: Readonly<Record<string, unknown>>;
    }
  /** Help or the version: text for stdout. */
  | { readonly kind: "answer"; readonly text: string }
  /** No command: help for stderr. */
  | { readonly kind: "lost"; readonly text: string };

const helpWidth = 104;

/**
 * Parses the arguments (without node and script). Throws Failure `USAGE.*` for unknown commands and options, bad values and
 * too many arguments, with the nearest name as remedy.
 */
export function parseArguments(
  argv: readonly string[],
  commands: readonly Command[],
  version: string,
): Invocation {
  let invocation: Invocation | undefined;
  let answer = "";
  let complaint = "";
  const program = new Program("apimgw")
    .description("Azure API Management in front of Azure OpenAI, from one declarative file.")
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "show help")
    .helpCommand("help [command]", "show help for a command")
    .configureHelp(commandsInCommands())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => (answer += text),
      writeErr: (text) => (complaint += text),
      outputError: () => undefined,
      getOutHelpWidth: () => helpWidth,
      getErrHelpWidth: () => helpWidth,
    })
    .addHelpText("after", exitCodesHelp(exitCodeMeanings));
  refuseHelpForNothing(argv, commands);
  for (const command of commands) {
    addCommand(program, command, (args, parsed) => {
      invocation = { kind: "run", command, args, parsed };
    });
  }
  try {
    program.parse([...argv], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: "answer", text: answer };
    if (error.code === "commander.help") return { kind: "lost", text: complaint };
    throw asUsageFailure(error, argv, commands);
  }
  if (invocation === undefined) throw new Error("commander ended without a command");
  return invocation;
}

/** Commander answers `help` for an unknown command with the help of everything, as if that had been asked for. */
function refuseHelpForNothing([verb, name]: readonly string[], commands: readonly Command[]): void {
  if (verb !== "help" || name === undefined || name === "help" || name.startsWith("-")) return;
  if (commands.some((command) => command.name === name)) return;
  throw usageFailure("UNKNOWN_COMMAND", `unknown command '${name}'`, { remedy: "See `apimgw --help`." });
}

function addCommand(
  program: Program,
  command: Command,
  chosen: (args: readonly string[], parsed: Readonly<Record<string, unknown>>) => void,
): void {
  const { parent, name } = placeOf(program, command.name);
  const target = parent
    .command(name)
    .summary(command.summary)
    .description(command.description)
    .helpOption("-h, --help", "show help");
  for (const { name, description } of command.arguments ?? [])
    target.addArgument(new Argument(name, description));
  for (const option of Object.values(command.options)) target.addOption(commanderOption(option));
  target.addHelpText("after", examplesHelp(command) + exitCodesHelp(exitCodesOf(command)));
  target.action(() => {
    if (parent !== program) refuseOptionsBefore(parent, command);
    chosen(target.args, target.opts());
  });
}

/** Lists `lint policies` beside `lint`, under its whole name. */
function commandsInCommands(): Pick<Help, "visibleCommands" | "subcommandTerm"> {
  const plain = new Help();
  return {
    visibleCommands: (command) =>
      plain.visibleCommands(command).flatMap((visible) => [visible, ...visible.commands]),
    subcommandTerm: (command) => {
      const above = command.parent?.parent == null ? "" : `${command.parent.name()} `;
      return above + plain.subcommandTerm(command);
    },
  };
}

/** `lint policies` is the command `policies` of the command `lint`, which stands before it in the table. */
function placeOf(program: Program, name: string): { readonly parent: Program; readonly name: string } {
  const words = name.split(" ");
  const last = words.pop() ?? name;
  let parent = program;
  for (const word of words) {
    const found = parent.commands.find((command) => command.name() === word);
    if (found === undefined) throw new Error(`the command ${name} comes before ${word}`);
    // Else those above would take options for themselves that stand behind the name of the command in them.
    parent.enablePositionalOptions();
    parent = found.enablePositionalOptions();
  }
  return { parent, name: last };
}

/** What stands before the inner command's name is not given to it, so that it must not pass unseen. */
function refuseOptionsBefore(parent: Program, { name }: Command): void {
  const given = parent.options.find(
    (option) => parent.getOptionValueSource(option.attributeName()) === "cli",
  );
  if (given === undefined) return;
  throw usageFailure("OPTION_BEFORE_COMMAND", `${given.long ?? given.flags} stands before the command`, {
    remedy: `Options come after the command: \`apimgw ${name} ...\`.`,
  });
}

function commanderOption(definition: OptionDefinition<unknown>): Option {
  const variable = definition.env === undefined ? "" : ` (env: ${definition.env})`;
  const option = new Option(definition.flags, definition.description + variable);
  if (definition.choices !== undefined) option.choices([...definition.choices]);
  if (definition.default !== undefined) option.default(definition.default);
  if (definition.preset !== undefined) option.preset(definition.preset);
  if (definition.conflicts !== undefined) option.conflicts([...definition.conflicts]);
  const { range } = definition;
  if (definition.isRepeatable === true) option.argParser(collect);
  if (range !== undefined) option.argParser((value: string) => readWholeNumber(value, range));
  return option;
}

function collect(value: string, before: unknown): string[] {
  return Array.isArray(before) ? [...before.map(String), value] : [value];
}

function readWholeNumber(
  value: string,
  { min, max }: { readonly min: number; readonly max: number },
): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= min && number <= max) return number;
  throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
}

function exitCodesOf(command: Command): { readonly code: number; readonly meaning: string }[] {
  const own = new Map((command.exitCodes ?? []).map(({ code, meaning }) => [code, meaning]));
  own.set(exitCodes.failed, own.get(exitCodes.failed) ?? "it could not be done");
  const general = exitCodeMeanings.filter(({ code }) => code !== exitCodes.changes);
  for (const { code, meaning } of general) if (!own.has(code)) own.set(code, meaning);
  return [...own].map(([code, meaning]) => ({ code, meaning })).sort((a, b) => a.code - b.code);
}

function exitCodesHelp(codes: readonly { readonly code: number; readonly meaning: string }[]): string {
  const lines = codes.map(({ code, meaning }) => `  ${String(code).padEnd(3)} ${meaning}`);
  return `\nExit codes:\n${lines.join("\n")}`;
}

function examplesHelp({ examples }: Command): string {
  const width = Math.max(0, ...examples.map(({ command }) => command.length));
  const lines = examples.map(({ command, does }) => `  ${command.padEnd(width)}   ${does}`);
  return `\nExamples:\n${lines.join("\n")}\n`;
}

function asUsageFailure(
  error: CommanderError,
  argv: readonly string[],
  commands: readonly Command[],
): Failure {
  const code = error.code
    .replace(/^commander\./, "")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toUpperCase();
  const [message = "", suggestion = ""] = error.message.replace(/^error: /, "").split("\n");
  const nearest = /^\((Did you mean .*\?)\)$/.exec(suggestion)?.[1];
  return usageFailure(code, message, {
    remedy: [nearest, whereToLook(argv, commands)].filter(Boolean).join(" "),
  });
}

function whereToLook(argv: readonly string[], commands: readonly Command[]): string {
  const isFirstOf = ({ name }: Command): boolean =>
    name.split(" ").every((word, index) => argv[index] === word);
  const named = commands.findLast(isFirstOf)?.name ?? commands.find(({ name }) => argv.includes(name))?.name;
  const isFirst = named !== undefined && argv[0] === named.split(" ")[0];
  if (named !== undefined && !isFirst) return `Options come after the command: \`apimgw ${named} ...\`.`;
  return `See \`apimgw ${named === undefined ? "" : `${named} `}--help\`.`;
}
