/** The calls about payloads. */
import type { Log } from '../../capture/recording.ts'
import { Failure } from '../../shared/failure.ts'
import type { PayloadEngineMethods } from '../../shared/protocol/payloads.ts'
import type { Handlers } from '../../shared/protocol/rpc.ts'
import type { ConnectionStarts } from '../connection-starts.ts'
import type { PayloadNames } from '../payload-names.ts'
import { commandFor } from '../shell/connection-command.ts'
import { sessionCommands } from '../shell/session-commands.ts'
import { connectionOf } from './connection-events.ts'
import { copyText, documentOf } from './document.ts'
import { fileName, savePayload } from './payload-file.ts'
import { findRelated } from './related.ts'
import { readStream } from './stream.ts'

/** `whole` has all events of the session if `capture` is a part of it. */
export function payloadCalls(
  capture: Log,
  starts: ConnectionStarts,
  names: PayloadNames,
  whole = capture,
): Handlers<PayloadEngineMethods> {
  return {
    related: ({ index }) => findRelated(capture, names, index),
    stream: ({ connection, from, maxBytes }) => readStream(capture, connection, from, maxBytes),
    document: ({ index, hex }) => documentOf(capture, index, hex),
    copyText: ({ index, form }) => copyText(capture, index, form),
    command: ({ index, tool, reveal }) => {
      const connection = connectionOf(capture, index)
      const { connect } = starts.of(connection)
      if (connect === undefined)
        throw new Failure('NO_CONNECTION', `How connection ${connection} was opened is no longer known.`)
      return commandFor(capture, connect, index, tool, reveal)
    },
    sessionCommands: ({ reveal }) =>
      sessionCommands(whole, { reveal, connectOf: (connection) => starts.of(connection).connect }),
    fileName: ({ index, whole }) => fileName(capture, names, index, whole),
    savePayload: ({ index, whole, path }) => savePayload(capture, index, whole, path),
  }
}
