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
