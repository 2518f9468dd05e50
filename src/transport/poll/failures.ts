/** Failures of polls. */
import { Failure } from '../../shared/failure.ts'

export function responseTooLarge(limit: number): Failure {
  return new Failure(
    'TOO_LARGE',
    `A response is larger than the limit of ${limit} bytes, so reading it was stopped; raise maxMessageSize to receive it.`,
  )
}

/** A JSON cursor is set, but the response is not JSON. */
export function responseNotJson(pointer: string): Failure {
  return new Failure(
    'BAD_CURSOR',
    `The response is not JSON, so it has no value at ${pointer}; use another cursor (Cursor in Configure…, or --cursor), or none.`,
  )
}

export function cursorTooLong(pointer: string, length: number): Failure {
  return new Failure(
    'BAD_CURSOR',
    `The value at ${pointer} has ${length} characters, too many for a URL; use another cursor (Cursor in Configure…, or --cursor), or none.`,
  )
}

export function cursorInexact(pointer: string): Failure {
  return new Failure(
    'BAD_CURSOR',
    `The number at ${pointer} has more digits than this version of Node keeps; update VS Code (in the terminal: use Node 22 or newer), or use another cursor.`,
  )
}
