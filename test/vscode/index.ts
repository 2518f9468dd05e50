/** Runs every suite of this folder, or those that are named, in the extension host. Each is bundled beside this file. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import Mocha from 'mocha'
import { timeout } from '../../.mocharc.json'
import Reporter, { FILES, writeResults } from '../../scripts/reporter.ts'

export async function run(): Promise<void> {
  try {
    const mocha = new Mocha({ timeout, reporter: Reporter, color: false })
    const files = readdirSync(__dirname, { recursive: true, encoding: 'utf8' })
    const named = process.env[FILES]?.split('\n')
    for (const suite of files.filter((name) => name.endsWith('.test.cjs')).sort()) {
      const file = join(__dirname, suite)
      if (named === undefined || named.includes(file)) mocha.addFile(file)
    }
    await new Promise((resolve) => mocha.run(resolve))
  } catch (error) {
    const told = error instanceof Error ? (error.stack ?? error.message) : String(error)
    writeResults({ passed: 0, failed: 1, skipped: 0, failures: [{ title: 'the suites load', error: told }] })
    throw error
  }
}
