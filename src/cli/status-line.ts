/**
 * One line at the bottom of a terminal that is replaced while something goes on. Written here in a few lines: libraries for it
 * write to the process's streams and listen to its signals themselves, and everything apimgw says goes through one place, which
 * must take the line away before it writes.
 */
import type { Environment, OutputStream } from "./context.ts";

/** Draws the line for a terminal of that many columns; must stay within them. */
export type DrawStatus = (columns: number) => string;

export type StatusLine = {
  /** False where no line is shown: no terminal, a CI log, a terminal without cursor. */
  readonly isShown: boolean;
  /** Shows the line in place of the one before; undefined takes it away. */
  readonly set: (draw: DrawStatus | undefined) => void;
  /** Writes with the line out of the way, and shows it again below. */
  readonly around: (write: () => void) => void;
};

/** Redrawing more often than this is not seen, and costs. */
const millisecondsBetween = 50;
const clear = "\r\u001b[2K";

export function createStatusLine(
  stream: OutputStream,
  env: Environment,
  now: () => number = () => performance.now(),
): StatusLine {
  const isShown = stream.isTTY === true && env["TERM"] !== "dumb" && !isSet(env["CI"]);
  let current: DrawStatus | undefined;
  let drawnAt = -Infinity;
  let isDrawn = false;
  const remove = (): void => {
    if (isDrawn) stream.write(clear);
    isDrawn = false;
  };
  const draw = (): void => {
    if (current === undefined) return;
    // A terminal that does not know its width says 0.
    const { columns = 0 } = stream;
    stream.write(`${clear}${current(columns > 0 ? columns : 80)}`);
    isDrawn = true;
    drawnAt = now();
  };
  return {
    isShown,
    set: (next) => {
      if (!isShown) return;
      current = next;
      if (next === undefined) remove();
      else if (now() - drawnAt >= millisecondsBetween) draw();
    },
    around: (write) => {
      remove();
      write();
      draw();
    },
  };
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "" && value !== "false" && value !== "0";
}
