/** Contenders that are complete programs, measured from outside: those of others, and our terminal. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { descendants, type Usage, usageOf } from './processes.ts'
import type { Measurement } from './types.ts'

const SAMPLE = 20
/** Milliseconds after which a run counts as hung. */
const TIME_LIMIT = 60_000

export interface ExternalRun {
  readonly script: string
  readonly args: readonly string[]
  readonly cwd: string
  /** File for standard output. */
  readonly stdout: string
  /** Settles when the load has begun. The program's start is not measured. */
  readonly began: Promise<void>
  /** Whether the program has done its work, if it does not exit by itself. It is then ended. */
  readonly isDone?: () => boolean
}

/** Runs a Node.js program to its end. Returns all figures except the count. */
export async function runExternal(run: ExternalRun): Promise<Omit<Measurement, 'count'>> {
  const out = openSync(run.stdout, 'w')
  // Standard input stays open because some programs exit when it ends.
  const child = spawn(process.execPath, [run.script, ...run.args], {
    cwd: run.cwd,
    stdio: ['pipe', out, 'ignore'],
  })
  closeSync(out)
  const limit = setTimeout(() => child.kill('SIGKILL'), TIME_LIMIT)
  const exit = once(child, 'exit')
  const { pid = 0 } = child
  const usage = () => usageOf([pid, ...descendants(pid)])
  await Promise.race([run.began, exit])
  const started = performance.now()
  const before = usage()
  let last: Usage = before
  let peak = 0
  let finish = () => {}
  const done = new Promise<void>((resolve) => {
    finish = resolve
  })
  const sampler = setInterval(() => {
    if (run.isDone?.()) finish()
    const now = usage()
    // A process that has exited has no figures.
    if (now.memory === 0) return
    last = now
    peak = Math.max(peak, now.memory)
  }, SAMPLE)
  await Promise.race([exit, done])
  const seconds = (performance.now() - started) / 1000
  clearInterval(sampler)
  clearTimeout(limit)
  child.kill()
  await exit
  return { seconds, cpuSeconds: last.cpuSeconds - before.cpuSeconds, peakMemory: peak }
}
