/** Says why a file could not be written. */
import { isRefusedRename } from './replace-file.ts'

/** Describes an error of the file system. */
export function describeWriteError(error: NodeJS.ErrnoException, path = error.path): string {
  const where = path ?? 'the file'
  if (isRefusedRename(error))
    return `${where} could not be replaced: it is protected, or a program has it open. Close it there, or choose another name.`
  switch (error.code) {
    case 'ENOSPC':
      return `The disk is full, so ${where} could not be written; free some space and save again.`
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `There is no permission to write ${where}; choose another place.`
    case 'ENOENT':
      return `The folder of ${where} does not exist; create it or choose another place.`
    case 'EEXIST':
      return `${where} exists already, and is not overwritten; choose another name.`
    case 'EISDIR':
      return `${where} is a folder; name a file in it.`
    default:
      return `Writing ${where} failed: ${error.message}. Check the disk and try again.`
  }
}
