/** Prepares the replay of a recording: what it opens, with the ids that the live peer gives. */
import { isUtf8 } from 'node:buffer'
import type { IndexedRecording } from '../../capture/recording.ts'
import type { Id, RequestHead } from '../../decode/ids/ids.ts'
import { readPackets } from '../../session/packets/recorded-packets.ts'
import { asRecorded, asRequested, missingSecrets } from '../../session/replay/as-recorded.ts'
import { PacketScript } from '../../session/replay/packet-script.ts'
import { secretParameters, urlAtPeer } from '../../session/replay/peer-url.ts'
import { type ResumedEvent, recordedHeads, resumedEvents } from '../../session/replay/recorded-heads.ts'
import { RecordedIds } from '../../session/replay/recorded-ids.ts'
import { readTraffic } from '../../session/replay/recorded-traffic.ts'
import { type ConnectionIds, SessionIds } from '../../session/replay/replay-ids.ts'
import {
  type ReplayStep,
  type RequestStep,
  type StepChoice,
  stepsOf,
} from '../../session/replay/replay-steps.ts'
import { ReplayedPackets } from '../../session/replay/replayed-packets.ts'
import { scriptedMessage } from '../../session/replay/script.ts'
import { getOrMake } from '../../shared/maps.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import { withSocketOfUrl } from '../../shared/unix-url.ts'
import { parseUrl } from '../../shared/url.ts'

/** A step with what its connection has learned. */
export interface LiveStep {
  readonly step: ReplayStep
  readonly ids: ConnectionIds
  /** Undefined if the ids of its protocol are not known. */
  readonly packets: ReplayedPackets | undefined
  /** Recorded event IDs with which requests continue, by the number of inbound messages before them. */
  readonly eventIds: ReadonlyMap<number, string>
}

/** What is read of a recording once, for all replays of it. */
interface Prepared {
  readonly source: IndexedRecording
  /** That of the peer. */
  readonly spec: ConnectionSpec
  readonly steps: readonly ReplayStep[]
  readonly leftOut: readonly number[]
  readonly ids: RecordedIds
  /** By the number of the recorded connection. */
  readonly packets: ReadonlyMap<number, PacketScript>
  readonly resumed: readonly ResumedEvent[]
}

export class LiveSteps {
  readonly steps: readonly LiveStep[]
  readonly #prepared: Prepared
  readonly #ids: SessionIds
  readonly #spec: ConnectionSpec
  /** The URL of the first step. */
  readonly #first: string | undefined
  /** Numbers of steps that have not ended, by connection. */
  readonly #left = new Map<number, number>()

  /**
   * Reads the steps of a recording. `spec` is that of the peer. Rejects with a `Failure` as `stepsOf` throws it, or
   * `BAD_URL`.
   */
  static async read(
    source: IndexedRecording,
    spec: ConnectionSpec,
    choice: StepChoice = {},
  ): Promise<LiveSteps> {
    parseUrl(spec.url)
    const traffic = await readTraffic(source)
    const steps = stepsOf(traffic, choice)
    const packets = await readPackets(source, choice.only)
    const heads = recordedHeads(traffic)
    const resumed = resumedEvents(source, heads)
    const opened = new Set(steps.map(({ connection }) => connection))
    const others = traffic.map(({ connection }) => connection).filter((each) => !opened.has(each))
    return new LiveSteps({
      ...{ source, spec: withSocketOfUrl(spec), steps, resumed },
      leftOut: choice.only === undefined ? others : [],
      ids: new RecordedIds(packets, [...heads, ...resumed]),
      packets: new Map([...packets].map(([connection, each]) => [connection, new PacketScript(each)])),
    })
  }

  private constructor(prepared: Prepared) {
    const { spec, steps, ids, packets, resumed } = prepared
    this.#prepared = prepared
    this.#spec = spec
    this.#first = steps[0] && this.#headOf(steps[0]).url
    for (const { connection } of steps) this.#left.set(connection, (this.#left.get(connection) ?? 0) + 1)
    this.#ids = new SessionIds(ids)
    const learning = new Map<number, Omit<LiveStep, 'step'>>()
    this.steps = steps.map((step) => {
      const { connection } = step
      const learned = getOrMake(learning, connection, () => {
        const ids = this.#ids.of(connection)
        const script = packets.get(connection)
        const mine = resumed.filter((each) => each.connection === connection)
        return {
          ids,
          packets: script && new ReplayedPackets(script, ids),
          eventIds: new Map(mine.map(({ answersBefore, id }) => [answersBefore, id])),
        }
      })
      return { step, ...learned }
    })
  }

