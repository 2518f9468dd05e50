/** Formats the figures of a load as text. */
import type { Colors } from 'picocolors/types'
import type { LoadFigures } from '../../engine/load/load-figures.ts'
import type { LoadReport, OwnLimit, TrafficCount } from '../../engine/load/load-report.ts'
import type { Distribution } from '../../shared/report.ts'
import {
  byteCount,
  formatCount,
  formatRate,
  plural,
  preciseSpan as span,
} from '../../shared/text/quantities.ts'
import { printable } from '../pretty/terminal-text.ts'

/** Width of a line's name. */
const NAME = 13

/** The lines to print. */
export function formatLoad(report: LoadReport, colors: Colors): string[] {
  const { duration, connections, failures, handshakes, answers, responses, client } = report
  const { planned, started, opened, peak, closed, failed, lost } = connections
  const ended = [
    `${formatCount(closed)} closed`,
    `${formatCount(lost)} lost`,
    `${formatCount(failed)} failed`,
  ]
  const notStarted = started < planned ? `, ${formatCount(planned - started)} not started` : ''
  return [
    colors.bold(
      `${formatCount(opened)} of ${plural(planned, 'connection')} opened. It took ${span(duration)}.`,
    ),
    line('connections', `at most ${formatCount(peak)} open at once; ${ended.join(', ')}${notStarted}`),
    ...failures.map(({ kind, phase, count, message }) =>
      colors.red(
        line(
          phase === 'open' ? 'not opened' : 'lost',
          printable(`${formatCount(count)} by ${kind}: ${message}`),
        ),
      ),
    ),
    ...distribution('handshakes', handshakes),
    ...(answers === null
      ? []
      : [
          line(
            'answers',
            `${percentiles(answers)}; ${formatCount(report.answerCount)} ${BY[report.answersBy]}`,
          ),
        ]),
    ...distribution('responses', responses),
    line('↑ out', trafficText(report.out, duration)),
    line('↓ in', trafficText(report.in, duration)),
    ...clientLines(client),
    ...(client.bottleneck === null ? [] : [colors.yellow(client.bottleneck)]),
  ]
}

/** The state of a load, while it runs. */
export function progressLine(figures: LoadFigures): string {
  const { planned, started, open, openedCount, failedCount } = figures
  return `${formatCount(started)} of ${plural(planned, 'connection')} started, ${formatCount(openedCount)} opened, ${formatCount(open)} open, ${formatCount(failedCount)} failed`
}

const BY: Readonly<Record<LoadReport['answersBy'], string>> = {
  protocol: 'paired by the protocol',
  order: 'paired by the order in the recording',
}

function clientLines({ eventLoopDelay, eventLoopUtilization, processors, memory, late }: OwnLimit): string[] {
  const delay = eventLoopDelay === null ? '' : `event loop late by p99 ${span(eventLoopDelay.p99)}, `
  const used = `busy ${Math.round(eventLoopUtilization * 100)} %, ${Math.round(processors * 100)} % of a processor, ${byteCount(memory)}`
  return [
    line('this program', `${delay}${used}`),
    ...(late === null ? [] : [line('', `did things later than planned by ${percentiles(late)}`)]),
  ]
}

function distribution(name: string, values: Distribution | null): string[] {
  return values === null ? [] : [line(name, percentiles(values))]
}

function percentiles({ p50, p95, p99, max }: Distribution): string {
  return `p50 ${span(p50)}, p95 ${span(p95)}, p99 ${span(p99)}, max ${span(max)}`
}

function trafficText({ messages, bytes }: TrafficCount, duration: number): string {
  return `${plural(messages, 'message')}, ${byteCount(bytes)}, ${formatRate((messages / Math.max(duration, 1)) * 1000)}`
}

function line(name: string, text: string): string {
  return `  ${name.padEnd(NAME)} ${text}`
}
