/**
 * Requests and notifications over any channel of structured messages. Every request settles: with a result, with the
 * failure of the other side, on timeout, for an unknown method, and on disposal.
 */
import { Failure, sentenceOf } from '../failure.ts'

/** Method name to its parameters and its result. */
export type Methods = Record<string, { readonly params: unknown; readonly result: unknown }>
/** Notification name to its data. */
export type Notifications = Record<string, unknown>
/** One of `N` as a value. */
export type Notification<N extends Notifications> = {
  [K in keyof N & string]: { readonly name: K; readonly data: N[K] }
}[keyof N & string]

export interface Port {
  post(message: unknown, transfer?: ArrayBuffer[]): void
  onMessage(listener: (message: unknown) => void): void
}

export interface WireError {
  readonly code: string
  readonly message: string
}

export type RpcMessage =
  | { readonly rpc: 'request'; readonly id: number; readonly method: string; readonly params: unknown }
  | { readonly rpc: 'result'; readonly id: number; readonly result: unknown }
  | { readonly rpc: 'error'; readonly id: number; readonly error: WireError }
  | { readonly rpc: 'notify'; readonly name: string; readonly data: unknown }

/** What a handler returns: the result of the call, or nothing if the result is always null. */
// biome-ignore lint/suspicious/noConfusingVoidType: it is a return type
type Returned<Result> = [Result] extends [null] ? Result | void : Result

export type Handlers<M extends Methods> = {
  readonly [K in keyof M]: (
    params: M[K]['params'],
  ) => Returned<M[K]['result']> | Promise<Returned<M[K]['result']>>
}

const MESSAGE_KINDS = new Set(['request', 'result', 'error', 'notify'])

function parseMessage(message: unknown): RpcMessage | undefined {
  if (typeof message !== 'object' || message === null || !('rpc' in message)) return undefined
  return MESSAGE_KINDS.has(String(message.rpc)) ? (message as RpcMessage) : undefined
}

interface Pending {
  readonly resolve: (result: never) => void
  readonly reject: (failure: Failure) => void
  readonly timer: ReturnType<typeof setTimeout> | undefined
}

export interface RpcOptions<Own extends Methods, PeerSays extends Notifications> {
  readonly handlers: Handlers<Own>
  readonly onNotify?: { readonly [K in keyof PeerSays]?: (data: PeerSays[K]) => void }
  /** Called with every notification, so that it can be forwarded. */
  readonly onNotification?: (notification: Notification<PeerSays>) => void
  /** Returns the buffers in a message that should be transferred instead of copied. */
  readonly transferables?: (message: RpcMessage) => ArrayBuffer[]
}

/**
 * One side of the channel: serves the methods `Own`, calls `Peer`, sends the notifications `Says`, receives `PeerSays`.
 */
export class RpcEndpoint<
  Own extends Methods,
  Peer extends Methods,
  Says extends Notifications = Record<never, unknown>,
  PeerSays extends Notifications = Record<never, unknown>,
> {
  readonly #port: Port
  readonly #options: RpcOptions<Own, PeerSays>
  readonly #pending = new Map<number, Pending>()
  #nextId = 1
  #disposed = false

  constructor(port: Port, options: RpcOptions<Own, PeerSays>) {
    this.#port = port
    this.#options = options
    port.onMessage((message) => this.#receive(message))
  }

  /**
   * Calls the peer. Rejects with a `Failure`: that of the peer, `TIMEOUT` after `timeout` ms (0 for no timeout), or
   * `DISPOSED`.
   */
  call<K extends keyof Peer & string>(
    method: K,
    params: Peer[K]['params'],
    timeout = 30_000,
  ): Promise<Peer[K]['result']> {
    if (this.#disposed)
      return Promise.reject(new Failure('DISPOSED', `${method} was not done: the session has ended.`))
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      const timer =
        timeout > 0
          ? setTimeout(() => {
              this.#pending.delete(id)
              reject(new Failure('TIMEOUT', `${method} took longer than ${timeout} ms; try again.`))
            }, timeout)
          : undefined
      this.#pending.set(id, { resolve, reject, timer })
      this.#post({ rpc: 'request', id, method, params })
    })
  }

  notify<K extends keyof Says & string>(name: K, data: Says[K]): void {
    if (!this.#disposed) this.#post({ rpc: 'notify', name, data })
  }

  /** Rejects every pending call; late responses are ignored. */
  rejectAll(failure: Failure): void {
    for (const { reject, timer } of this.#pending.values()) {
      clearTimeout(timer)
      reject(failure)
    }
    this.#pending.clear()
  }

  /** Rejects every pending call and all later ones. */
  dispose(): void {
    this.#disposed = true
    this.rejectAll(new Failure('DISPOSED', 'The session ended before the response arrived.'))
  }

  #post(message: RpcMessage): void {
    this.#port.post(message, this.#options.transferables?.(message))
  }

  #receive(raw: unknown): void {
    const message = parseMessage(raw)
    if (message === undefined || this.#disposed) return
    switch (message.rpc) {
      case 'request':
        void this.#serve(message.id, message.method, message.params)
        return
      case 'notify':
        this.#options.onNotify?.[message.name]?.(message.data as PeerSays[string])
        this.#options.onNotification?.(message as Notification<PeerSays>)
        return
      default:
        this.#settle(message)
    }
  }

  async #serve(id: number, method: string, params: unknown): Promise<void> {
    try {
      const handler = Object.hasOwn(this.#options.handlers, method)
        ? this.#options.handlers[method]
        : undefined
      if (handler === undefined) throw new Failure('UNKNOWN_METHOD', `There is no method ${method}.`)
      const result = (await handler(params as never)) ?? null
      if (!this.#disposed) this.#post({ rpc: 'result', id, result })
    } catch (thrown) {
      if (!this.#disposed) this.#post({ rpc: 'error', id, error: toWireError(thrown) })
    }
  }

  #settle(message: Extract<RpcMessage, { rpc: 'result' | 'error' }>): void {
    const pending = this.#pending.get(message.id)
    if (pending === undefined) return
    this.#pending.delete(message.id)
    clearTimeout(pending.timer)
    if (message.rpc === 'result') pending.resolve(message.result as never)
    else pending.reject(new Failure(message.error.code, message.error.message))
  }
}

function toWireError(thrown: unknown): WireError {
  if (thrown instanceof Failure) return { code: thrown.code, message: thrown.message }
  return { code: 'INTERNAL', message: sentenceOf(thrown) }
}