  /** The same steps for another client, which has learned nothing yet. */
  forAnother(): LiveSteps {
    return new LiveSteps(this.#prepared)
  }

  get source(): IndexedRecording {
    return this.#prepared.source
  }

  /** Numbers of the connections that are not opened: they only received, or their start is not in the recording. */
  get leftOut(): readonly number[] {
    return this.#prepared.leftOut
  }

  /** The names of recorded headers with secrets that are not sent. */
  get missingSecrets(): readonly string[] {
    const names = this.steps.flatMap(({ step }) =>
      missingSecrets(this.#spec, this.#headOf(step).headers, new Set(this.#headerIds(step).keys())),
    )
    return [...new Set(names)]
  }

  /** The names of parameters with secrets that are left out of URLs. */
  get missingParameters(): readonly string[] {
    const urls = this.steps.flatMap(({ step, ids }) => {
      const head = this.#headOf(step)
      if (head.url === this.#first) return []
      // Ids of the live peer are not recorded secrets.
      const plain = this.#prepared.ids.replaceInHead(head, (kind, id, side) =>
        ids.isGiven({ kind, id, side }) ? 0 : undefined,
      )
      return [plain.url]
    })
    return [...new Set(urls.flatMap(secretParameters))]
  }

  /** Whether no id of a request is awaited. */
  isReady({ step, ids, packets }: LiveStep): boolean {
    if (ids.areAwaited(this.#prepared.ids.idsInHead(this.#headOf(step)))) return false
    return step.kind === 'socket' || packets?.isReady(step.bodyNumber) !== false
  }

  /** The specification of the connection of a step, with the ids that are known by now. */
  specOf(live: LiveStep): ConnectionSpec {
    const { step, ids } = live
    const head = this.#headOf(step)
    const withIds = this.#prepared.ids.replaceInHead(head, ids.replace)
    const urls = { recorded: head.url, live: withIds.url }
    const family = step.kind === 'socket' ? 'ws' : 'http'
    const spec = { ...this.#spec, url: urlAtPeer(this.#spec.url, urls, this.#first, family) }
    if (step.kind === 'socket') return { ...asRecorded(spec, step.script), transport: 'websocket' }
    const idsOfHeaders = this.#headerIds(step)
    const headers = Object.entries(withIds.headers).filter(([name]) =>
      ids.areKnown(idsOfHeaders.get(name.toLowerCase()) ?? []),
    )
    return asRequested(spec, step, {
      headers: Object.fromEntries(headers),
      live: new Set(idsOfHeaders.keys()),
      body: bodyOf(this.source, live, step),
    })
  }

  /** Call when the connection of a step has ended. */
  ended({ step: { connection } }: LiveStep): void {
    const left = (this.#left.get(connection) ?? 0) - 1
    this.#left.set(connection, left)
    if (left === 0) this.#ids.ended(connection)
  }

  #headOf(step: ReplayStep): RequestHead {
    if (step.kind === 'request') return step
    const { url = this.#spec.url, headers = {} } = step.script.connect ?? {}
    return { url, headers }
  }

  /** The ids that the recorded peer gave, by the lower-case names of the headers that have them. */
  #headerIds(step: ReplayStep): ReadonlyMap<string, readonly Id[]> {
    const ids = this.#ids.of(step.connection)
    return new Map(
      Object.entries(this.#headOf(step).headers).flatMap(([name, value]) => {
        const found = this.#prepared.ids
          .idsInHead({ url: '', headers: { [name]: value } })
          .filter((id) => ids.isGiven(id))
        return found.length === 0 ? [] : [[name.toLowerCase(), found] as const]
      }),
    )
  }
}

/** The body of a request with the ids that are known. */
function bodyOf(source: IndexedRecording, { packets }: LiveStep, step: RequestStep): ConnectionSpec['body'] {
  const { body, bodyNumber, number } = step
  if (body === undefined && bodyNumber === number) return undefined
  const messages = packets?.messagesOf(bodyNumber) ?? []
  if (messages.length === 0 && bodyNumber === number) return body
  const parts = messages.length > 0 ? messages : [scriptedMessage(source, { index: bodyNumber })]
  const bytes = Buffer.concat(parts.map(({ payload }) => payload))
  return isUtf8(bytes) ? bytes.toString() : { base64: bytes.toString('base64') }
}
