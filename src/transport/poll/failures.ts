/** Failures of polls, and of cursors. */
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

export function cursorNotWhole(path: string): Failure {
  return new Failure(
    'BAD_CURSOR',
    `The value at ${path} is not a whole number, so 1 cannot be added to it; use another cursor (Cursor in Configure…, or --cursor), or none.`,
  )
}

/** The next attempt starts without the cursor. */
export function cursorGone(cursor: string): Failure {
  return new Failure(
    'CURSOR_GONE',
    `The server no longer has what follows the cursor ${cursor.slice(0, 100)} (410 Gone), so the next request starts over without it; events may be missing or repeated.`,
    410,
  )
}
