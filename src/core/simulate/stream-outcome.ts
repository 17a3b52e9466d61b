/** How a stream reached the client. */
import type { GatewayAnswer } from "../gateway/answer.ts";
import type { PassingBody } from "./passing-body.ts";

/** Times as those of the answer's attempts. */
export type StreamOutcome = {
  readonly body: PassingBody;
  /** Undefined when it broke off before anything passed. */
  readonly firstByteAt: number | undefined;
  readonly endedAt: number;
  readonly isCut: boolean;
};

/** Of a stream that may pass from now on: policies that took their time have held it up. */
export function streamed(body: PassingBody, now: number): StreamOutcome {
  const { firstByteAt, endsAt, isCut } = body;
  return {
    body,
    firstByteAt: firstByteAt === undefined ? undefined : Math.max(now, firstByteAt),
    endedAt: Math.max(now, endsAt),
    isCut,
  };
}

/** Lets the stream end, and the call to its backend with it. */
export function withStream(answer: GatewayAnswer, { body, endedAt }: StreamOutcome): GatewayAnswer {
  body.end();
  const attempts = answer.attempts.map((attempt, index) =>
    index === answer.attempts.length - 1 ? { ...attempt, endedAt } : attempt,
  );
  return { ...answer, attempts };
}
