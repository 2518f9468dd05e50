/** How a response passes to the client while faults may act on it. */
import type { Headers } from '../../shared/headers.ts'
import type { SeenData } from '../../shared/traffic.ts'

export interface ResponseExit {
  /** Writes bytes to the client. */
  write(bytes: Uint8Array): void
  /** Reports content. */
  data(data: SeenData): void
  /** Stops reading the response, or goes on. */
  pause(isPaused: boolean): void
}

export interface ResponsePassage {
  /** The head of the response, as it is passed on. */
  head(bytes: Uint8Array, time: number): void
  /** The next bytes of the body with its framing. Valid only during the call. */
  raw(bytes: Uint8Array, time: number): void
  /** The content among them. Valid only during the call. */
  content(bytes: Uint8Array, wireSize: number | undefined, time: number): void
  /** The response is complete. Calls `over` with the time of the end once all of it has been passed on. */
  end(trailers: Headers | undefined, time: number, over: (time: number) => void): void
}
