/** The report of a recording, and what is wrong in it, each in one pass over it. */
import type { ReadOptions, Recording } from '../capture/recording.ts'
import type { DiagnosisChoices } from '../diagnose/diagnosis.ts'
import { SessionFigures } from '../diagnose/figures/session.ts'
import { SessionDiagnosis } from '../diagnose/session-diagnosis.ts'
import { type DecodingChoices, type EventTaker, SessionPass } from '../diagnose/session-pass.ts'
import { isoDate } from '../shared/clock.ts'
import type { RealtimeEvent } from '../shared/event.ts'
import type { SessionReport } from '../shared/report.ts'
import { GENERATOR } from './generator.ts'
import { eventOf } from './line-event.ts'
import { LineMessage } from './line-message.ts'
import { hasLines, type LineTaker, type ScannedLine } from './line-scan.ts'

export type PassOptions = DiagnosisChoices & DecodingChoices & Pick<ReadOptions, 'signal'>

/** The figures and the findings. Rejects with a `Failure` if the recording cannot be read. */
export async function reportRecording(recording: Recording, options?: PassOptions): Promise<SessionReport> {
  const figures = new SessionFigures(recording.startedAt.getTime())
  const diagnosis = diagnosisOf(recording, options)
  await read(recording, [figures, diagnosis], options)
  return {
    startedAt: isoDate(recording.startedAt) ?? null,
    generator: recording.generator ?? GENERATOR,
    ...figures.report(),
    findings: diagnosis.findings().map(({ chart: _, ...finding }) => finding),
  }
}

/** The findings. Rejects with a `Failure` if the recording cannot be read, and with `CANCELLED`. */
export async function diagnoseRecording(
  recording: Recording,
  options?: PassOptions,
): Promise<SessionDiagnosis> {
  const diagnosis = diagnosisOf(recording, options)
  await read(recording, [diagnosis], options)
  return diagnosis
}

function diagnosisOf(recording: Recording, options?: PassOptions): SessionDiagnosis {
  return new SessionDiagnosis({ startedAt: () => recording.startedAt.getTime(), ...options })
}

/** Gives all events to the takers. Rejects with a `Failure` if the recording cannot be read, and with `CANCELLED`. */
async function read(
  recording: Recording,
  takers: readonly EventTaker[],
  { signal, ...choices }: PassOptions = {},
): Promise<void> {
  const pass = new SessionPass(takers, choices)
  if (hasLines(recording)) {
    await recording.scanLines(new PassedLines(pass), signal)
    return
  }
  for await (const batch of recording.events(signal === undefined ? {} : { signal }))
    for (const event of batch) {
      const loading = pass.add(event)
      if (loading !== undefined) await loading
    }
}

/** Gives lines to a pass: most messages by their bytes, all others as events. */
class PassedLines implements LineTaker {
  readonly measures = true
  readonly #pass: SessionPass
  readonly #message = new LineMessage()

  constructor(pass: SessionPass) {
    this.#pass = pass
  }

  line(line: ScannedLine): boolean | Promise<void> {
    const { head, bytes, to } = line
    const isMessage = head.type === 'message' && this.#pass.takesObjects(head.row.connection)
    if (isMessage && this.#message.take(line)) {
      this.#pass.addObject(this.#message)
      return true
    }
    return head.measure(to) && (this.#pass.add(eventOf(head, bytes, to)) ?? true)
  }

  event(event: RealtimeEvent): Promise<void> | undefined {
    return this.#pass.add(event)
  }
}
