/** The calls about payloads. */
import type { Log } from '../../capture/recording.ts'
import type { PayloadEngineMethods } from '../../shared/protocol/payloads.ts'
import type { Handlers } from '../../shared/protocol/rpc.ts'
import type { ConnectionStarts } from '../connection-starts.ts'
import { commandFor, openingCommand } from '../copy-as-command/connection-command.ts'
import { sessionCommands } from '../copy-as-command/session-commands.ts'
import type { SessionDecoding } from '../decoding/session-decoding.ts'
import type { Pairs } from '../pairs/pairs.ts'
import { connectionOf } from './connection-events.ts'
import { copyText, documentOf } from './document.ts'
import { fileName, savePayload } from './payload-file.ts'
import { findRelated } from './related.ts'
import { readStream } from './stream.ts'

/** `whole` has all events of the session if `capture` is a part of it. */
export function payloadCalls(
  capture: Log,
  starts: ConnectionStarts,
  decoding: SessionDecoding,
  pairs: Pairs,
  whole = capture,
): Handlers<PayloadEngineMethods> {
  return {
    related: ({ index }) => findRelated(capture, decoding, pairs, index),
    stream: ({ connection, from, maxBytes }) => readStream(capture, connection, from, maxBytes),
    document: ({ index, hex }) => documentOf(capture, index, hex),
    copyText: ({ index, form }) => copyText(capture, index, form),
    command: ({ index, tool, ...options }) =>
      commandFor(capture, starts.connectOf(connectionOf(capture, index)), index, tool, options),
    connectionCommand: ({ connection, ...options }) => openingCommand(starts.connectOf(connection), options),
    sessionCommands: ({ reveal }) =>
      sessionCommands(whole, { reveal, connectOf: (connection) => starts.of(connection).connect }),
    fileName: ({ index, whole }) => fileName(capture, decoding, index, whole),
    savePayload: ({ index, whole, path }) => savePayload(capture, index, whole, path),
  }
}
