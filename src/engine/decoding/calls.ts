/** The calls about decoded events. */
import type { Log } from '../../capture/recording.ts'
import type { AnswerMethods } from '../../shared/protocol/answers.ts'
import type { DecodingEngineMethods, DecodingMethods } from '../../shared/protocol/decoding.ts'
import type { ExchangeMethods } from '../../shared/protocol/exchanges.ts'
import type { Handlers } from '../../shared/protocol/rpc.ts'
import { connectionOf } from '../payload/connection-events.ts'
import { AnswerReader } from './answer-reader.ts'
import { findConversation } from './conversations.ts'
import { decodedBytes } from './decoded-bytes.ts'
import { listExchanges } from './exchange-list.ts'
import { schemaCalls } from './schema-calls.ts'
import { seenDecoded } from './seen-decoded.ts'
import type { SessionDecoding } from './session-decoding.ts'

/** `visible` has the events that the reader sees, if they are a part of all. */
export function decodingCalls(
  log: Log,
  decoding: SessionDecoding,
  visible = log,
): Handlers<DecodingMethods & DecodingEngineMethods & AnswerMethods & ExchangeMethods> {
  const answers = new AnswerReader(visible, decoding)
  return {
    decoded: ({ index }) => {
      const connection = connectionOf(log, index)
      return { events: decoding.at(index) ?? null, connection: decoding.of(connection) ?? null }
    },
    decodedBytes: ({ index }) => decodedBytes(log, decoding, index),
    conversation: ({ index }) => findConversation(log, decoding, index),
    setDecoder: ({ connection, decoder, options }) => decoding.choose(connection, decoder, options),
    setDialects: ({ dialects }) => decoding.setDialects(dialects),
    ...schemaCalls(),
    decoders: () => decoding.names,
    seenDecoded: () => seenDecoded(log, decoding),
    answers: () => answers.list(),
    exchanges: (span) => listExchanges(visible, log.count, decoding, answers, span),
    answer: ({ connection, index, from }) => answers.answer(connection, index, from),
  }
}
