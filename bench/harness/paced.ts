/** Starts and ends the paced load, and collects what it reports. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { PacedMessage } from '../load/paced.ts'

export type Sent = Extract<PacedMessage, { readonly type: 'sent' }>

export interface SteadyWindow {
  /** Messages a second. */
  readonly rate: number
  readonly seconds: number
  /** Bytes of each message. */
  readonly size: number
  /** How the connection ends; default `close`. */
  readonly end?: 'close' | 'drop'
}

export interface PacedLoad {
  /** URL of a WebSocket that sends at that rate. */
  url(pace: SteadyWindow): string
  /** What was sent on ended connections, in the order in which they ended. */
  readonly sent: readonly Sent[]
  /** Resolves when that many connections have ended. */
  over(connections: number): Promise<void>
  stop(): void
}

export async function startPacedLoad(): Promise<PacedLoad> {
  const child = fork(join(import.meta.dirname, '..', 'load', 'paced.ts'), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  const sent: Sent[] = []
  let look = () => {}
  child.on('message', (message) => {
    sent.push(message as Sent)
    look()
  })
  return {
    url: (pace) => {
      const query = Object.entries(pace).map(([name, value]) => [name, String(value)])
      return `ws://127.0.0.1:${port}/?${new URLSearchParams(Object.fromEntries(query))}`
    },
    sent,
    over: (connections) =>
      new Promise((resolve) => {
        look = () => {
          if (sent.length >= connections) resolve()
        }
        look()
      }),
    stop: () => child.kill(),
  }
}
