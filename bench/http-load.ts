/** Load on an HTTP server: connections that each send the same request again as soon as it is answered. */
import { connect } from "node:net";

export type Load = {
  readonly port: number;
  /** A whole request that is answered with a `Content-Length`. */
  readonly request: string;
  readonly connections: number;
  readonly milliseconds: number;
};

export type LoadFigures = {
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
};

/** Rejects when an answer is not 200. */
export async function measureLoad(load: Load): Promise<LoadFigures> {
  const times: number[] = [];
  const started = performance.now();
  const end = started + load.milliseconds;
  const note = (time: number): boolean => times.push(time) > 0 && performance.now() < end;
  await Promise.all(Array.from({ length: load.connections }, () => keepAsking(load, note)));
  const sorted = times.sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? 0;
  return { perSecond: (times.length * 1000) / (performance.now() - started), p50: at(0.5), p99: at(0.99) };
}

/** Sends so many requests, and tells after each how many have been answered. Rejects when an answer is not 200. */
export async function sendMany(
  load: Omit<Load, "milliseconds">,
  count: number,
  onAnswer: (answered: number) => void,
): Promise<void> {
  let answered = 0;
  const note = (): boolean => {
    answered += 1;
    onAnswer(answered);
    return answered + load.connections <= count;
  };
  await Promise.all(Array.from({ length: load.connections }, () => keepAsking(load, note)));
}

/** `note` gets the milliseconds that each answer took, and says whether there is to be another. */
function keepAsking(
  { port, request }: Omit<Load, "milliseconds">,
  note: (milliseconds: number) => boolean,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    let asked = performance.now();
    let answer = "";
    socket.setEncoding("latin1");
    socket.on("connect", () => socket.write(request));
    socket.on("error", reject);
    socket.on("data", (text: string) => {
      answer += text;
      if (!isWhole(answer)) return;
      if (!answer.startsWith("HTTP/1.1 200")) {
        socket.destroy();
        reject(new Error(answer.slice(0, 500)));
        return;
      }
      const now = performance.now();
      answer = "";
      if (!note(now - asked)) {
        socket.destroy();
        resolve();
        return;
      }
      asked = now;
      socket.write(request);
    });
  });
}

function isWhole(answer: string): boolean {
  const head = answer.indexOf("\r\n\r\n");
  if (head === -1) return false;
  const length = /\r\ncontent-length: (\d+)/i.exec(answer.slice(0, head))?.[1];
  if (length === undefined) throw new Error("the answer has no length");
  return answer.length >= head + 4 + Number(length);
}
