/** How soon the messages of scripts were answered, as far as the decoders of their connections know it. */
import { type Exchange, PATIENCE } from '../../../shared/exchange.ts'
import type { ExchangeList, ExchangeMethods } from '../../../shared/protocol/exchanges.ts'
import type { ScriptStatus } from '../../../shared/request-script.ts'
import type { Answered } from './lens-texts.ts'

/** Milliseconds before the first message in which its request may have been recorded. */
const MARGIN = 1000

export type AskExchanges = (span: ExchangeMethods['exchanges']['params']) => Promise<ExchangeList>

/** The answers to the messages that were sent, by step. A message is the last request before the time of its step. */
export async function answersTo(
  connection: number,
  { sent }: ScriptStatus,
  now: number,
  ask: AskExchanges,
): Promise<ReadonlyMap<number, Answered>> {
  const steps = sent.toSorted((a, b) => a.time - b.time)
  const [first, last] = [steps[0], steps.at(-1)]
  if (first === undefined || last === undefined) return new Map()
  const { lanes } = await ask({ from: first.time - MARGIN, to: last.time + 1, connections: [connection] })
  const exchanges = lanes.flatMap((lane) => lane.exchanges)
  let since = Number.NEGATIVE_INFINITY
  return new Map(
    steps.flatMap(({ step, time }) => {
      const from = since
      since = time
      const exchange = exchanges.findLast(({ start }) => start > from && start <= time)
      return exchange === undefined ? [] : [[step, answeredBy(exchange, now)] as const]
    }),
  )
}

function answeredBy({ start, end, answer, hasFailed, isOver }: Exchange, now: number): Answered {
  return {
    latency: answer === null ? undefined : end - start,
    hasFailed,
    isOver: isOver || now - start > PATIENCE,
  }
}
