/** A file system of a few megabytes that a test can fill. It needs root on Linux. */
import { execFileSync } from 'node:child_process'
import { tempDir } from './temp-dir.ts'

/** Whether this machine can mount one. */
export const canMount = process.platform === 'linux' && process.getuid?.() === 0

export interface SmallDisk {
  readonly path: string
  /** Changes its size, in MiB. */
  resize(size: number): void
  /** Unmounts it, even if it is in use. Call before the temporary folders are removed. */
  unmount(): void
}

/** Mounts a disk of that size, in MiB, on an empty folder. */
export function smallDisk(size: number, path = tempDir()): SmallDisk {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}m`, 'tmpfs', path])
  return {
    path,
    resize: (next) => void execFileSync('mount', ['-o', `remount,size=${next}m`, path]),
    unmount: () => void execFileSync('umount', ['--lazy', path]),
  }
}
