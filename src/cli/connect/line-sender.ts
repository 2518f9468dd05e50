/** Sends lines of standard input as messages. Reads a line only while it can be sent, so a reconnect loses none. */
import type { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { Failure } from '../../shared/failure.ts'
import { DEFAULT_MAX_MESSAGE_SIZE } from '../../shared/spec.ts'

/** The lines of a UTF-8 input, without LF or CRLF, which the last line may lack. Throws a `Failure` `TOO_LARGE`. */
async function* linesOf(input: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let rest = ''
  for await (const chunk of input as AsyncIterable<Buffer>) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > DEFAULT_MAX_MESSAGE_SIZE)
      throw new Failure('TOO_LARGE', 'A line of standard input is too long for one message; split it.')
    for (const line of lines) yield withoutCarriageReturn(line)
  }
  rest += decoder.decode()
  if (rest !== '') yield withoutCarriageReturn(rest)
}

function withoutCarriageReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line
}

/** Milliseconds before a line is sent again after the queue was full. */
const QUEUE_PAUSE = 20

export interface LineSink {
  /** Throws a `Failure` with the code `NOT_OPEN` or `SEND_QUEUE_FULL` if the line has to be sent again. */
  send(line: string): void
  /** Called with what `send` throws otherwise, or with the reason why the input cannot be read. Nothing more is read. */
  failed(thrown: unknown): void
  /** All lines were sent, and the input has ended. */
  ended?(): void
}

export class LineSender {
  readonly #input: Readable
  readonly #sink: LineSink
  #reading = false
  #ready = false
  #wake: () => void = () => {}

  constructor(input: Readable, sink: LineSink) {
    this.#input = input
    this.#sink = sink
  }

  /** Sets whether lines can be sent now. Starts reading the first time they can. */
  setReady(ready: boolean): void {
    this.#ready = ready
    if (!ready) return
    this.#wake()
    if (this.#reading) return
    this.#reading = true
    this.#run().catch((thrown) => this.#sink.failed(thrown))
  }

  /** Closes the input. Lines that were not sent are dropped. */
  stop(): void {
    this.#ready = false
    this.#input.destroy()
  }

  async #run(): Promise<void> {
    for await (const line of linesOf(this.#input)) {
      do await this.#untilReady()
      while (!(await this.#trySend(line)))
    }
    this.#sink.ended?.()
  }

  async #untilReady(): Promise<void> {
    if (this.#ready) return
    await new Promise<void>((resolve) => {
      this.#wake = resolve
    })
  }

  /** Returns false if the line has to be sent again: the peer reads slowly, or the connection was just lost. */
  async #trySend(line: string): Promise<boolean> {
    try {
      this.#sink.send(line)
      return true
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown
      if (thrown.code === 'SEND_QUEUE_FULL') await delay(QUEUE_PAUSE)
      else if (thrown.code === 'NOT_OPEN') this.#ready = false
      else throw thrown
      return false
    }
  }
}
