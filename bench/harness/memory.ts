/** Memory pages that the machine has ready. */
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const BLOCK = Buffer.alloc(1024 * 1024)

/**
 * Writes that many bytes to a file and removes it. A virtual machine that returns unused memory to its host gets
 * each page back at a tenth of the speed. Without this, a contender that writes a spool would be measured with that.
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
