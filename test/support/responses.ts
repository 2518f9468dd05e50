/** Reads responses from their bytes. */
import { MalformedResponse } from '../../src/parse/http/malformed.ts'
import { ResponseReader } from '../../src/parse/http/response.ts'
import type { ResponseHead } from '../../src/parse/http/response-head.ts'
import type { Headers } from '../../src/shared/headers.ts'

export interface ReadResponse {
  readonly head: ResponseHead | undefined
  readonly text: string
  readonly trailers: Headers | undefined
  /** `over`, `open` if more is expected, or an error's code. */
  readonly state: string
  /** Number of bytes after the response. */
  readonly rest: number
}

export interface ReadOptions {
  readonly method?: string
  /** Whether the connection ends after the bytes. */
  readonly ends?: boolean
}

/** Reads one response. The bytes of each part are overwritten after they are read. */
export function readResponse(parts: readonly Uint8Array[], options: ReadOptions = {}): ReadResponse {
  let head: ResponseHead | undefined
  let text = ''
  let trailers: Headers | undefined
  let state = 'open'
  let rest = 0
  const reader = new ResponseReader(options.method ?? 'GET', {
    head: (told) => {
      head = told
    },
    data: (bytes) => {
      text += Buffer.from(bytes).toString('latin1')
    },
    end: (told) => {
      trailers = told
      state = 'over'
    },
  })
  try {
    for (const part of parts) {
      rest += part.length - reader.push(part)
      part.fill(0xff)
    }
    if (options.ends) reader.finish()
  } catch (thrown) {
    if (!(thrown instanceof MalformedResponse)) throw thrown
    state = thrown.code
  }
  return { head, text, trailers, state, rest }
}
