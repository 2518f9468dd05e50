/** Releases the messages that a proxy holds, by lines of standard input. */
import type { Readable } from 'node:stream'
import { Failure } from '../../shared/failure.ts'
import type { HeldMessage, ProxyStatus } from '../../shared/protocol/traffic.ts'
import { plural } from '../../shared/text/quantities.ts'
import { shortened } from '../../shared/text/shortened.ts'
import { LineSender } from '../connect/line-sender.ts'

/** Characters of a held text that are shown. */
const MAX_SHOWN = 200

export interface HeldLinesHost {
  status(): Pick<ProxyStatus, 'held' | 'heldCount'> | undefined
  /** Passes a message on: with another text, or as it is. Throws a `Failure`. */
  release(message: number, text: string | undefined): void
  /** Passes on all that is held, and holds nothing more. */
  stopHolding(): void
  /** Prints a sentence to standard error. */
  say(sentence: string): void
}

/**
 * An empty line passes the oldest held message on, another line replaces it. A line is read only while a message is held. After the
 * last line, nothing is held any more.
 */
export class HeldLines {
  readonly #host: HeldLinesHost
  readonly #lines: LineSender
  #shown: number | undefined
  #isOver = false

  constructor(input: Readable, host: HeldLinesHost) {
    this.#host = host
    this.#lines = new LineSender(input, {
      send: (line) => this.#release(line),
      failed: (thrown) => this.#end(`Standard input cannot be read (${thrown})`),
      ended: () => this.#end('Standard input has ended'),
    })
  }

  /** The status of the proxy may have changed. */
  update(): void {
    if (this.#isOver) return
    const { held = [], heldCount = 0 } = this.#host.status() ?? {}
    const [oldest] = held
    if (oldest !== undefined && oldest.id !== this.#shown) {
      const isFirst = this.#shown === undefined
      this.#shown = oldest.id
      this.#host.say(describe(oldest, heldCount, isFirst))
    }
    this.#lines.setReady(oldest !== undefined)
  }

  /** The proxy ends. */
  stop(): void {
    this.#isOver = true
    this.#lines.stop()
  }

  #release(line: string): void {
    const [oldest] = this.#host.status()?.held ?? []
    // The line is kept for the next message.
    if (oldest === undefined) throw new Failure('NOT_OPEN', 'No message is held.')
    this.#host.release(oldest.id, line === '' ? undefined : line)
  }

  #end(why: string): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#host.say(`${why}: what is held passes on, and nothing more is held.`)
    this.#host.stopHolding()
  }
}

function describe(
  { direction, opcode, size, text, connection }: HeldMessage,
  count: number,
  isFirst: boolean,
) {
  const to = direction === 'out' ? 'server' : 'client'
  const what = opcode === 'binary' ? 'binary message' : 'message'
  const shown = text === undefined ? '' : `: ${shortened(text, MAX_SHOWN)}`
  const how = isFirst ? ' (Enter passes it on, a text replaces it)' : ''
  return `Held: ${what} of ${plural(size, 'byte')} to the ${to} on connection ${connection}, ${count} held in all${how}${shown}`
}
