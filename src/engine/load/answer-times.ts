/** Finds out how long answers take on the connections of one client. */
import { setImmediate } from 'node:timers/promises'
import type { PairedRequest } from '../../decode/client-requests.ts'
import { SessionDecoder } from '../../decode/session-decoder.ts'
import type { Script, ScriptedMessage } from '../../session/replay/script.ts'
import type { RealtimeEvent } from '../../shared/event.ts'
import type { LiveSteps } from '../resend/live-steps.ts'

/** Is told the ms that an answer took. */
type Answered = (ms: number) => void

/** Events of a recording that are looked at to find out whether its protocol pairs messages. */
const MAX_LOOKED_AT = 10_000
/** Messages of a connection that wait for their answer. Further ones are not measured. */
const MAX_WAITING = 1000
/** Events read before the thread is released. */
const STEP = 1024

/** By the protocol of the messages, whose ids say what answers what. */
export class AnswersByProtocol {
  readonly #decoder: SessionDecoder
  #number = 0

  constructor(answered: Answered) {
    this.#decoder = new SessionDecoder({
      onlyState: true,
      listener: {
        asked() {},
        answered: (request, _by, latency) => {
          if (isOurs(request)) answered(latency)
        },
      },
    })
  }

  /** Loads the decoders. Call before the first event. */
  async load(): Promise<void> {
    await this.#decoder.loadAll()
  }

  /** Call for each event of the client. */
  appended(event: RealtimeEvent): void {
    this.#decoder.decode(this.#number++, event)
  }
}

/** Whether messages that the recorded client sent have answers by their protocol. */
export async function hasPairs({ source, steps }: Pick<LiveSteps, 'source' | 'steps'>): Promise<boolean> {
  let pairs = 0
  const answers = new AnswersByProtocol(() => pairs++)
  await answers.load()
  const connections = new Set(steps.map(({ step }) => step.connection))
  const end = Math.min(source.count, source.firstKept + MAX_LOOKED_AT)
  for (let number = source.firstKept; number < end && pairs === 0; number++) {
    if (number % STEP === STEP - 1) await setImmediate()
    if (connections.has(source.row(number).connection)) answers.appended(source.event(number))
  }
  return pairs > 0
}

function isOurs({ direction, isHeartbeat }: PairedRequest): boolean {
  return direction === 'out' && !isHeartbeat
}

/**
 * By the order of the recording, for one connection: if the recorded client sent a message after the third that it received,
 * and then received a fourth, the fourth is the answer. Several messages in a row are not measured, because it is not
 * known which of them is answered.
 */
export class AnswersByOrder {
  readonly #script: Script
  readonly #answered: Answered
  /** When messages were sent, by the number of the inbound message that answers each. */
  readonly #waiting = new Map<number, number>()
  #sent = 0
  #received = 0

  constructor(script: Script, answered: Answered) {
    this.#script = script
    this.#answered = answered
  }

  /** The next message of the script was sent at `time`. */
  sent(message: ScriptedMessage, time: number): void {
    const { messages, answers } = this.#script
    const before = messages[this.#sent - 1]?.answersBefore ?? -1
    const after = messages[this.#sent + 1]?.answersBefore ?? answers
    this.#sent++
    const isAlone = before < message.answersBefore && message.answersBefore < after
    // If as many came already, the peer sends more than it did, and nobody knows what answers this.
    if (!isAlone || this.#received > message.answersBefore || this.#waiting.size >= MAX_WAITING) return
    this.#waiting.set(message.answersBefore + 1, time)
  }

  /** A message was received at `time`. */
  received(time: number): void {
    this.#received++
    const sentAt = this.#waiting.get(this.#received)
    if (sentAt === undefined) return
    this.#waiting.delete(this.#received)
    this.#answered(time - sentAt)
  }
}
