/**
 * Hooks between the transports and the network, for credentials and cookies: they change requests before these are sent, and
 * see the heads of the responses. Events show the requests before the change.
 */
import type { Headers } from '../shared/event.ts'
import type { StopSignal } from './deadline.ts'

export interface OutgoingRequest {
  /** `http:` or `https:`; `ws:` or `wss:` for the handshake of a WebSocket. */
  readonly url: URL
  /** `CONNECT` for a WebSocket over HTTP/2 (RFC 8441). */
  readonly method: string
  readonly headers: Headers
  readonly body: Uint8Array | undefined
  /** Of a WebSocket. */
  readonly subprotocols?: readonly string[]
}

export interface ResponseHead {
  readonly status: number
  readonly headers: Headers
}

export interface RequestHook {
  /**
   * Called before the first request of an attempt, without a time limit: a person may have to log in. Rejects with a
   * `Failure` that ends the attempt.
   */
  begin?(signal: AbortSignal): Promise<void>
  /** The request as it is sent. Called for each request, also after a redirect. Rejects with a `Failure`. */
  outgoing?(request: OutgoingRequest): OutgoingRequest | Promise<OutgoingRequest>
  /** Called with the head of each response. True if the response is a refusal and the request is to be sent again. */
  received?(sent: OutgoingRequest, response: ResponseHead): boolean | Promise<boolean>
}

/** How often a request is sent if hooks answer its refusals. */
export const MAX_SENDS = 4

/** Several hooks as one: each changes what the one before it made, and each sees every response. */
export function hooksAsOne(hooks: readonly RequestHook[]): RequestHook | undefined {
  if (hooks.length < 2) return hooks[0]
  return {
    async begin(signal) {
      for (const hook of hooks) await hook.begin?.(signal)
    },
    async outgoing(request) {
      let changed = request
      for (const hook of hooks) changed = (await hook.outgoing?.(changed)) ?? changed
      return changed
    },
    async received(sent, response) {
      let isAgain = false
      for (const hook of hooks) if (await hook.received?.(sent, response)) isAgain = true
      return isAgain
    },
  }
}

/** Settles as the promise does, or rejects with the reason of the signal if that aborts first. */
export async function untilAborted<T>(promise: T | Promise<T>, signal: StopSignal): Promise<T> {
  signal.throwIfAborted()
  let onAbort = () => {}
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason)
    signal.addEventListener('abort', onAbort)
  })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
