/** What is wrong with a response. The table of network errors has a sentence for each code. */
export type MalformedCode =
  /** It does not begin with a status line. */
  | 'HTTP_NOT_SPOKEN'
  /** A head, a trailer section or a chunk's size line is longer than the bound. */
  | 'HTTP_OVERLONG'
  /** A chunk has no valid size. */
  | 'HTTP_CHUNK_SIZE'
  /** Its framing contradicts itself, as in response smuggling. */
  | 'HTTP_FRAMING'
  | 'HTTP_INVALID'
  /** The connection ended before the response: inside the head, before the Content-Length, inside the chunks. */
  | 'HTTP_NO_HEAD'
  | 'HTTP_CUT_LENGTH'
  | 'HTTP_CUT_CHUNKS'

/** A response cannot be read any further. */
export class MalformedResponse extends Error {
  readonly code: MalformedCode

  constructor(code: MalformedCode, reason: string) {
    super(reason)
    this.code = code
  }
}

/** Why a message is incomplete, by the part in which the connection ended. */
const CUTS = new Map<string, readonly [MalformedCode, string]>([
  ['head', ['HTTP_NO_HEAD', 'no whole head']],
  ['length', ['HTTP_CUT_LENGTH', 'short of the Content-Length']],
  ['chunked', ['HTTP_CUT_CHUNKS', 'inside the chunks']],
  ['trailers', ['HTTP_CUT_CHUNKS', 'inside the chunks']],
])

/** What to throw if a connection ends in a part of a message; undefined if a message may end there. */
export function cutIn(part: string): MalformedResponse | undefined {
  const cut = CUTS.get(part)
  if (cut === undefined) return undefined
  const [code, reason] = cut
  return new MalformedResponse(code, reason)
}
