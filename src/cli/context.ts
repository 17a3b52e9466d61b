import type { Clock, Files } from "../core/ports.ts";
import type { DrawStatus } from "./status-line.ts";

/** Where text goes. `write` never throws, also when the reader has gone away. */
export type OutputStream = {
  readonly write: (text: string) => unknown;
  readonly isTTY?: boolean | undefined;
  /** Width of the terminal, as it is now. */
  readonly columns?: number | undefined;
};

export type SignalName = "SIGINT" | "SIGTERM";

/** Everything `main` needs of the process it runs in; tests pass their own. */
export type Io = {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean | undefined };
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Environment;
  readonly cwd: string;
  /** Hands over signals from now on instead of dying of them, until the returned function is called. */
  readonly onInterrupt: (listener: (signal: SignalName) => void) => () => void;
  /** Ends the process as the signal would. For a signal that was handed over. */
  readonly endBy: (signal: SignalName) => void;
};

export type Environment = Readonly<Record<string, string | undefined>>;

/** The only way a command speaks. Texts are written as they are, plus a line end when they have none. */
export interface Output {
  /** The answer: stdout, whatever the verbosity. Empty text writes nothing. */
  writeResult(text: string): void;
  /** Progress and messages: stderr, dropped with --quiet. */
  message(text: string): void;
  /** Details such as reads and retries: stderr, only with --verbose. */
  detail(text: string): void;
  /** What went wrong: stderr, always. */
  error(text: string): void;
  /** Shows a line at the bottom of the terminal until it is replaced or taken away; nothing elsewhere, nor with --quiet. */
  status(draw: DrawStatus | undefined): void;
  /** Whether `status` shows anything. */
  readonly showsStatus: boolean;
  /** Whether results may be coloured: pass it to the report that makes the text for `writeResult`. */
  readonly resultColor: boolean;
  /** The same for everything that goes to stderr. */
  readonly messageColor: boolean;
  readonly isVerbose: boolean;
  readonly isQuiet: boolean;
}

/** What a command handler gets: the outside world behind ports, and a voice. */
export type CommandContext = {
  readonly files: Files;
  readonly clock: Clock;
  readonly env: Environment;
  /** Absolute working directory; relative paths given by the user count from here. */
  readonly cwd: string;
  readonly output: Output;
  /** Standard input as bytes, for commands that take `-` for a file; opened only when called. */
  readonly readInput: () => AsyncIterable<unknown>;
  /** Aborted by SIGINT or SIGTERM when the command is defined with `finishesOnInterrupt`. */
  readonly signal: AbortSignal;
  /** True when somebody is there to answer: stdin and stderr are terminals. */
  readonly isInteractive: boolean;
  /**
   * Asks a question on stderr and reads one line. Undefined when the input ended or the run was interrupted.
   * Throws Failure `USAGE.NOT_INTERACTIVE`, naming `flag`, when nobody is there.
   */
  readonly ask: (question: string, flag: string) => Promise<string | undefined>;
  /** Asks for the word `yes`; anything else is false. Throws like `ask`. */
  readonly confirm: (question: string, flag: string) => Promise<boolean>;
};
