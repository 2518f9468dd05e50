/** A message that keeps a connection alive, as it is written: `30 s => {"type":"ping"}`. */
import { Failure } from './failure.ts'
import { parseDuration } from './filter/units.ts'
import { checkKeepAlive } from './protocol/rules.ts'

export interface WrittenKeepAlive {
  /** Milliseconds. */
  readonly interval: number
  /** A template. */
  readonly text: string
}

const FORM = /^\s*(?<time>\d{1,12}(?:\.\d{1,6})?)\s{0,8}(?<unit>ms|s|m|h)?\s{0,8}=>(?<text>.*)$/s

/** Reads `TIME => TEXT`. A time without a unit is in seconds. Throws a `Failure` with one sentence. */
export function parseKeepAlive(written: string): WrittenKeepAlive {
  const { time, unit = 's', text = '' } = FORM.exec(written)?.groups ?? {}
  if (time === undefined || text.trim() === '')
    throw new Failure(
      'BAD_KEEP_ALIVE',
      'A keep-alive message is a time, an arrow and a text, such as 30 s => {"type":"ping"}.',
    )
  const interval = Math.round(parseDuration(`${time}${unit}`) ?? 0)
  checkKeepAlive(interval)
  return { interval, text: text.trim() }
}

/** The message on one line, as `parseKeepAlive` reads it. */
export function keepAliveText({ interval, text }: WrittenKeepAlive): string {
  return `${intervalText(interval)} => ${text}`
}

/** Milliseconds as a time that reads back as the same: `30 s`, `500 ms`. */
export function intervalText(interval: number): string {
  return interval % 1000 === 0 ? `${interval / 1000} s` : `${interval} ms`
}
