/** A capture that a test fills by hand. */
import { join } from 'node:path'
import { Capture } from '../../../src/capture/capture.ts'
import { ConnectionStarts } from '../../../src/engine/connection-starts.ts'
import { SessionDecoding } from '../../../src/engine/decoding/session-decoding.ts'
import { Pairs } from '../../../src/engine/pairs/pairs.ts'
import { payloadCalls } from '../../../src/engine/payload/calls.ts'
import type { ConnectEvent, Direction, RealtimeEvent } from '../../../src/shared/event.ts'
import { SETTINGS } from '../../../src/vscode/settings/settings.ts'
import { tempDir } from '../../support/temp-dir.ts'

export class Filled {
  readonly capture: Capture
  readonly starts = new ConnectionStarts()
  readonly decoding: SessionDecoding
  readonly pairs: Pairs
  readonly calls: ReturnType<typeof payloadCalls>
  #time = 0

  constructor(limits: { readonly spoolLimit?: number; readonly memoryLimit?: number } = {}) {
    this.capture = new Capture({
      directory: join(tempDir(), 'spool'),
      clock: { startedAt: new Date(0) },
      ...limits,
    })
    this.decoding = new SessionDecoding(this.capture, this.starts)
    this.pairs = new Pairs(this.capture, this.decoding)
    this.pairs.replyKeys = SETTINGS['realtimeInspector.replyKeys']
    this.calls = payloadCalls(this.capture, this.starts, this.decoding, this.pairs)
  }

  /** Appends an event 10 ms after the previous one, and returns its number. */
  add(event: RealtimeEvent): number {
    this.starts.note(event)
    this.capture.append(event)
    return this.capture.count - 1
  }

  connect(url: string, more: Partial<ConnectEvent> = {}): number {
    return this.add({
      type: 'connect',
      connection: 1,
      time: this.#next(),
      transport: 'auto',
      attempt: 0,
      url,
      ...more,
    })
  }

  open(connection = 1): number {
    const head = { status: 200, headers: {}, httpVersion: '1.1', transport: 'http-stream' } as const
    return this.add({ type: 'open', connection, time: this.#next(), ...head })
  }

  message(content: string | Uint8Array, direction: Direction = 'in', connection = 1): number {
    const payload = typeof content === 'string' ? Buffer.from(content) : content
    const opcode = typeof content === 'string' ? 'text' : 'binary'
    return this.add({ type: 'message', connection, time: this.#next(), direction, opcode, payload })
  }

  control(type: 'ping' | 'pong', content: string, direction: Direction): number {
    return this.add({ type, connection: 1, time: this.#next(), direction, payload: Buffer.from(content) })
  }

  #next(): number {
    this.#time += 10
    return this.#time
  }
}
