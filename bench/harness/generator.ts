/** Starts and ends the load generator, and reports what it sees of its clients. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

export interface Generator {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string
  /** Settles when the next WebSocket begins. */
  next(): Promise<void>
  stop(): void
}

export async function startGenerator(): Promise<Generator> {
  const child = fork(join(import.meta.dirname, '..', 'load', 'generator.ts'), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  return {
    url: `http://127.0.0.1:${port}`,
    next: () =>
      new Promise((resolve) => {
        const hear = (message: unknown) => {
          if ((message as { type: string }).type !== 'began') return
          child.off('message', hear)
          resolve()
        }
        child.on('message', hear)
      }),
    stop: () => child.kill(),
  }
}
