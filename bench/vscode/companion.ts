/** Calls to the extension that measures inside the extension host. */
import { existsSync, readFileSync } from 'node:fs'
import type { ConnectionStatus } from '../../src/shared/status.ts'

/** Milliseconds of delay of the extension host's event loop. */
export interface LoopDelay {
  readonly p50: number
  readonly p99: number
  readonly longest: number
}

interface Calls {
  pid: { argument?: undefined; result: number }
  isActive: { argument?: undefined; result: boolean }
  activate: { argument?: undefined; result: { milliseconds: number; wasActive: boolean } }
  connect: { argument: object; result: number }
  connections: { argument?: undefined; result: readonly ConnectionStatus[] }
  save: { argument: string; result: { events: number } }
  closeEditors: { argument?: undefined; result: null }
  resetDelay: { argument?: undefined; result: null }
  delay: { argument?: undefined; result: LoopDelay }
}

export type Companion = <K extends keyof Calls>(
  call: K,
  argument?: Calls[K]['argument'],
) => Promise<Calls[K]['result']>

const PATIENCE = 60_000

/** Waits until the companion has written its port to the file. */
export async function openCompanion(portFile: string): Promise<Companion> {
  const deadline = performance.now() + PATIENCE
  while (!existsSync(portFile) || readFileSync(portFile, 'utf8') === '') {
    if (performance.now() > deadline) throw new Error('The companion extension did not start.')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const url = `http://127.0.0.1:${readFileSync(portFile, 'utf8')}/`
  return async (call, argument) => {
    const response = await fetch(url, { method: 'POST', body: JSON.stringify({ call, argument }) })
    const { result, error } = (await response.json()) as { result: never; error?: string }
    if (error !== undefined) throw new Error(`${call}: ${error}`)
    return result
  }
}
