/** Temporary folders that are removed after each test. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const made: string[] = []

export function tempDir(): string {
  const directory = mkdtempSync(join(tmpdir(), 'realtime-inspector-test-'))
  made.push(directory)
  return directory
}

/** For `afterEach`. */
export function removeTempDirs(): void {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true })
}
