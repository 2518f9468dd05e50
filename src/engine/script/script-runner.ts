/**
 * Runs the script of a request on its connection: sends its messages in order, waits for answers, and keeps values. The
 * editor's engine and the terminal both use it.
 */
import type { Decoder } from '../../decode/decoder.ts'
import type { MessageEvent, RealtimeEvent } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import { type MessageBatch, messagesIn } from '../../shared/message-batch.ts'
import {
  MAX_SCRIPT_STEPS,
  type RequestScript,
  type ScriptStatus,
  type ScriptStep,
  type ScriptWait,
} from '../../shared/request-script.ts'
import { KnownSecrets } from '../../shared/secrets/known-secrets.ts'
import { isSecretName } from '../../shared/secrets/names.ts'
import { shownValue } from '../../shared/secrets/shown-value.ts'
import type { OutboundMessage } from '../../shared/spec.ts'
import type { ConnectionState, ConnectionStatus } from '../../shared/status.ts'
import { Candidates } from '../matching/candidates.ts'
import { type ComposeForm, type MessageStep, ScriptMessages, variablesIn } from './script-messages.ts'
import { ScriptValues } from './script-values.ts'

export interface ScriptHost {
  /** Sends over the connection, as the user does. Throws a `Failure` if that fails. */
  send(message: OutboundMessage): void
  /** As `Hub.compose` on the connection. */
  readonly compose: ComposeForm
  /** The time in ms that the status says of what was sent. */
  now(): number
  /** Called on every change of status. */
  changed(): void
  /** Called with a sentence for the user if something of the script does not work. */
  notice(sentence: string): void
  /** Masked in sentences and in the status. Values of messages are added if their names suggest a secret. */
  readonly secrets?: KnownSecrets
}

type RunnerStatus = Pick<ConnectionStatus, 'state' | 'speaking'>

const ENDED: ReadonlySet<ConnectionState> = new Set(['closed', 'failed'])

export class ScriptRunner {
  readonly #script: RequestScript
  readonly #host: ScriptHost
  readonly #messages: ScriptMessages
  readonly #values: ScriptValues
  readonly #candidates = new Candidates()
  readonly #speaks: boolean
  readonly #secrets: KnownSecrets
  #isReady = false
  /** Whether the script has been started, which an open connection does once. */
  #hasStarted = false
  #isRunning = false
  #isAdvancing = false
  #isScheduled = false
  /** Number of the next step. */
  #next = 0
  /** Messages that came since the last one was sent. */
  #received = 0
  #problem: string | undefined
  readonly #sent = new Map<number, number>()
  #isOver = false
  /** No more secrets can be masked. */
  #isFull = false

