/** A connection to a DevTools endpoint: calls, their answers, and events (Chrome DevTools Protocol). */
import * as v from 'valibot'
import { WebSocket } from 'ws'
import { withoutUserinfo } from '../shared/devtools-endpoint.ts'
import { Failure, sentenceOf } from '../shared/failure.ts'
import { maskUrl } from '../shared/secrets.ts'

/** Bytes of the longest message: an event has a whole WebSocket message in base64, and an answer the source of a script. */
const MAX_MESSAGE = 256 * 1024 * 1024
/** Milliseconds until the endpoint must accept the connection, and answer a call. */
const TIMEOUT = 10_000
/** Milliseconds until a program that does not answer is left. */
const CLOSE_TIMEOUT = 2000

const INCOMING = v.object({
  id: v.optional(v.number()),
  method: v.optional(v.string()),
  params: v.optional(v.unknown()),
  result: v.optional(v.unknown()),
  error: v.optional(v.object({ message: v.string() })),
  sessionId: v.optional(v.string()),
})

export interface DevToolsEvent {
  readonly method: string
  /** Not checked. */
  readonly params: unknown
  /** The session of the target that reports it; undefined for the target of the connection itself. */
  readonly session: string | undefined
  /** When it arrived, in milliseconds on the host's clock. */
  readonly time: number
}

interface Call {
  resolve(result: unknown): void
  reject(failure: Failure): void
  readonly timer: NodeJS.Timeout
}

export interface DevToolsConnectionHost {
  now(): number
  event(event: DevToolsEvent): void
}

export class DevToolsConnection {
  /** Resolves when the connection is closed, with the reason as a sentence if it is not that the program ended. */
  readonly closed: Promise<string | undefined>
  readonly #socket: WebSocket
  readonly #host: DevToolsConnectionHost
  readonly #calls = new Map<number, Call>()
  #problem: string | undefined
  #answerArrived: () => void = () => {}
  #nextId = 1

  private constructor(socket: WebSocket, host: DevToolsConnectionHost) {
    this.#socket = socket
    this.#host = host
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        for (const { reject, timer } of this.#calls.values()) {
          clearTimeout(timer)
          reject(new Failure('DETACHED', 'The inspector has detached from the program.'))
        }
        this.#calls.clear()
        this.#answerArrived()
        resolve(this.#problem)
      })
    })
    socket.on('error', (error) => this.#fail(`The DevTools connection failed: ${error.message}`))
    socket.on('message', (data) => this.#receive(String(data), host.now()))
  }

  /** Connects to a `ws:` URL. Rejects with a `Failure`. */
  static open(endpoint: string, host: DevToolsConnectionHost): Promise<DevToolsConnection> {
    const { url, headers } = withoutUserinfo(endpoint)
    const socket = new WebSocket(url, {
      headers,
      handshakeTimeout: TIMEOUT,
      maxPayload: MAX_MESSAGE,
      perMessageDeflate: false,
    })
    return new Promise((resolve, reject) => {
      const refused = (error: Error) =>
        reject(
          new Failure(
            'NO_DEVTOOLS',
            `There is no DevTools endpoint at ${maskUrl(url.href)} (${error.message}); check the URL, and that the program runs.`,
          ),
        )
      socket.once('error', refused)
      // Messages may follow the handshake at once, so the listeners are added in the same turn.
      socket.once('open', () => {
        socket.off('error', refused)
        resolve(new DevToolsConnection(socket, host))
      })
    })
  }

  /** Resolves with the result, which is not checked. Rejects with a `Failure` if the program refuses it or does not answer. */
  call(method: string, params: object = {}, session?: string): Promise<unknown> {
    if (this.#socket.readyState !== WebSocket.OPEN)
      return Promise.reject(new Failure('DETACHED', 'The inspector has detached from the program.'))
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#calls.delete(id)
        this.#answerArrived()
        reject(new Failure('NO_ANSWER', `The program does not answer ${method}.`))
      }, TIMEOUT)
      this.#calls.set(id, { resolve, reject, timer })
      this.#socket.send(
        JSON.stringify({ id, method, params, ...(session !== undefined && { sessionId: session }) }),
      )
    })
  }

  /** Resolves once all calls are answered, also those that follow from answers. */
  async settled(): Promise<void> {
    while (this.#calls.size > 0) {
      await new Promise<void>((resolve) => {
        this.#answerArrived = resolve
      })
      // What awaits the answer may call again.
      await new Promise(setImmediate)
    }
  }

  /** Stops reading, so that what the program reports waits in the program. */
  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  /** Resolves when it is closed. */
  async close(): Promise<void> {
    this.#socket.resume()
    this.#socket.close()
    // A program that was stopped answers nothing.
    const timer = setTimeout(() => this.#socket.terminate(), CLOSE_TIMEOUT)
    await this.closed
    clearTimeout(timer)
  }

  #receive(text: string, time: number): void {
    let incoming: v.InferOutput<typeof INCOMING>
    try {
      incoming = v.parse(INCOMING, JSON.parse(text))
    } catch (thrown) {
      this.#fail(`The endpoint does not speak the DevTools protocol: ${sentenceOf(thrown)}`)
      return
    }
    const { id, method, params, result, error, sessionId: session } = incoming
    if (method !== undefined) this.#host.event({ method, params, session, time })
    else if (id !== undefined) this.#answered(id, result, error?.message)
  }

  #answered(id: number, result: unknown, error: string | undefined): void {
    const call = this.#calls.get(id)
    if (call === undefined) return
    this.#calls.delete(id)
    clearTimeout(call.timer)
    this.#answerArrived()
    if (error === undefined) call.resolve(result)
    else call.reject(new Failure('REFUSED', error))
  }

  #fail(problem: string): void {
    this.#problem ??= problem
    this.#socket.terminate()
  }
}
