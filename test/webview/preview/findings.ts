/** Findings of the fake host, which are muted, and whose thresholds change, as by the engine. */
import { countFindings, type Finding, type FindingCounts } from '../../../src/shared/finding.ts'
import type { FindingList, FindingPanelMethods } from '../../../src/shared/protocol/findings.ts'

export class FakeFindings {
  #all: readonly Finding[]
  readonly #muted = new Set<string>()
  #version = 1

  constructor(all: readonly Finding[]) {
    this.#all = all
  }

  /** Replaces what was found. */
  find(all: readonly Finding[]): void {
    this.#all = all
    this.#version++
  }

  mute({ rule }: FindingPanelMethods['muteRule']['params'], isMuted: boolean): void {
    if (isMuted) this.#muted.add(rule)
    else this.#muted.delete(rule)
    this.#version++
  }

  setThreshold({ rule, value }: FindingPanelMethods['setThreshold']['params']): void {
    this.#all = this.#all.map((finding) =>
      finding.rule === rule && finding.threshold !== undefined
        ? { ...finding, threshold: { ...finding.threshold, value: value ?? 5000 } }
        : finding,
    )
    this.#version++
  }

  list(events: number): FindingList {
    const isMuted = ({ rule }: Finding) => this.#muted.has(rule)
    return {
      findings: this.#all.filter((each) => !isMuted(each)),
      muted: this.#all.filter(isMuted),
      rules: 36,
      failed: [],
      events,
      skipped: 0,
      isCurrent: true,
    }
  }

  /** As in the status of the session. */
  summary(): { readonly version: number; readonly counts: FindingCounts } | undefined {
    const { findings } = this.list(0)
    return findings.length === 0 ? undefined : { version: this.#version, counts: countFindings(findings) }
  }

  of(connection: number): FindingCounts | undefined {
    const some = this.list(0).findings.filter((each) => each.connection === connection)
    return some.length === 0 ? undefined : countFindings(some)
  }
}

const TICK = 500

/** Findings on the connections of the story, with a chart of each kind. */
export const STORY_FINDINGS: readonly Finding[] = [
  {
    rule: 'sequence-gap',
    severity: 'error',
    connection: 2,
    from: 125_203,
    to: 126_803,
    events: [3, 4, 5, 9],
    title: '5 prices were lost over a reconnect',
    message:
      'The counter `seq` went from 412 to 418. The connection was down for 1.61 s (connection reset), and the new subscription started at the current price instead of the first one missed.',
    advice:
      'Send the last seq with the subscription and let the server resume there, or query the missed prices after each reconnect.',
    evidence: { from: 412, to: 418, missed: 5, down: 1610 },
    source: {
      title: 'GraphQL over WebSocket protocol',
      url: 'https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md',
    },
    confidence: 'seq rose by 1 in 140 of 141 steps',
    chart: {
      kind: 'series',
      label: 'seq',
      unit: 'count',
      points: Array.from({ length: 16 }, (_, at) => ({
        time: 123_100 + at * TICK,
        value: 408 + at,
        ...(at >= 5 && at < 10 && { tone: 'wrong' as const }),
      })),
      spans: [{ from: 125_300, to: 126_910, label: 'down 1.61 s' }],
    },
  },
  {
    rule: 'unanswered-request',
    severity: 'warning',
    connection: 1,
    from: 128_600,
    events: [12],
    title: 'kick got no ack within 5 s',
    message:
      'Sent with ack id 12, which never came back. The other 14 requests were acknowledged, half within 38 ms, the slowest in 1.24 s.',
    advice:
      'Call the ack callback in the handler of kick on the server, also where it fails; a timeout makes a missing ack an error in the client.',
    evidence: { id: '12', answered: 14, p50: 38 },
    source: { title: 'Socket.IO: emitting events', url: 'https://socket.io/docs/v4/emitting-events/' },
    threshold: { value: 5000, unit: 'ms' },
    chart: {
      kind: 'values',
      unit: 'ms',
      points: [
        ...[11, 12, 17, 20, 24, 29, 36, 38, 39, 41, 48, 62, 110, 812, 1240].map((value) => ({ value })),
        { value: 9600, tone: 'wrong' },
      ],
      marks: [
        { value: 38, label: 'p50 38 ms' },
        { value: 5000, label: 'limit 5 s' },
      ],
    },
  },
  {
    rule: 'blank-polls',
    severity: 'info',
    connection: 5,
    from: 70_200,
    to: 131_216,
    events: Array.from({ length: 27 }, (_, at) => 20 + at * 2),
    title: '27 of 30 polls brought nothing',
    message:
      'Polled every 2 s, while the status changed every 20 s. The empty answers took 10.3 kB of headers, two thirds of its traffic.',
    advice:
      'A long poll or an event stream brings the same 3 changes in 3 answers, at once. If you must poll, every 10 s costs a fifth and is at most 10 s late.',
    evidence: { polls: 30, empty: 27 },
    source: { title: 'RFC 6202, section 2.2', url: 'https://www.rfc-editor.org/rfc/rfc6202#section-2.2' },
    threshold: { value: 0.8, unit: 'share' },
    chart: {
      kind: 'times',
      points: Array.from({ length: 30 }, (_, at) => ({
        time: 70_200 + at * 2000,
        ...(at % 10 !== 3 && { tone: 'wrong' as const }),
      })),
    },
  },
  {
    rule: 'not-compressed',
    severity: 'info',
    connection: 4,
    title: 'Text that is not compressed',
    message: 'The stream brought 1.2 MB of text without Content-Encoding.',
    evidence: { bytes: 1_200_000 },
    threshold: { value: 65_536, unit: 'bytes' },
    chart: {
      kind: 'bars',
      unit: 'bytes',
      bars: [
        { label: 'as sent', value: 1_200_000, tone: 'wrong' },
        { label: 'gzip of the first 64 kB, extrapolated', value: 210_000, tone: 'quiet' },
      ],
    },
  },
]