  /**
   * Makes the runner of a script, with everything loaded. `speaks`: a protocol is spoken on the connection. Rejects with a
   * `Failure` `BAD_SCRIPT`.
   */
  static async prepare(
    script: RequestScript,
    { host, decoders, speaks }: { host: ScriptHost; decoders: readonly Decoder[]; speaks: boolean },
  ): Promise<ScriptRunner> {
    const runner = new ScriptRunner(script, host, speaks)
    if (runner.#looksInside) await runner.#candidates.decode(decoders)
    return runner
  }

  /** A runner that only keeps the variables of a connection. */
  static empty(host: ScriptHost): ScriptRunner {
    return new ScriptRunner({ steps: [], values: [], variables: {} }, host, false)
  }

  private constructor(script: RequestScript, host: ScriptHost, speaks: boolean) {
    if (script.steps.length > MAX_SCRIPT_STEPS)
      throw new Failure(
        'BAD_SCRIPT',
        `A request can have ${MAX_SCRIPT_STEPS} messages and waits; divide it into several requests.`,
      )
    this.#script = script
    this.#host = host
    this.#speaks = speaks
    this.#secrets = host.secrets ?? new KnownSecrets()
    this.#messages = new ScriptMessages(host.compose)
    this.#values = new ScriptValues(script.values, script.setByRules ?? [], {
      kept: (name, value) => {
        this.#keepSecret(name, value)
        this.#changed()
      },
      failed: (why) => {
        host.notice(why)
        this.#changed()
      },
    })
  }

  get status(): ScriptStatus {
    const waitsFor = this.#waitsFor()
    return {
      done: this.#next,
      of: this.#script.steps.length,
      ...(waitsFor !== undefined && { waitsFor }),
      ...(this.#problem !== undefined && { problem: this.#problem }),
      sent: Array.from(this.#sent, ([step, time]) => ({ step, time })),
      variables: Object.fromEntries(
        Object.entries(this.#values.all).map(([name, value]) => [
          name,
          shownValue(name, value, this.#secrets),
        ]),
      ),
    }
  }

  /** The variables that messages have set, in full. */
  get variables(): Readonly<Record<string, string>> {
    return this.#values.all
  }

  /** Whether a message or a rule may set a variable. */
  maySet(name: string): boolean {
    return this.#values.maySet(name)
  }

  /** Sets a variable, as a message does. Throws a `Failure` `TOO_LARGE`. */
  set(name: string, value: string): void {
    this.#values.set(name, value)
  }

  /** Whether nothing is left to send: all is done, or there is a problem. True from the start if the user sends by hand. */
  get isDone(): boolean {
    return !this.#isRunning && (this.#hasStarted || this.#script.isManual === true)
  }

  /** Call if the state of the connection may have changed. */
  update({ state, speaking }: RunnerStatus): void {
    if (this.#isOver) return
    if (ENDED.has(state)) this.#connectionEnded()
    const isReady = state === 'open' && speaking?.ready !== false
    if (isReady === this.#isReady) return
    this.#isReady = isReady
    // What came before, such as the handshake, answers none of its messages.
    if (isReady && !this.#hasStarted && this.#script.isManual !== true) this.#start()
    else this.#schedule()
  }

  /**
   * Call for each event of the connection, from its first one on, with its session time. Call before the event is stored or
   * printed: it may set a variable that is secret. Nothing is sent during the call.
   */
  appended(event: RealtimeEvent): void {
    if (this.#isOver) return
    if (!this.#looksInside) {
      if (event.type === 'message' && event.direction === 'in') this.#receive(1)
      return
    }
    const candidate = this.#candidates.next(event)
    if (candidate === undefined || event.type !== 'message') return
    if (!this.#speaks || this.#counts(event, candidate.decoded())) this.#receive(1)
    this.#values.take(candidate)
  }

  /** As `appended`, for the messages of a batch. */
  appendedBatch(connection: number, batch: MessageBatch, time: number): void {
    if (this.#isOver) return
    if (!this.#looksInside) this.#receive(batch.count)
    else for (const message of messagesIn(batch, connection, time)) this.appended(message)
  }

  /** Sends the message of a step now. Throws a `Failure`: `BAD_STEP`, or as composing and sending do. */
  sendStep(index: number): void {
    const step = this.#script.steps[index]
    if (step === undefined || step.kind === 'wait')
      throw new Failure(
        'BAD_STEP',
        `The request has no message at step ${index}; run it again from its file.`,
      )
    const [missing] = this.#missing(step)
    if (missing !== undefined)
      throw new Failure(
        'NO_VALUE',
        `${this.#nameOf(index)} was not sent: no message has set {{${missing}}} yet; send it later.`,
      )
    this.#send(step, index)
    this.#host.changed()
  }

  /** Runs all steps from the first. Throws a `Failure`: `SENDING` if it runs, or `NOT_OPEN`. */
  restart(): void {
    if (this.#isRunning)
      throw new Failure('SENDING', 'The messages of this request are being sent already. Stop them first.')
    if (!this.#isReady)
      throw new Failure('NOT_OPEN', 'The connection is not open, so nothing can be sent; connect again.')
    this.#start()
  }

  /** Ends the run, if there is one. */
  stop(): void {
    const { length } = this.#script.steps
    if (this.#isRunning) this.#end(`Stopped after ${this.#next} of ${length} steps.`)
  }

  /** Lets go of everything: the connection is forgotten. */
  close(): void {
    this.#isOver = true
    this.#isRunning = false
    this.#values.stop()
  }

  /** Whether the contents of messages matter, not only their number. */
  get #looksInside(): boolean {
    const { steps, values } = this.#script
    return values.length > 0 || (this.#speaks && steps.some(({ kind }) => kind === 'wait'))
  }

  #counts({ connection }: MessageEvent, packets: readonly { readonly kind: string }[]): boolean {
    if (packets.length === 0) return !this.#candidates.isIncomplete(connection)
    return packets.some(({ kind }) => kind !== 'heartbeat')
  }

  #keepSecret(name: string, value: string): void {
    if (!isSecretName(name)) return
    try {
      this.#secrets.add([value])
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown
      if (!this.#isFull) this.#host.notice(`Further values of ${name} are not masked. ${thrown.message}`)
      this.#isFull = true
    }
  }

  #start(): void {
    this.#hasStarted = true
    this.#isRunning = true
    this.#problem = undefined
    this.#next = 0
    this.#received = 0
    this.#advance()
    this.#host.changed()
  }

  #receive(count: number): void {
    this.#received += count
    if (this.#isRunning) this.#schedule()
  }

  #changed(): void {
    this.#schedule()
    this.#host.changed()
  }

  /** What is sent in response comes after all events of the chunk that was received. */
  #schedule(): void {
    if (this.#isScheduled || !this.#isRunning) return
    this.#isScheduled = true
    queueMicrotask(() => {
      this.#isScheduled = false
      const before = this.#next
      this.#advance()
      if (this.#next !== before || !this.#isRunning) this.#host.changed()
    })
  }

  /** Does the steps that can be done now. */
  #advance(): void {
    // Sending changes the connection, which may lead here again.
    if (this.#isAdvancing) return
    this.#isAdvancing = true
    try {
      let goesOn = true
      while (goesOn) goesOn = this.#isRunning && this.#isReady && this.#doNext()
    } finally {
      this.#isAdvancing = false
    }
  }

  /** Does the next step. Returns false if it has to wait. */
  #doNext(): boolean {
    const index = this.#next
    const step = this.#script.steps[index]
    if (step === undefined) {
      this.#isRunning = false
      return false
    }
    if (step.kind === 'wait') {
      if (this.#received === 0) return false
      this.#received--
    } else {
      const missing = this.#missing(step)
      if (missing.length > 0) {
        this.#checkProblems(missing)
        return false
      }
      try {
        this.#send(step, index)
      } catch (thrown) {
        if (!(thrown instanceof Failure)) throw thrown
        this.#fail(thrown.message)
        return false
      }
    }
    // A message that was sent may have ended the run.
    if (this.#isRunning) this.#next = index + 1
    return this.#isRunning
  }

  #send(step: MessageStep, index: number): void {
    const variables = { ...this.#script.variables, ...this.#values.all }
    this.#checkKnown(step, index, variables)
    const messages = this.#messages.compose(step, variables)
    this.#received = 0
    for (const message of messages) this.#host.send(message)
    this.#sent.set(index, this.#host.now())
  }

  /** The variables that a step needs and messages have not set yet. */
  #missing(step: MessageStep): readonly string[] {
    return variablesIn(step).filter((name) => this.#values.maySet(name) && !this.#isKnown(step, name))
  }

  #isKnown(step: MessageStep, name: string): boolean {
    const own = step.kind === 'send' ? step.message.variables : undefined
    return (
      this.#values.has(name) || [this.#script.variables, own ?? {}].some((each) => Object.hasOwn(each, name))
    )
  }

  #checkKnown(step: MessageStep, index: number, variables: Readonly<Record<string, string>>): void {
    const unknown = variablesIn(step).find(
      (name) => !Object.hasOwn(variables, name) && !this.#isKnown(step, name),
    )
    if (unknown === undefined) return
    throw new Failure(
      'UNKNOWN_VARIABLE',
      `${this.#nameOf(index)} was not sent: there is no variable {{${unknown}}}; define it in the file or in an environment, or write {{$braces}} for two literal braces.`,
    )
  }

  /** Ends the run if messages are no longer searched for a value that it waits for, or the value could not be kept. */
  #checkProblems(missing: readonly string[]): void {
    const [problem] = missing.flatMap((name) => this.#values.problemOf(name) ?? [])
    if (problem !== undefined) this.#end(problem)
  }

  #waitsFor(): ScriptWait | undefined {
    if (!this.#isRunning) return undefined
    const step = this.#script.steps[this.#next]
    if (!this.#isReady || step === undefined) return 'open'
    return step.kind === 'wait' ? 'message' : { variables: this.#missing(step) }
  }

  #connectionEnded(): void {
    if (!this.#isRunning) return
    const { steps } = this.#script
    const step = steps[this.#next]
    const waited = step?.kind === 'wait' ? ', while it waited for a message' : ''
    this.#fail(`The connection ended after ${this.#next} of ${steps.length} steps of the request${waited}.`)
  }

  #fail(problem: string): void {
    this.#end(problem)
    this.#host.notice(this.#secrets.mask(problem))
  }

  #end(problem: string): void {
    this.#isRunning = false
    this.#problem = this.#secrets.mask(problem)
    this.#host.changed()
  }

  #nameOf(index: number): string {
    const step = this.#script.steps[index]
    if (step !== undefined && isMessage(step) && step.name !== undefined)
      return `The message ${JSON.stringify(step.name)}`
    return `Message ${this.#script.steps.slice(0, index + 1).filter(isMessage).length}`
  }
}

function isMessage(step: ScriptStep): step is MessageStep {
  return step.kind !== 'wait'
}
