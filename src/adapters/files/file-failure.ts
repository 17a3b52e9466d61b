import { Failure } from "../../core/failure.ts";

type Explanation = { readonly why: string; readonly remedy?: string };

/** What the error codes of Node's file functions mean to the person who gave the path. */
const explanations: Readonly<Record<string, Explanation>> = {
  EACCES: {
    why: "no permission",
    remedy: "Check the owner and the permissions of the file and of its folder.",
  },
  EPERM: {
    why: "the operating system does not permit it",
    remedy: "Check the owner and the permissions of the file.",
  },
  EISDIR: { why: "it is a folder", remedy: "Name a file in it." },
  ENOTDIR: { why: "a part of the path is a file, not a folder", remedy: "Check the path." },
  ENOENT: { why: "there is no such file or folder", remedy: "Check the path." },
  EEXIST: { why: "a file is where a folder of the path should be", remedy: "Check the path." },
  ENOSPC: { why: "the disk is full", remedy: "Make room on the disk." },
  EDQUOT: { why: "the disk quota is used up", remedy: "Make room within the quota." },
  EROFS: { why: "the file system is read-only", remedy: "Choose a folder that can be written to." },
  ENAMETOOLONG: { why: "the name is too long for the file system", remedy: "Choose a shorter name." },
  ELOOP: {
    why: "too many levels of symbolic links",
    remedy: "Check where the symbolic links in the path lead.",
  },
  EMFILE: { why: "this process has too many files open", remedy: "Raise the limit (ulimit -n)." },
  ENFILE: { why: "the machine has too many files open", remedy: "Close other programs." },
  EBUSY: {
    why: "it is in use by another program, or is a mount point",
    remedy: "Mount its folder instead of the file.",
  },
  ETXTBSY: { why: "it is a program that is running" },
  EFBIG: { why: "the file would be larger than the file system allows" },
  EIO: { why: "the disk reports an error" },
  ERR_FS_FILE_TOO_LARGE: { why: "the file is too large" },
  ERR_STRING_TOO_LONG: { why: "the file is too large" },
  ERR_INVALID_ARG_VALUE: { why: "the path holds a null character", remedy: "Check the path." },
};

/**
 * Turns what a file function threw into a Failure with the path in its message: `FILE.NOT_FOUND` for a missing file when
 * reading, otherwise `code`. Something that is not an operating system's error is a bug and is returned as it is.
 */
export function fileFailure(
  code: "FILE.UNREADABLE" | "FILE.UNWRITABLE",
  path: string,
  error: unknown,
): unknown {
  const errorCode = codeOf(error);
  if (errorCode === undefined || error instanceof Failure) return error;
  if (code === "FILE.UNREADABLE" && errorCode === "ENOENT") return notFound(path, error);
  const verb = code === "FILE.UNREADABLE" ? "read" : "write";
  const { why, remedy } = explanations[errorCode] ?? { why: `the operating system says ${errorCode}` };
  return new Failure(code, `cannot ${verb} ${path}: ${why}`, {
    cause: error,
    ...(remedy !== undefined && { remedy }),
  });
}

function notFound(path: string, cause: unknown): Failure {
  return new Failure("FILE.NOT_FOUND", `there is no file ${path}`, {
    remedy: "Check the path; a relative one starts at the folder the command runs in.",
    cause,
  });
}

/** The `code` of a Node error, such as `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
