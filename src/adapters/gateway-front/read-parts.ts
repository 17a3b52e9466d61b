import type { IncomingMessage } from "node:http";

/**
 * Hands over the parts of a message as they come, until `take` says that it is enough; the rest is not read then, and the message
 * is not destroyed. Rejects when it breaks off, and with what `take` throws.
 */
export function readParts(message: IncomingMessage, take: (part: Buffer) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      message.off("data", onData).off("end", onEnd).off("error", onError).off("close", onClose);
    };
    const onData = (part: Buffer): void => {
      try {
        if (take(part)) return;
        stop();
        message.pause();
        resolve();
      } catch (error) {
        onError(error);
      }
    };
    const onEnd = (): void => {
      stop();
      resolve();
    };
    const onError = (error: unknown): void => {
      stop();
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    const onClose = (): void => onError(new Error("the connection was closed before the message was whole"));
    message.on("data", onData).on("end", onEnd).on("error", onError).on("close", onClose);
  });
}
