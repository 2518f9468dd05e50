/** Memory of the machine's that is at hand. */
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const BLOCK = Buffer.alloc(1024 * 1024)

/**
 * Writes that many bytes to a file and removes it. A virtual machine that gives unused memory back to its host gets
 * each page anew at a tenth of the speed; whoever writes a spool would pay for that, and not for what it does.
 */
export function takeMemory(bytes: number): void {
  const path = join(tmpdir(), `realtime-bench-memory-${process.pid}`)
  const fd = openSync(path, 'w', 0o600)
  try {
    for (let written = 0; written < bytes; written += BLOCK.length) writeSync(fd, BLOCK)
  } finally {
    closeSync(fd)
    rmSync(path)
  }
}
