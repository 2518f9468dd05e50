/** Lists what connections asked and were answered in a part of a session, for the timeline. */
import type { Log } from '../../capture/recording.ts'
import type { ExchangesInSpan } from '../../decode/exchanges.ts'
import type { AnswerRun, AnswerSpan } from '../../shared/exchange.ts'
import type { AnswerSummary } from '../../shared/model-answer.ts'
import type { ExchangeList, ExchangeMethods, LaneExchanges } from '../../shared/protocol/exchanges.ts'
import type { AnswerReader } from './answer-reader.ts'
import type { SessionDecoding } from './session-decoding.ts'

/** Answers of language models in a lane that are listed, the latest ones. */
const MAX_ANSWERS = 100

/** `log` has the events that the reader sees, which are the first of `count`. */
export function listExchanges(
  log: Log,
  count: number,
  decoding: SessionDecoding,
  answers: AnswerReader,
  { from, to, connections }: ExchangeMethods['exchanges']['params'],
): ExchangeList {
  decoding.start()
  const { answers: summaries, isCurrent } = answers.list()
  const end = log.count === 0 ? 0 : log.row(log.count - 1).time
  const until = Math.min(to, end)
  const { exchanges } = decoding
  const lanes = connections.map((connection): LaneExchanges => {
    const own = summaries.filter((answer) => answer.connection === connection)
    const spans = own.filter((answer) => answer.start <= until && answer.end >= from).slice(-MAX_ANSWERS)
    return {
      connection,
      ...seenBy(log, until, exchanges.between(connection, from, until)),
      answers: spans.map((answer) => spanOf(log, answer, answers.runs(connection, answer.index))),
      answerCount: own.length,
      figures: (log.count < count ? undefined : exchanges.figures(connection, end)) ?? null,
    }
  })
  const rows = new Map(exchanges.rows())
  for (const { connection } of summaries) rows.set(connection, rows.get(connection) ?? 1)
  return { lanes, rows: [...rows], isCurrent: isCurrent && decoding.isCurrent }
}

/** Without the answers that the reader does not see yet. */
function seenBy(log: Log, until: number, found: ExchangesInSpan): ExchangesInSpan {
  const exchanges = found.exchanges.map((exchange) => {
    if (exchange.end <= until) return exchange
    const isAnswered = exchange.answer !== null && exchange.answer < log.count
    return isAnswered
      ? { ...exchange, end: until, isOver: false }
      : { ...exchange, end: exchange.start, answer: null, answers: 0, isOver: false, hasFailed: false }
  })
  return { ...found, exchanges }
}

function spanOf(
  log: Log,
  { start, end, timeToFirst, status, request, stalls }: AnswerSummary,
  runs: readonly AnswerRun[],
): AnswerSpan {
  const kept = stalls.filter(({ from }) => from >= log.firstKept)
  return {
    start,
    first: timeToFirst === undefined ? null : start + timeToFirst,
    end,
    isGrowing: status === 'growing',
    request: request ?? null,
    runs,
    stalls: kept.map((stall) => ({ from: log.row(stall.from).time, to: log.row(stall.to).time })),
  }
}
