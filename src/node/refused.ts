import { CaptureError } from '../capture/types.js';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'is a directory',
  ENOTDIR: 'no such file: a part of the path is not a directory',
  ELOOP: 'too many symbolic links',
  EMFILE: 'too many open files',
  ENXIO: 'no such device',
  EIO: 'the device reported an input/output error',
};

/** What the operating system refused, in words. */
export function refused(name: string, error: unknown): CaptureError {
  const { code, message } = error as NodeJS.ErrnoException;
  const reason = (code && REASONS[code]) ?? (code ? `cannot be read (${code})` : `cannot be read: ${message}`);
  return new CaptureError('unreadable', reason.startsWith('cannot') ? `${name} ${reason}` : `${name}: ${reason}`);
}
