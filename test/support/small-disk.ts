/** A file system of a few megabytes, to be filled: it takes root on Linux. */
import { execFileSync } from 'node:child_process'
import { tempDir } from './temp-dir.ts'

/** Whether one can be mounted here. */
export const canMount = process.platform === 'linux' && process.getuid?.() === 0

export interface SmallDisk {
  readonly path: string
  /** Gives it another size, in MiB. */
  resize(size: number): void
  /** Also while it is in use; call before the temporary folders are removed. */
  unmount(): void
}

/** Mounts one of that size, in MiB, on an empty folder. */
export function smallDisk(size: number, path = tempDir()): SmallDisk {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}m`, 'tmpfs', path])
  return {
    path,
    resize: (next) => void execFileSync('mount', ['-o', `remount,size=${next}m`, path]),
    unmount: () => void execFileSync('umount', ['--lazy', path]),
  }
}
