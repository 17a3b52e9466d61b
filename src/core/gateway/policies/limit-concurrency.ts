import { requiredNumber, requiredText } from "../attributes.ts";
import { note } from "../exchange.ts";
import type { Exchange, Statement, Steps } from "../exchange.ts";
import type { PolicyRunner } from "../policy-definition.ts";
import { PolicyError } from "../policy-error.ts";
import { runStatements } from "../run-statements.ts";

class Slots {
  taken = 0;
}

export const limitConcurrency: PolicyRunner = {
  name: "limit-concurrency",
  fidelity: {
    level: "full",
    notes: [
      [
        "At most `max-count` requests of a key are in the enclosed policies at once; others get 429.",
        "documented",
      ],
      ["The text of that answer is not known.", "inferred"],
    ],
  },
  prepare: (element, preparation) => {
    const key = requiredText(element, "key");
    const most = requiredNumber(element, "max-count");
    const statements = preparation.children(element);
    return (exchange) => {
      const slots = slotsOf(exchange, `limit-concurrency|${key(exchange)}`);
      note(exchange, () => `${slots.taken} of ${most(exchange)} taken`);
      if (slots.taken >= most(exchange)) {
        throw new PolicyError(429, "Concurrency limit is exceeded.", { reason: "ConcurrencyLimitExceeded" });
      }
      return within(slots, statements, exchange);
    };
  },
};

function* within(slots: Slots, statements: readonly Statement[], exchange: Exchange): Steps {
  slots.taken += 1;
  try {
    const steps = runStatements(statements, exchange);
    if (steps !== undefined) yield* steps;
  } finally {
    slots.taken -= 1;
  }
}

function slotsOf({ instance }: Exchange, name: string): Slots {
  const known = instance.counters.get(name);
  if (known instanceof Slots) return known;
  const made = new Slots();
  instance.counters.set(name, made);
  return made;
}
