import type { LiveService } from "../core/ports.ts";

/** How many reads are done, of those that are known to be needed; the total grows while lists are read. */
export type ReadProgress = { readonly done: number; readonly total: number };

/** The same service, which tells of each read that starts or ends. */
export function watchReads(service: LiveService, onRead: (progress: ReadProgress) => void): LiveService {
  let done = 0;
  let total = 0;
  const watched = async <T>(read: () => Promise<T>): Promise<T> => {
    total += 1;
    onRead({ done, total });
    try {
      return await read();
    } finally {
      done += 1;
      onRead({ done, total });
    }
  };
  return {
    ref: service.ref,
    title: service.title,
    get: (...args) => watched(() => service.get(...args)),
    list: (...args) => watched(() => service.list(...args)),
    afterWrite: service.afterWrite,
    put: (...args) => service.put(...args),
    patch: (...args) => service.patch(...args),
    act: (...args) => service.act(...args),
    remove: (...args) => service.remove(...args),
    retried: () => service.retried(),
  };
}
