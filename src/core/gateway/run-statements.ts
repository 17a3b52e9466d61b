/** Runs prepared statements one after the other. */
import type { Exchange, Statement, Steps } from "./exchange.ts";
import { note } from "./exchange.ts";

/**
 * Runs statements until one of them ends the request. Returns steps when a statement takes time; what follows it then runs as
 * part of them. Throws what the statements throw.
 */
export function runStatements(
  statements: readonly Statement[],
  exchange: Exchange,
  from = 0,
): Steps | undefined {
  for (let index = from; index < statements.length; index += 1) {
    if (exchange.isEnded) return undefined;
    const statement = statements[index];
    if (statement === undefined) break;
    exchange.at = statement;
    if (exchange.trace !== undefined) note(exchange, () => "");
    const steps = statement.run(exchange);
    if (steps !== undefined) return resume(steps, statements, exchange, index + 1);
  }
  return undefined;
}

function* resume(steps: Steps, statements: readonly Statement[], exchange: Exchange, from: number): Steps {
  yield* steps;
  const rest = runStatements(statements, exchange, from);
  if (rest !== undefined) yield* rest;
}
