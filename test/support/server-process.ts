/** A server in a process of its own, so that tests can stop it without its sockets being closed, or kill it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

const SCRIPT = new URL('server-child.ts', import.meta.url).pathname

/** `websocket` answers pings, and nothing else. */
export type ServerKind = 'websocket' | 'socket.io' | 'stomp'

export class ServerProcess {
  /** `127.0.0.1:PORT` */
  readonly host: string
  readonly #child: ChildProcess

  private constructor(child: ChildProcess, host: string) {
    this.#child = child
    this.host = host
  }

  /** `beat` is the interval of its heartbeats in ms, if it has any. */
  static async start(kind: ServerKind, beat = 0): Promise<ServerProcess> {
    const child = spawn(process.execPath, [SCRIPT, kind, String(beat)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [host] = (await once(createInterface(child.stdout), 'line')) as [string]
    return new ServerProcess(child, host)
  }

  /** It no longer runs, but the system keeps its sockets open. */
  freeze(): void {
    this.#child.kill('SIGSTOP')
  }

  /** Ends it without a chance to close its sockets properly. Does nothing if it has ended. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const ended = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await ended
  }
}
