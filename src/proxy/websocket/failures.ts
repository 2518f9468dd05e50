/** Failures of WebSockets that pass through a proxy, as sentences. */
import { Failure } from '../../shared/failure.ts'
import { headerOf } from '../../transport/websocket/failures.ts'
import type { FrameError } from '../../transport/websocket/frame-rules.ts'

/** A side of a WebSocket. */
export type Side = 'client' | 'server'

/** What follows an error that the proxy cannot read beyond. */
const unread = (side: Side) =>
  `the proxy passes everything on, but records no more of what the ${side} sends on this connection`

/**
 * The failure for a frame or a message that the proxy cannot record; `maxSize` is the limit in bytes.
 */
export function unreadableFrame(error: FrameError, side: Side, maxSize: number): Failure {
  const { code } = error
  if (code === 'WS_ERR_INVALID_UTF8')
    return new Failure(
      'BAD_UTF8',
      `The ${side} sent text that is not valid UTF-8 (RFC 6455 section 8.1); ${unread(side)}. Have it send such data as a binary message.`,
    )
  if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' || code === 'WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH')
    return new Failure(
      'TOO_LARGE',
      `The ${side} sent a message that is larger than the limit of ${maxSize} bytes; ${unread(side)}. Have it send smaller messages to see them.`,
    )
  if (code === 'WS_ERR_TOO_MANY_BUFFERED_PARTS')
    return new Failure(
      'TOO_LARGE',
      `The ${side} sent a message with more fragments than the limit allows; ${unread(side)}. Have it send larger frames to see them.`,
    )
  if (code.startsWith('Z_'))
    return new Failure(
      'BAD_FRAME',
      `The ${side} sent a compressed message that cannot be inflated; ${unread(side)}. Turn compression off on one side to see whether it helps.`,
    )
  return new Failure(
    'BAD_FRAME',
    `The ${side} sent a malformed frame (${error.message}${headerOf(error)}); ${unread(side)}. Fix the ${side}, or check that nothing in between changes the bytes.`,
  )
}

/** The failure for a message that is larger than the limit. The next ones are recorded. Sizes are in bytes. */
export function messageNotRecorded(side: Side, size: number, maxSize: number): Failure {
  return new Failure(
    'TOO_LARGE',
    `The ${side} sent a message of ${size} bytes, which is larger than the limit of ${maxSize} bytes; the proxy passed it on, but did not record it. Raise the limit for the size of messages to record it.`,
  )
}

/** The failure if messages arrive faster than a large one is inflated. */
export function inflatingTooSlow(side: Side): Failure {
  return new Failure(
    'TOO_LARGE',
    `The ${side} sent more while a large message was inflated than can wait; ${unread(side)}. Have it send smaller messages to see them.`,
  )
}

/** The failure if the response names an extension that was not understood; `why` is a phrase. */
export function unreadableExtension(why: string): Failure {
  return new Failure(
    'UNKNOWN_EXTENSION',
    `The messages of this WebSocket cannot be read (${why}); the proxy passes everything on, but records no messages. Turn the extension off on one side to see them.`,
  )
}

/** The failure if a side ended its connection after `size` bytes of a message. */
export function endedInsideMessage(side: Side, size: number): Failure {
  return new Failure(
    'TRUNCATED',
    `The connection of the ${side} ended inside a message, after ${size} of its bytes; earlier messages are kept. Check the ${side}'s log for why it stopped.`,
  )
}

export function notOpen(): Failure {
  return new Failure(
    'NOT_OPEN',
    'The WebSocket of the program is not open, so nothing can be sent; wait until the program opens it.',
  )
}

/** The failure if what the client sent cannot be read, so that it is unknown where a frame ends. */
export function unsafeToSend(): Failure {
  return new Failure(
    'NOT_OPEN',
    'Nothing can be sent between the messages of the program, because they cannot be read any more; reconnect the program first.',
  )
}
